"""The contract of a fusion: a frozen config with ``fuse``, its result, and a spec of its capabilities."""

from dataclasses import dataclass, field
from typing import ClassVar, Protocol

import numpy as np
import pandas as pd

from core.progress import Progress, silent
from core.registry import Spec


@dataclass(frozen=True, eq=False)
class Fused:
    """One representation of two modalities, with what explains it.

    Attributes
    ----------
    X : ndarray, shape=(n_tracks, d), float32
    text_weights : ndarray or None, shape=(n_tracks,)
        Weight of text per track, 0 to 1, for fusions that weight tracks individually; see
        :func:`core.fusion.standardise.weight_rows` for the share of energy that follows from it.
    terms : DataFrame or None
        What each track's weight was computed from: a row per track, a column per term.
    details : dict
        JSON values that describe the fit; see :mod:`core.messages.analysis.fusion_messages` for sentences.
    links : DataFrame or None
        The fused neighbour graph, for fusions that make one: positions ``first`` and ``second`` of two tracks
        and the ``weight`` of their link, a row per link.
    """

    X: np.ndarray
    text_weights: np.ndarray | None = None
    terms: pd.DataFrame | None = None
    details: dict = field(default_factory=dict)
    links: pd.DataFrame | None = None


class Fusion(Protocol):
    """Fuses two modalities into one representation."""

    name: ClassVar[str]

    def fuse(
        self,
        audio: np.ndarray,
        text: np.ndarray,
        audio_present: np.ndarray | None = None,
        text_present: np.ndarray | None = None,
        *,
        cues: pd.DataFrame | None = None,
        seed: int = 0,
        progress: Progress = silent,
    ) -> Fused:
        """Fuse two modalities of the same tracks.

        Parameters
        ----------
        audio, text : ndarray, shape=(n_tracks, d_audio) and (n_tracks, d_text)
        audio_present, text_present : ndarray of bool, shape=(n_tracks,), optional
            Which tracks have the modality; default all. Values in absent rows are ignored.
        cues : DataFrame, shape=(n_tracks, n_cues), optional
            In [0, 1], nan where unknown; 1 favours audio (see :mod:`core.cues.track_cues`).
        seed : int

        Returns
        -------
        Fused
            X of shape (n_tracks, d), float32.

        Raises
        ------
        ConfigError
            When shapes disagree or a present row is not finite.
        """


class TakesWeight(Protocol):
    """A fusion with one text weight for all tracks."""

    text_weight: float


@dataclass(frozen=True, kw_only=True)
class FusionSpec(Spec):
    """A fusion's capabilities.

    Attributes
    ----------
    takes_weight : bool
        It takes ``text_weight``, and is fast enough for a slider; the others determine weights themselves.
    wants_cues : bool
        It uses the cues of :mod:`core.cues.track_cues`.
    explains : bool
        It returns weights or details besides X, and depends on the seed.
    makes_graph : bool
        It may return a fused neighbour graph besides X.
    joint_latent_of : tuple of str
        Models whose joint latent it uses when both representations are the same checkpoint of one.
    """

    takes_weight: bool = False
    wants_cues: bool = False
    explains: bool = False
    makes_graph: bool = False
    joint_latent_of: tuple[str, ...] = ()

    def protocols(self) -> tuple[type, ...]:
        """Return the protocols that the config class must implement."""
        return (Fusion, TakesWeight) if self.takes_weight else (Fusion,)

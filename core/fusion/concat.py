"""Fusion by concatenation, as published."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.config import Config
from core.fusion.fuser import Fused
from core.fusion.standardise import check_same_tracks, standardise


@dataclass(frozen=True)
class Concat(Config):
    """Concatenate audio and text, each dimension standardised.

    Every dimension has the same weight, so a modality's weight is its number of dimensions: 32 audio and 16
    text dimensions mix squared distances as 2 : 1.

    References
    ----------
    Siddique, Hybrid Audio–Text Clustering for Music, section 3.2.5: [audio 32, text 16], standardised, 48-d.
    """

    name: ClassVar[str] = "concat"

    def fuse(
        self,
        audio: np.ndarray,
        text: np.ndarray,
        audio_present: np.ndarray | None = None,
        text_present: np.ndarray | None = None,
        **context,
    ) -> Fused:
        """Return [standardised audio, standardised text].

        Parameters are those of :class:`core.fusion.fuser.Fusion`.

        Returns
        -------
        Fused
            X of shape (n_tracks, d_audio + d_text), float32.
        """
        a = standardise(audio, audio_present, "audio")
        t = standardise(text, text_present, "text")
        check_same_tracks(a, t)
        return Fused(np.hstack([a, t]))

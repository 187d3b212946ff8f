"""What every clusterer is: a frozen config with ``fit``, and a spec that says what it can do."""

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np

from core.config import Config, setting
from core.registry import Spec


class Clusterer(Protocol):
    """Labels from vectors: one integer per track, -1 is noise, 0 the biggest cluster."""

    name: str
    deterministic: bool

    def fit(self, X: np.ndarray, seed: int = 0) -> np.ndarray: ...

    def note(self, n_tracks: int) -> str:
        """Return what a person should know of a run on so many tracks, or ""."""


class ClustersByK(Protocol):
    """A clusterer whose number of clusters is given; :mod:`core.scoring.choose_k` chooses one."""

    n_clusters: int

    def fit_each(
        self, X: np.ndarray, ks: Sequence[int], seed: int = 0
    ) -> Iterator[tuple[int, np.ndarray]]: ...


class SuggestsSettings(Protocol):
    """A clusterer with settings that the data suggest where they are None."""

    def suggest(self, X: np.ndarray) -> dict[str, float]: ...


@dataclass(frozen=True, kw_only=True)
class ClustererSpec(Spec):
    """A clusterer's facts.

    Attributes
    ----------
    takes_k : bool
        It takes the number of clusters, see :class:`ClustersByK`.
    deterministic : bool
        The seed has no effect.
    suggests : tuple of str
        Settings that may be None, and then are what the data suggest; pages start so, because a published
        value belongs to the scale of its paper's vectors.
    """

    shared: ClassVar[tuple[str, ...]] = ("deterministic",)

    takes_k: bool
    deterministic: bool
    suggests: tuple[str, ...] = ()

    def protocols(self) -> tuple[type, ...]:
        return (
            Clusterer,
            *([ClustersByK] if self.takes_k else []),
            *([SuggestsSettings] if self.suggests else []),
        )


@dataclass(frozen=True)
class KConfig(Config):
    """The config of a clusterer that takes the number of clusters."""

    n_clusters: int = setting(
        8,
        low=1,
        title="k",
        help="Number of clusters.",
        advanced=False,
    )

    def fit_each(self, X: np.ndarray, ks: Sequence[int], seed: int = 0) -> Iterator[tuple[int, np.ndarray]]:
        """Yield every k with its labels, one after the other."""
        for k in ks:
            yield k, dataclasses.replace(self, n_clusters=k).fit(X, seed)

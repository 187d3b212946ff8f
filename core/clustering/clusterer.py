"""The contract of clusterers: protocols of the config classes, and the registry's spec."""

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np

from core.config import Config, setting
from core.registry import Spec


class Clusterer(Protocol):
    """A clustering algorithm with its parameters, as a frozen config."""

    name: ClassVar[str]
    deterministic: ClassVar[bool]

    def fit(self, X: np.ndarray, seed: int = 0) -> np.ndarray:
        """Return one integer per track, shape=(n_tracks,): 0 is the largest cluster, -1 is noise."""

    def note(self, n_tracks: int) -> str:
        """Return a remark on a run of this size for the user, or ""."""


class TakesK(Protocol):
    """A clusterer with a given number of clusters; :mod:`core.scoring.choose_k` chooses one."""

    n_clusters: int

    def fit_each(self, X: np.ndarray, ks: Sequence[int], seed: int = 0) -> Iterator[tuple[int, np.ndarray]]:
        """Yield every k with its labels."""


class SuggestsParameters(Protocol):
    """A clusterer that estimates parameters from the data where they are None."""

    def suggest(self, X: np.ndarray) -> dict[str, float]:
        """Return the estimated parameters by name."""


@dataclass(frozen=True, kw_only=True)
class ClustererSpec(Spec):
    """The registry entry of a clusterer.

    Attributes
    ----------
    takes_k : bool
        Whether it takes the number of clusters, see :class:`TakesK`.
    deterministic : bool
        Whether the seed has no effect.
    suggests : tuple of str
        Parameters that may be None and are then estimated from the data. Pages start with None, because a
        published value depends on the scale of its paper's vectors.
    """

    shared: ClassVar[tuple[str, ...]] = ("deterministic",)

    takes_k: bool
    deterministic: bool
    suggests: tuple[str, ...] = ()

    def protocols(self) -> tuple[type, ...]:
        """Return the protocols that the class must meet."""
        return (
            Clusterer,
            *([TakesK] if self.takes_k else []),
            *([SuggestsParameters] if self.suggests else []),
        )


@dataclass(frozen=True)
class KConfig(Config):
    """Base config of a clusterer that takes the number of clusters."""

    n_clusters: int = setting(
        8,
        low=1,
        title="k",
        help="Number of clusters.",
        advanced=False,
    )

    def fit(self, X: np.ndarray, seed: int = 0) -> np.ndarray:
        """Return one cluster per track, largest first."""
        raise NotImplementedError

    def note(self, n_tracks: int) -> str:
        """Return a remark on a run of this size for the user, or ""."""
        return ""

    def fit_each(self, X: np.ndarray, ks: Sequence[int], seed: int = 0) -> Iterator[tuple[int, np.ndarray]]:
        """Yield every k with its labels."""
        for k in ks:
            yield k, dataclasses.replace(self, n_clusters=k).fit(X, seed)

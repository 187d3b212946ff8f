"""The contract of clusterers: the base of their configs, validation of the input, and the registry's spec."""

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np
import pandas as pd

from core.config import Config, setting
from core.errors import ConfigError
from core.registry import Spec


@dataclass(frozen=True)
class Clusterer(Config, ABC):
    """A clustering algorithm with its parameters, as a frozen config.

    Attributes
    ----------
    deterministic : bool
        Whether the seed has no effect.
    max_tracks : int or inf
        More are refused.
    instead : str
        What to use for more.
    """

    name: ClassVar[str]
    deterministic: ClassVar[bool]
    max_tracks: ClassVar[float] = np.inf
    instead: ClassVar[str] = "kmeans or gmm"

    def fit(self, X: np.ndarray, seed: int = 0) -> np.ndarray:
        """Return one cluster per track.

        Parameters
        ----------
        X : ndarray, shape=(n_tracks, n_features)
        seed : int

        Returns
        -------
        ndarray of int, shape=(n_tracks,)
            0 is the largest cluster, -1 is noise.

        Raises
        ------
        ConfigError
            When ``X`` is empty or not finite, or the algorithm doesn't support this many tracks or features.
        """
        return relabel_by_size(self.assign(self.check(X), seed))

    def on(self, links: pd.DataFrame | None) -> "Clusterer":
        """Return the clusterer of a neighbour graph (see :class:`core.fusion.fuser.Fused`) besides X.

        It is the same clusterer unless it clusters graphs.
        """
        return self

    def check(self, X: np.ndarray) -> np.ndarray:
        """Return ``X`` as float64; refuse what can't be clustered."""
        self.check_size(len(X))
        return check_features(X)

    def check_size(self, n_tracks: int) -> None:
        """Raise ConfigError for more tracks than the algorithm can cluster; name the next best."""
        if n_tracks > self.max_tracks:
            raise ConfigError(
                f"cluster={self.name} supports up to {self.max_tracks:,} tracks, not {n_tracks:,}: its time "
                f"and memory grow with their square or faster. Use {self.instead} instead"
            )

    @abstractmethod
    def assign(self, X: np.ndarray, seed: int) -> np.ndarray:
        """Return one integer per track of checked features, shape=(n_tracks,); -1 is noise."""


@dataclass(frozen=True)
class KConfig(Clusterer):
    """A clusterer with a given number of clusters; :mod:`core.scoring.choose_k` chooses one.

    ``fit`` raises a ConfigError, too, when there are fewer different tracks than clusters.
    """

    n_clusters: int = setting(
        8,
        low=1,
        title="k",
        help="Number of clusters.",
        advanced=False,
    )

    def check(self, X: np.ndarray) -> np.ndarray:
        """Return ``X`` as float64; refuse what can't be clustered."""
        self.check_size(len(X))
        return check_features(X, self.n_clusters)

    def fit_each(self, X: np.ndarray, ks: Sequence[int], seed: int = 0) -> Iterator[tuple[int, np.ndarray]]:
        """Yield every k with its labels."""
        for k in ks:
            yield k, dataclasses.replace(self, n_clusters=k).fit(X, seed)


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
        Whether it takes the number of clusters, see :class:`KConfig`.
    suggests : tuple of str
        Parameters that may be None and are then estimated from the data. Pages start with None, because a
        published value depends on the scale of its paper's vectors.
    k_setting : str
        The parameter that asks for a number of clusters, where the algorithm determines it otherwise.
    """

    takes_k: bool
    suggests: tuple[str, ...] = ()
    k_setting: str = ""

    def protocols(self) -> tuple[type, ...]:
        """Return the protocols that the class must meet."""
        return (KConfig if self.takes_k else Clusterer, *([SuggestsParameters] if self.suggests else []))


def check_features(X: np.ndarray, n_clusters: int | None = None) -> np.ndarray:
    """Return ``X`` as float64; refuse what can't be clustered.

    Parameters
    ----------
    X : ndarray, shape=(n_tracks, n_features)
    n_clusters : int, optional
        Number of clusters, where the algorithm needs as many different tracks.

    Raises
    ------
    ConfigError
        When there are no tracks or features, NaN or infinity, or fewer different tracks than clusters.
    """
    X = np.asarray(X, dtype=np.float64)
    if X.ndim != 2:
        raise ConfigError(f"X must have shape (n_tracks, n_features), not {X.shape}")
    if not len(X):
        raise ConfigError("there are no tracks to cluster")
    if not X.shape[1]:
        raise ConfigError("the tracks have no features to cluster by")
    bad = int((~np.isfinite(X)).any(axis=1).sum())
    if bad:
        raise ConfigError(
            f"{bad} of {len(X)} tracks hold NaN or infinity; did a feature extractor fail on them?"
        )
    if n_clusters is not None:
        if n_clusters > len(X):
            raise ConfigError(
                f"n_clusters={n_clusters} asks for more clusters than there are tracks ({len(X)})"
            )
        n_distinct = count_distinct_rows(X, n_clusters)
        if n_distinct < n_clusters:
            raise ConfigError(
                f"n_clusters={n_clusters} asks for more clusters than there are different tracks "
                f"({n_distinct} of {len(X)}); are most of them duplicates, or is a feature constant?"
            )
    return X


def count_distinct_rows(X: np.ndarray, enough: int) -> int:
    """Return the number of distinct rows, or a lower bound of at least ``enough``, which is cheaper."""
    projected = X @ np.random.default_rng(0).normal(size=X.shape[1])  # distinct here, distinct in X
    lower_bound = len(np.unique(np.round(projected / (np.abs(projected).max() or 1.0), 9)))
    return lower_bound if lower_bound >= enough else len(np.unique(X, axis=0))


def relabel_by_size(labels: np.ndarray) -> np.ndarray:
    """Renumber clusters by size: 0 is the largest, ties in order of first track; noise (-1) stays.

    Numbers, and with them colours, then depend on the clusters alone and not on the algorithm's numbering.
    """
    labels = np.asarray(labels, dtype=np.int64)
    names, first, inverse, counts = np.unique(
        labels, return_index=True, return_inverse=True, return_counts=True
    )
    rank = np.full(len(names), -1)
    clusters = [i for i in np.lexsort((first, -counts)) if names[i] != -1]
    rank[clusters] = np.arange(len(clusters))
    return rank[inverse]

"""Agglomerative clustering by Ward's criterion."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.clustering.choose_k import settle_k
from core.clustering.labels import by_size, check_count, check_rows
from core.errors import ConfigError


@dataclass(frozen=True)
class Ward:
    """Merge the two clusters whose union widens the spread within least, until ``n_clusters`` are left.

    Attributes
    ----------
    n_clusters : int or None
        None lets Silhouette choose among 2 … 10 (one tree, cut at every k).

    References
    ----------
    Ward (1963); nearest-neighbour chain of Müllner (2011). k: Siddique, Hybrid Audio–Text Clustering for Music,
    section 3.2.6.
    """

    name: ClassVar[str] = "ward"
    title: ClassVar[str] = "Ward (agglomerative)"
    description: ClassVar[str] = (
        "Merges the nearest groups step by step; groups may differ in size, every track belongs to one."
    )
    paper: ClassVar[str] = "Ward 1963, Hierarchical grouping to optimize an objective function"
    deterministic: ClassVar[bool] = True
    takes_k: ClassVar[bool] = True
    most_tracks: ClassVar[int] = 20_000

    n_clusters: int | None = 8

    def __post_init__(self):
        check_count("n_clusters", self.n_clusters, none_allowed=True)

    def note(self, n_tracks: int) -> str:
        """Return what a person should know of this run, or ""."""
        return ""

    def fit(self, X: np.ndarray, seed: int = 0) -> np.ndarray:
        """Return one cluster per track, biggest first; ``seed`` has no effect.

        Parameters
        ----------
        X : ndarray, shape=(n_tracks, n_features)

        Returns
        -------
        ndarray of int, shape=(n_tracks,)

        Raises
        ------
        ConfigError
            Above 20,000 tracks (all distances must fit in memory), with fewer different tracks than clusters,
            or when ``X`` is not finite.
        """
        k = settle_k(X, self, seed).n_clusters
        return self.fit_each(X, [k])[k]

    def fit_each(self, X: np.ndarray, ks: Sequence[int]) -> dict[int, np.ndarray]:
        """Build the tree once and cut it at every k."""
        from scipy.cluster.hierarchy import linkage

        if len(X) > self.most_tracks:
            raise ConfigError(
                f"Ward keeps the distances of all pairs in memory and stops at {self.most_tracks:,} tracks; "
                f"here are {len(X):,}. K-Means or a Gaussian mixture can take them"
            )
        X = check_rows(X, max(ks))
        if len(X) == 1:
            return {k: np.zeros(1, dtype=np.int64) for k in ks}
        merges = linkage(X, "ward")[:, :2].astype(np.int64)
        return {k: by_size(_cut(merges, k)) for k in ks}


def _cut(merges: np.ndarray, n_clusters: int) -> np.ndarray:
    """Do all merges but the last ``n_clusters − 1``: what hangs together then is a cluster."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    n = len(merges) + 1
    done = merges[: n - n_clusters]
    parents = np.repeat(np.arange(n, n + len(done)), 2)
    edges = (np.ones(len(parents)), (parents, done.reshape(-1)))
    return connected_components(coo_array(edges, shape=(2 * n - 1, 2 * n - 1)), directed=False)[1][:n]

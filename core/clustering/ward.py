"""Agglomerative clustering by Ward's criterion."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from core.clustering.clusterer import KConfig, relabel_by_size


@dataclass(frozen=True)
class Ward(KConfig):
    """Merge the two clusters whose union increases the variance least, until ``n_clusters`` are left.

    References
    ----------
    Ward (1963); nearest-neighbour chain of Müllner (2011). k: Siddique, Hybrid Audio–Text Clustering for
    Music, section 3.2.6.
    """

    name: ClassVar[str] = "ward"
    deterministic: ClassVar[bool] = True
    max_tracks: ClassVar[float] = 20_000

    def assign(self, X: np.ndarray, seed: int) -> np.ndarray:
        """Return one cluster per track."""
        return dict(self.fit_each(X, [self.n_clusters]))[self.n_clusters]

    def fit_each(self, X: np.ndarray, ks: Sequence[int], seed: int = 0) -> Iterator[tuple[int, np.ndarray]]:
        """Build the tree once and yield every k with the labels of its cut; ``seed`` has no effect."""
        from scipy.cluster.hierarchy import linkage

        X = replace(self, n_clusters=max(ks)).check(X)
        if len(X) == 1:
            yield from ((k, np.zeros(1, dtype=np.int64)) for k in ks)
            return
        merges = linkage(X, "ward")[:, :2].astype(np.int64)
        for k in ks:
            yield k, relabel_by_size(_cut(merges, k))


def _cut(merges: np.ndarray, n_clusters: int) -> np.ndarray:
    """Return labels after all merges but the last ``n_clusters − 1``: the connected components."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    n = len(merges) + 1
    done = merges[: n - n_clusters]
    parents = np.repeat(np.arange(n, n + len(done)), 2)
    edges = (np.ones(len(parents)), (parents, done.reshape(-1)))
    return connected_components(coo_array(edges, shape=(2 * n - 1, 2 * n - 1)), directed=False)[1][:n]

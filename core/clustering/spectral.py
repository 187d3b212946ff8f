"""Spectral clustering of the nearest-neighbour graph."""

import warnings
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.clustering.clusterer import KConfig
from core.config import setting


@dataclass(frozen=True)
class Spectral(KConfig):
    """Partition the nearest-neighbour graph by the leading eigenvectors of its Laplacian.

    References
    ----------
    Ng, Jordan & Weiss (2001); von Luxburg (2007), A tutorial on spectral clustering.
    """

    name: ClassVar[str] = "spectral"
    deterministic: ClassVar[bool] = False
    max_tracks: ClassVar[float] = 20_000
    instead: ClassVar[str] = "leiden (clusters of any shape, too) or kmeans"

    n_neighbors: int = setting(
        10,
        low=1,
        title="Neighbours",
        help="Edges per track in the graph of nearest neighbours; fewer where there are fewer tracks.",
    )

    def assign(self, X: np.ndarray, seed: int) -> np.ndarray:
        """Return one cluster per track."""
        from sklearn.cluster import SpectralClustering

        if self.n_clusters in (1, len(X)):
            return np.arange(len(X)) % self.n_clusters
        model = SpectralClustering(
            self.n_clusters,
            affinity="nearest_neighbors",
            n_neighbors=min(self.n_neighbors, len(X)),
            random_state=seed,
        )
        with warnings.catch_warnings():
            # A disconnected graph is normal for well separated clusters.
            warnings.filterwarnings("ignore", message="Graph is not fully connected")
            return model.fit_predict(X)

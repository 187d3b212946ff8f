"""Spectral clustering of the nearest-neighbour graph."""

import warnings
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.clustering.clusterer import KConfig
from core.clustering.validation import check_features, relabel_by_size
from core.config import setting
from core.errors import ConfigError


@dataclass(frozen=True)
class Spectral(KConfig):
    """Partition the nearest-neighbour graph by the leading eigenvectors of its Laplacian.

    References
    ----------
    Ng, Jordan & Weiss (2001); von Luxburg (2007), A tutorial on spectral clustering.
    """

    name: ClassVar[str] = "spectral"
    deterministic: ClassVar[bool] = False
    max_tracks: ClassVar[int] = 20_000

    n_neighbors: int = setting(
        10,
        low=1,
        title="Neighbours",
        help="Edges per track in the graph of nearest neighbours; fewer where there are fewer tracks.",
    )

    def fit(self, X: np.ndarray, seed: int = 0) -> np.ndarray:
        """Return one cluster per track, largest first; the same seed gives the same labels.

        Parameters
        ----------
        X : ndarray, shape=(n_tracks, n_features)
        seed : int

        Returns
        -------
        ndarray of int, shape=(n_tracks,)

        Raises
        ------
        ConfigError
            Above 20,000 tracks, with fewer different tracks than clusters, or when ``X`` is not finite.
        """
        if len(X) > self.max_tracks:
            raise ConfigError(
                f"spectral clustering supports up to {self.max_tracks:,} tracks, not {len(X):,}: its "
                "eigenvectors take too long"
            )
        from sklearn.cluster import SpectralClustering

        X = check_features(X, self.n_clusters)
        if self.n_clusters in (1, len(X)):
            return np.arange(len(X)) if self.n_clusters > 1 else np.zeros(len(X), dtype=np.int64)
        model = SpectralClustering(
            self.n_clusters,
            affinity="nearest_neighbors",
            n_neighbors=min(self.n_neighbors, len(X)),
            random_state=seed,
        )
        with warnings.catch_warnings():
            # A disconnected graph is normal for well separated clusters.
            warnings.filterwarnings("ignore", message="Graph is not fully connected")
            return relabel_by_size(model.fit_predict(X))

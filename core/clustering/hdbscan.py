"""HDBSCAN."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.clustering.clusterer import Clusterer
from core.config import setting


@dataclass(frozen=True)
class HDBSCAN(Clusterer):
    """Find dense regions over all radii and select the most persistent; the rest is noise (-1).

    References
    ----------
    Campello, Moulavi & Sander (2013); McInnes & Healy (2017).
    """

    name: ClassVar[str] = "hdbscan"
    deterministic: ClassVar[bool] = True
    max_tracks: ClassVar[float] = 100_000
    instead: ClassVar[str] = "leiden (clusters of any shape, too) or kmeans"
    slow_above: ClassVar[int] = 20_000

    min_cluster_size: int = setting(
        5,
        low=2,
        title="Minimum cluster size",
        advanced=False,
        help="Regions of fewer tracks than this are noise.",
    )
    min_samples: int | None = setting(
        None,
        low=1,
        title="Minimum neighbours",
        advanced=False,
        help="Neighbours that the density estimate uses; fewer leave less noise. None: the minimum cluster "
        "size.",
    )

    def assign(self, X: np.ndarray, seed: int) -> np.ndarray:
        """Return -1 for all with fewer tracks than a cluster needs, 0 for all where all tracks are equal."""
        from sklearn.cluster import HDBSCAN as SklearnHDBSCAN

        if len(X) < max(self.min_cluster_size, self.min_samples or 1):
            return np.full(len(X), -1)
        if not np.ptp(X, axis=0).any():
            return np.zeros(len(X), dtype=np.int64)
        model = SklearnHDBSCAN(
            min_cluster_size=self.min_cluster_size, min_samples=self.min_samples, copy=True
        )
        return model.fit_predict(X)

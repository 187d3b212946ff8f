"""K-means."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.clustering.clusterer import KConfig
from core.config import setting


@dataclass(frozen=True)
class KMeans(KConfig):
    """Assign each track to the nearest of ``n_clusters`` centroids that minimise the inertia.

    References
    ----------
    Lloyd (1982); k-means++ initialisation of Arthur & Vassilvitskii (2007); mini-batches of Sculley (2010).
    k and ``n_init``: Siddique, Hybrid Audio–Text Clustering for Music, section 3.2.6.
    """

    name: ClassVar[str] = "kmeans"
    deterministic: ClassVar[bool] = False
    batch_above: ClassVar[int] = 20_000
    """Above this many tracks mini-batches are fitted."""
    sample_above: ClassVar[int] = 100_000
    """Above this many tracks a sample is fitted, and every track assigned to the nearest centroid."""
    n_sampled: ClassVar[int] = 50_000
    """Tracks of that sample; at least 100 for each cluster."""
    few_init: ClassVar[int] = 3
    """Most initialisations above ``batch_above``."""

    n_init: int = setting(
        10,
        low=1,
        title="Initialisations",
        help="Runs from different initial centroids; the one of the lowest inertia is used.",
    )

    def assign(self, X: np.ndarray, seed: int) -> np.ndarray:
        """Return one cluster per track."""
        from sklearn.cluster import KMeans as SklearnKMeans
        from sklearn.cluster import MiniBatchKMeans

        few = min(self.n_init, self.few_init)
        n_sampled = max(self.n_sampled, 100 * self.n_clusters)
        if len(X) <= self.batch_above:
            return SklearnKMeans(self.n_clusters, n_init=self.n_init, random_state=seed).fit_predict(X)
        if len(X) <= max(self.sample_above, n_sampled):
            return MiniBatchKMeans(self.n_clusters, n_init=few, random_state=seed).fit_predict(X)
        rows = np.random.default_rng(seed).choice(len(X), n_sampled, replace=False)
        return SklearnKMeans(self.n_clusters, n_init=few, random_state=seed).fit(X[rows]).predict(X)

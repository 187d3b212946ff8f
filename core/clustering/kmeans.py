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

        if len(X) > self.batch_above:
            model = MiniBatchKMeans(self.n_clusters, n_init=min(self.n_init, 3), random_state=seed)
        else:
            model = SklearnKMeans(self.n_clusters, n_init=self.n_init, random_state=seed)
        return model.fit_predict(X)

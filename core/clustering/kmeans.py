"""K-Means."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.clustering.choose_k import settle_k
from core.clustering.labels import by_size, check_count, check_rows


@dataclass(frozen=True)
class KMeans:
    """Group tracks around ``n_clusters`` centres, each track with the nearest.

    Attributes
    ----------
    n_clusters : int or None
        None lets Silhouette choose among 2 … 10.
    n_init : int
        Runs from different starts, of which the tightest is kept.

    References
    ----------
    Lloyd (1982); k-means++ start of Arthur & Vassilvitskii (2007); mini-batches of Sculley (2010). k and
    ``n_init``: Siddique, Hybrid Audio–Text Clustering for Music, section 3.2.6.
    """

    name: ClassVar[str] = "kmeans"
    title: ClassVar[str] = "K-Means"
    description: ClassVar[str] = (
        "Round groups of similar size around a given number of centres; every track belongs to one."
    )
    paper: ClassVar[str] = "Lloyd 1982, Least squares quantization in PCM"
    deterministic: ClassVar[bool] = False
    takes_k: ClassVar[bool] = True
    batch_above: ClassVar[int] = 20_000

    n_clusters: int | None = 8
    n_init: int = 10

    def __post_init__(self):
        check_count("n_clusters", self.n_clusters, none_allowed=True)
        check_count("n_init", self.n_init)

    def note(self, n_tracks: int) -> str:
        """Return what a person should know of this run, or ""."""
        if n_tracks > self.batch_above:
            return (
                f"above {self.batch_above:,} tracks K-Means runs on mini-batches, 3 starts: faster, slightly less tight"
            )
        return ""

    def fit(self, X: np.ndarray, seed: int = 0) -> np.ndarray:
        """Return one cluster per track, biggest first.

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
            When there are fewer different tracks than clusters, or ``X`` is not finite.
        """
        if self.n_clusters is None:
            return settle_k(X, self, seed).fit(X, seed)
        from sklearn.cluster import KMeans as Whole
        from sklearn.cluster import MiniBatchKMeans

        X = check_rows(X, self.n_clusters)
        if len(X) > self.batch_above:
            model = MiniBatchKMeans(self.n_clusters, n_init=min(self.n_init, 3), random_state=seed)
        else:
            model = Whole(self.n_clusters, n_init=self.n_init, random_state=seed)
        return by_size(model.fit_predict(X))

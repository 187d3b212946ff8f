"""DBSCAN, and an estimate of its radius."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.clustering.clusterer import Clusterer, check_features
from core.config import setting


@dataclass(frozen=True)
class DBSCAN(Clusterer):
    """Join tracks in dense regions; tracks outside dense regions are noise (-1).

    References
    ----------
    Ester, Kriegel, Sander & Xu (1996). Values: Siddique, Hybrid Audio–Text Clustering for Music,
    section 3.2.6.
    """

    name: ClassVar[str] = "dbscan"
    deterministic: ClassVar[bool] = True
    max_tracks: ClassVar[float] = 100_000
    instead: ClassVar[str] = "leiden (clusters of any shape, too) or kmeans"

    eps: float | None = setting(
        1.5,
        above=0,
        title="Radius",
        advanced=False,
        help="Maximum distance between neighbours (eps), in the units of the representation; none: the knee "
        "of the sorted neighbour distances. The default is published (Siddique, section 3.2.6) and depends "
        "on the scale of its paper's features.",
    )
    min_samples: int = setting(
        5,
        low=1,
        title="Minimum neighbours",
        advanced=False,
        help="Tracks within the radius, itself included, that make a track a core point; a higher value "
        "leaves more noise.",
    )

    def assign(self, X: np.ndarray, seed: int) -> np.ndarray:
        """Return one cluster per track."""
        from sklearn.cluster import DBSCAN as SklearnDBSCAN

        eps = self.suggest(X)["eps"] if self.eps is None else self.eps
        return SklearnDBSCAN(eps=eps, min_samples=self.min_samples).fit_predict(X)

    def suggest(self, X: np.ndarray) -> dict[str, float]:
        """Return ``eps``, the radius estimated by :func:`suggest_eps`."""
        return {"eps": suggest_eps(X, self.min_samples)}


def suggest_eps(X: np.ndarray, min_samples: int = 5, seed: int = 0, sample_size: int = 5_000) -> float:
    """Return the radius at the knee of the sorted distances to the ``min_samples``-th neighbour.

    Up to the knee a slightly larger radius includes many more tracks; beyond it a much larger one few. The
    knee is the point farthest below the chord from the first to the last distance.

    Parameters
    ----------
    X : ndarray, shape=(n_tracks, n_features)
    min_samples : int
        Counts the track itself, as in :class:`DBSCAN`.
    seed, sample_size : int
        Above ``sample_size`` tracks only the distances of a sample (to all tracks) are used.

    Returns
    -------
    float
        A distance above 0; 1.0 where all tracks are equal, since any radius is valid.

    References
    ----------
    Ester et al. (1996), section 4.2 (the sorted k-dist graph); Satopää et al. (2011), Finding a "kneedle" in
    a haystack (distance from the chord).
    """
    from sklearn.neighbors import NearestNeighbors

    X = check_features(X)
    rows = X
    if len(X) > sample_size:
        rows = X[np.random.default_rng(seed).choice(len(X), sample_size, replace=False)]
    neighbours = NearestNeighbors(n_neighbors=min(min_samples, len(X))).fit(X)
    distances = np.sort(neighbours.kneighbors(rows)[0][:, -1])
    positive = distances[distances > 1e-12 * max(np.abs(X).max(), 1e-300)]
    if not len(positive):
        return 1.0
    span = positive[-1] - positive[0]
    if len(positive) < 3 or span <= 1e-9 * positive[-1]:
        return float(positive[-1] * (1 + 1e-9))  # the radius is inclusive, but rounding may exclude it
    below = np.linspace(0, 1, len(positive)) - (positive - positive[0]) / span
    return float(positive[int(np.argmax(below))])

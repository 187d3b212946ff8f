"""From a representation to one integer per track.

A clusterer is a frozen dataclass with ``fit(X, seed) -> labels``; -1 is noise, 0 the biggest cluster. It says
``deterministic`` (the seed has no effect) and ``takes_k`` (it has ``n_clusters``, where None lets Silhouette
choose). A new one costs a file and a line in :data:`CLUSTERERS`.
"""

from core.clustering.choose_k import choose_k, needs_k, settle_k
from core.clustering.dbscan import DBSCAN, suggest_eps
from core.clustering.gmm import GaussianMixture
from core.clustering.hdbscan import HDBSCAN
from core.clustering.kmeans import KMeans
from core.clustering.labels import by_size
from core.clustering.spectral import Spectral
from core.clustering.ward import Ward
from core.errors import ConfigError

CLUSTERERS: dict[str, type] = {
    "kmeans": KMeans,
    "ward": Ward,
    "dbscan": DBSCAN,
    "hdbscan": HDBSCAN,
    "gmm": GaussianMixture,
    "spectral": Spectral,
}


def get_clusterer(name: str) -> type:
    """Return the clusterer's config class; an unknown name lists the valid ones."""
    if name not in CLUSTERERS:
        raise ConfigError(f"unknown clusterer {name!r}; choose from {', '.join(CLUSTERERS)}")
    return CLUSTERERS[name]


__all__ = [
    "CLUSTERERS", "DBSCAN", "GaussianMixture", "HDBSCAN", "KMeans", "Spectral", "Ward",
    "by_size", "choose_k", "get_clusterer", "needs_k", "settle_k", "suggest_eps",
]  # fmt: skip

"""Clustering algorithms: from a representation to one integer per track.

A clusterer is a frozen config in its own file that extends those of :mod:`core.clustering.clusterer`. A new
one needs that file and an entry here.
"""

from core.clustering.clusterer import ClustererSpec
from core.registry import find, register

CLUSTERERS: dict[str, ClustererSpec] = {}


@register(
    CLUSTERERS,
    ClustererSpec,
    name="kmeans",
    title="K-means",
    takes_k=True,
    help="Assigns every track to the nearest of k centroids, which minimise the squared distances within "
    "clusters.",
    source="Lloyd 1982, Least squares quantization in PCM",
)
def _kmeans():
    from core.clustering.kmeans import KMeans

    return KMeans


@register(
    CLUSTERERS,
    ClustererSpec,
    name="ward",
    title="Ward (agglomerative)",
    takes_k=True,
    help="Hierarchical clustering: merges the two clusters whose union increases the variance within least, "
    "until k are left.",
    source="Ward 1963, Hierarchical grouping to optimize an objective function",
)
def _ward():
    from core.clustering.ward import Ward

    return Ward


@register(
    CLUSTERERS,
    ClustererSpec,
    name="dbscan",
    title="DBSCAN",
    takes_k=False,
    suggests=("eps",),
    help="Finds dense regions of any shape, with one neighbourhood radius; tracks outside dense regions "
    "are noise.",
    source="Ester et al. 1996, A density-based algorithm for discovering clusters",
)
def _dbscan():
    from core.clustering.dbscan import DBSCAN

    return DBSCAN


@register(
    CLUSTERERS,
    ClustererSpec,
    name="hdbscan",
    title="HDBSCAN",
    takes_k=False,
    help="Finds dense regions of any shape and varying density; tracks outside them are noise.",
    source="Campello, Moulavi & Sander 2013, Density-based clustering based on hierarchical density "
    "estimates",
)
def _hdbscan():
    from core.clustering.hdbscan import HDBSCAN

    return HDBSCAN


@register(
    CLUSTERERS,
    ClustererSpec,
    name="gmm",
    title="Gaussian mixture",
    takes_k=True,
    help="Fits k normal distributions of different weight and covariance; every track is assigned to the "
    "most likely one.",
    source="Dempster, Laird & Rubin 1977, Maximum likelihood from incomplete data via the EM algorithm",
)
def _gmm():
    from core.clustering.gmm import GaussianMixture

    return GaussianMixture


@register(
    CLUSTERERS,
    ClustererSpec,
    name="spectral",
    title="Spectral clustering",
    takes_k=True,
    help="Partitions the nearest-neighbour graph into k parts by its leading eigenvectors; finds clusters "
    "that are not convex.",
    source="Ng, Jordan & Weiss 2001, On spectral clustering",
)
def _spectral():
    from core.clustering.spectral import Spectral

    return Spectral


@register(
    CLUSTERERS,
    ClustererSpec,
    name="leiden",
    title="Leiden",
    takes_k=False,
    k_setting="target_clusters",
    help="Partitions the nearest-neighbour graph into communities of high modularity; finds clusters that "
    "are not convex, and their number.",
    source="Traag, Waltman & van Eck 2019, From Louvain to Leiden: guaranteeing well-connected communities",
)
def _leiden():
    from core.clustering.leiden import Leiden

    return Leiden


def clusterer_spec(name: str) -> ClustererSpec:
    """Return a clusterer's spec without importing it; an unknown name lists the valid ones."""
    return find(CLUSTERERS, name, "clusterer")

"""Leiden community detection on the nearest-neighbour graph."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from core.clustering.clusterer import Clusterer
from core.config import setting
from core.neighbours import nearest_others

if TYPE_CHECKING:
    from scipy.sparse import csr_array

N_ITERATIONS = 10
"""Passes of the algorithm, each from the communities before; further ones change nothing in practice."""

LOWEST, HIGHEST = 1e-3, 1e3
"""Resolutions between which a target number of clusters is searched."""

N_STEPS = 30
"""Bisections of that range; its logarithm is then known to eight digits."""


@dataclass(frozen=True)
class Leiden(Clusterer):
    """Partition the nearest-neighbour graph into communities of high modularity.

    Two tracks are linked where one is among the k nearest neighbours of the other. With N(i) the k
    neighbours of track i and i itself, the weight of the link is the share of neighbours that both have,

        A_ij = |N(i) ∩ N(j)| / |N(i) ∪ N(j)| ,

    so links within dense regions outweigh those between. The communities maximise the modularity

        Q = 1 / 2m · Σ_ij (A_ij − γ · d_i · d_j / 2m) · [c_i = c_j]

    with degrees d, the sum of all weights m and the resolution γ. The number of clusters follows from the
    data and γ: at γ = 1 Q is the modularity of Newman & Girvan (2004), so 1 gives the communities of the
    highest. With a target number of clusters γ is searched by bisection, because a larger one gives more
    communities; where no γ gives that number, the nearest number is returned.

    The graph is built from the vectors that are clustered. After a fusion of neighbour graphs the fused graph
    takes its place, see :meth:`on`.

    References
    ----------
    Traag, Waltman & van Eck (2019). Weights: Levine et al. (2015), Data-driven phenotypic dissection of AML
    reveals progenitor-like cells that correlate with prognosis (PhenoGraph). Resolution: Reichardt &
    Bornholdt (2006), Statistical mechanics of community detection.
    """

    name: ClassVar[str] = "leiden"
    deterministic: ClassVar[bool] = False

    resolution: float = setting(
        1.0,
        low=LOWEST,
        high=HIGHEST,
        title="Resolution",
        advanced=False,
        help="Resolution γ of the modularity: higher values give more and smaller clusters; 1 is the usual "
        "modularity. Without effect where a target number of clusters is set.",
    )
    n_neighbors: int = setting(
        15,
        low=1,
        title="Neighbours",
        help="Nearest neighbours of a track to which it is linked; fewer where there are fewer tracks. More "
        "give fewer and larger clusters.",
    )
    target_clusters: int | None = setting(
        None,
        low=1,
        title="Target number of clusters",
        advanced=False,
        help="Searches the resolution that gives this many clusters, or the nearest number where none does.",
    )

    def assign(self, X: np.ndarray, seed: int) -> np.ndarray:
        """Return one community per track; one for all if all tracks are equal, noise for one track."""
        if len(X) == 1:
            return np.full(1, -1)
        if not np.ptp(X, axis=0).any():
            return np.zeros(len(X), dtype=np.int64)
        return self.partition(neighbour_graph(X, min(self.n_neighbors, len(X) - 1)), seed)

    def on(self, links: pd.DataFrame | None) -> Clusterer:
        """Return the clusterer of the fused neighbour graph with these links; itself if there is none."""
        return self if links is None else LeidenOnGraph(self, links)

    def partition(self, graph: "csr_array", seed: int) -> np.ndarray:
        """Return the community of each node of a symmetric weighted graph."""
        if self.target_clusters is None:
            return find_communities(graph, self.resolution, seed)
        return search_resolution(graph, self.target_clusters, seed)[1]


@dataclass(frozen=True, eq=False)
class LeidenOnGraph(Clusterer):
    """Leiden on a given graph in place of the neighbour graph of the vectors.

    Parameters
    ----------
    leiden : Leiden
    links : DataFrame
        Of the graph, see :class:`core.fusion.fuser.Fused`.
    """

    name: ClassVar[str] = "leiden"
    deterministic: ClassVar[bool] = False

    leiden: Leiden
    links: pd.DataFrame

    def assign(self, X: np.ndarray, seed: int) -> np.ndarray:
        """Return one community per track; X gives only their number."""
        from scipy.sparse import csr_array

        first, second = self.links["first"], self.links["second"]
        graph = csr_array((self.links["weight"], (first, second)), shape=(len(X), len(X)))
        return self.leiden.partition(csr_array(graph + graph.T), seed)


def neighbour_graph(X: np.ndarray, k: int) -> "csr_array":
    """Return the graph of shared nearest neighbours, see :class:`Leiden`.

    Parameters
    ----------
    X : ndarray, shape=(n_tracks, n_features)
    k : int
        Below n_tracks.

    Returns
    -------
    sparse array, shape=(n_tracks, n_tracks)
        Symmetric, weights in (0, 1], nothing on the diagonal.
    """
    from scipy.sparse import csr_array, eye_array

    n = len(X)
    near = nearest_others(X, np.arange(n), k).reshape(-1)
    links = csr_array((np.ones(n * k), near, np.arange(0, n * k + 1, k)), shape=(n, n))
    with_self = links + eye_array(n, format="csr")
    graph = csr_array(links.maximum(links.T) * (with_self @ with_self.T))  # neighbours in common
    graph.data /= 2 * (k + 1) - graph.data
    graph.sort_indices()
    return graph


def find_communities(graph: "csr_array", resolution: float, seed: int) -> np.ndarray:
    """Return the community of each node, shape=(n,)."""
    from graspologic_native import leiden_csr

    n = graph.shape[0]
    _, community_of = leiden_csr(
        graph.indptr.astype(np.int64),
        graph.indices.astype(np.int32),
        graph.data.astype(np.float64),
        n,
        resolution=resolution,
        iterations=N_ITERATIONS,
        seed=seed,
    )
    return np.array([community_of[node] for node in range(n)], dtype=np.int64)


def search_resolution(graph: "csr_array", n_clusters: int, seed: int) -> tuple[float, np.ndarray]:
    """Return a resolution of ``n_clusters`` communities, or the nearest number, and the communities."""
    low, high = np.log(LOWEST), np.log(HIGHEST)
    best: tuple[int, float, np.ndarray] | None = None
    for _ in range(N_STEPS):
        resolution = float(np.exp((low + high) / 2))
        labels = find_communities(graph, resolution, seed)
        n = len(np.unique(labels))
        if best is None or abs(n - n_clusters) < best[0]:
            best = abs(n - n_clusters), resolution, labels
        if n == n_clusters:
            break
        low, high = (np.log(resolution), high) if n < n_clusters else (low, np.log(resolution))
    assert best is not None
    return best[1], best[2]

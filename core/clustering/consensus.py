"""Consensus of several runs of a clusterer with different seeds, by evidence accumulation."""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import pandas as pd

from core.clustering.clusterer import Clusterer, KConfig, relabel_by_size
from core.config import setting
from core.progress import Progress, silent

MAX_CO_ASSOCIATION = 5_000
"""Largest number of tracks with a co-association matrix, which takes 100 MB at this size."""

LEAST_RUNS = 3
"""Fewest runs: with fewer their stability has no interval."""

MANY_SEEDS = 2**31
"""Seeds are below this."""


@dataclass(frozen=True)
class Consensus(Clusterer):
    """Cluster with several seeds, and again by how often two tracks were in one cluster.

    The co-association of two tracks is the share of runs in which they are in one cluster. The tracks are
    clustered by average linkage with 1 minus the co-association as the distance, and the tree is cut at the
    clusterer's k, or at the median number of clusters of the runs where it determines them itself.

    Above 5,000 tracks the consensus is the run with the highest mean ARI to the others.

    Parameters
    ----------
    clusterer : Clusterer
        The algorithm that is run; its result depends on the seed.

    References
    ----------
    Fred & Jain (2005), Combining multiple clusterings using evidence accumulation.
    """

    name: ClassVar[str] = "consensus"
    deterministic: ClassVar[bool] = False

    clusterer: Clusterer
    n_runs: int = setting(
        20,
        low=LEAST_RUNS,
        title="Seeds",
        help="Number of seeds; more give a more reliable consensus and take proportionally longer.",
    )

    def on(self, links: pd.DataFrame | None) -> "Consensus":
        """Return the consensus of runs on a neighbour graph, if the algorithm clusters graphs."""
        return replace(self, clusterer=self.clusterer.on(links))

    def check(self, X: np.ndarray) -> np.ndarray:
        """Return ``X`` as float64; refuse what the algorithm can't cluster."""
        return self.clusterer.check(X)

    def assign(self, X: np.ndarray, seed: int) -> np.ndarray:
        """Return one cluster per track."""
        return self.combine(self.fit_runs(X, seed))

    def fit_runs(self, X: np.ndarray, seed: int = 0, progress: Progress = silent) -> np.ndarray:
        """Return the clusters of each run, shape=(n_runs, n_tracks); different seeds share no run."""
        runs = []
        for run in range(self.n_runs):
            progress(run, self.n_runs, "clustering with other seeds")
            runs.append(self.clusterer.fit(X, (seed * self.n_runs + run) % MANY_SEEDS))
        return np.array(runs)

    def combine(self, runs: np.ndarray) -> np.ndarray:
        """Return the consensus of :meth:`fit_runs`, shape=(n_tracks,); 0 is the largest cluster."""
        if runs.shape[1] == 1 or (runs == runs[0]).all():
            return runs[0]
        if runs.shape[1] > MAX_CO_ASSOCIATION:
            return runs[most_similar_run(runs)]
        if isinstance(self.clusterer, KConfig):
            n_clusters = self.clusterer.n_clusters
        else:
            n_clusters = round(float(np.median([len(np.unique(run)) for run in runs])))
        return relabel_by_size(cut_average_linkage(co_association(runs), n_clusters))


def co_association(runs: np.ndarray) -> np.ndarray:
    """Return the share of runs in which two tracks are in one cluster, shape=(n_tracks, n_tracks).

    Parameters
    ----------
    runs : ndarray of int, shape=(n_runs, n_tracks)
        Noise (-1) is in one cluster with no other track.

    Returns
    -------
    ndarray, float32
        In [0, 1], 1 on the diagonal.
    """
    together = np.zeros((runs.shape[1], runs.shape[1]), np.float32)
    for labels in runs:
        together += (labels[:, None] == labels) & (labels >= 0)
    together /= len(runs)
    np.fill_diagonal(together, 1)
    return together


def cut_average_linkage(similarities: np.ndarray, n_clusters: int) -> np.ndarray:
    """Return the labels of ``n_clusters`` clusters by average linkage, shape=(n_tracks,)."""
    from scipy.cluster.hierarchy import cut_tree, linkage
    from scipy.spatial.distance import squareform

    tree = linkage(squareform(1 - similarities, checks=False), "average")
    return cut_tree(tree, n_clusters=min(n_clusters, len(similarities)))[:, 0]


def most_similar_run(runs: np.ndarray) -> int:
    """Return the position of the run with the highest mean ARI to the others, the first among equals."""
    return int(np.argmax(pairwise_adjusted_rand(runs).sum(axis=1)))


def pairwise_adjusted_rand(runs: np.ndarray) -> np.ndarray:
    """Return the ARI of each pair of runs, shape=(n_runs, n_runs), 1 on the diagonal; noise is a cluster."""
    from sklearn.metrics import adjusted_rand_score

    found = np.eye(len(runs))
    for i, first in enumerate(runs):
        for j in range(i):
            found[i, j] = found[j, i] = adjusted_rand_score(first, runs[j])
    return found

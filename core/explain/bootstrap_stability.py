"""Stability of clusters when the tracks are drawn anew: ARI of all, Jaccard index of each."""

from dataclasses import replace

import numpy as np
import pandas as pd

from core.clustering.clusterer import Clusterer
from core.clustering.consensus import Consensus
from core.errors import SongscapeError
from core.progress import Progress, silent
from core.scoring.metrics import adjusted_rand

N_BOOT = 50
N_CONTROL = 10
MOST_DRAWN = 20_000
"""Tracks that are drawn at most."""
STABLE, DISSOLVED = 0.75, 0.5
"""Mean Jaccard index from which a cluster is stable, and up to which it counts as dissolved (Hennig 2008)."""


def bootstrap_stability(
    X: np.ndarray,
    clusterer: Clusterer,
    labels: np.ndarray,
    *,
    links: pd.DataFrame | None = None,
    n_boot: int = N_BOOT,
    n_control: int = N_CONTROL,
    seed: int = 0,
    progress: Progress = silent,
) -> dict:
    """Cluster bootstrap samples of the tracks and compare the clusters with those of all tracks.

    A sample draws as many tracks as there are with replacement; tracks that are drawn again count once. A
    cluster's Jaccard index is that of its tracks in the sample and the most similar cluster of the sample.
    Of a consensus over seeds, the algorithm itself is run once per sample.

    Parameters
    ----------
    X : ndarray, shape=(n_tracks, n_features)
    clusterer : Clusterer
        With its k.
    labels : ndarray of int, shape=(n_tracks,)
        The clusters of all tracks, -1 is noise.
    links : DataFrame, optional
        The fused neighbour graph, for algorithms that cluster graphs.
    n_boot, n_control : int
        Samples, and samples of the control.

    Returns
    -------
    dict
        ``n_boot``, the samples that could be clustered; ``adjusted_rand`` with its ``interval``;
        ``clusters``, each ``cluster`` (from 0), ``jaccard`` (mean, 0 to 1), ``interval`` and ``verdict``
        ("stable" from 0.75, "dissolved" up to 0.5, else "pattern"). Intervals are those that 95 % of the
        samples lie in; values and intervals are None without samples. ``control``: the means of
        ``adjusted_rand`` and ``jaccard`` where each column of X is shuffled, so that there are no clusters to
        find.

    References
    ----------
    Hennig (2007), Cluster-wise assessment of cluster stability, section 3; Hennig (2008), Dissolution point
    and isolation robustness, for the thresholds.
    """
    clusterer = clusterer.clusterer if isinstance(clusterer, Consensus) else clusterer
    total = n_boot + n_control
    rng = np.random.default_rng(seed)
    found = _Replicates(labels)
    for run in range(n_boot):
        progress(run, total, "clustering bootstrap samples")
        found.add(X, clusterer, links, rng, seed + run)
    shuffled = np.column_stack([rng.permutation(column) for column in np.asarray(X).T])
    control = _cluster_control(shuffled, clusterer, seed) if n_control else None
    if control is not None:
        for run in range(n_control):
            progress(n_boot + run, total, "clustering shuffled data")
            control.add(shuffled, clusterer, None, rng, seed + run)
    return {
        "n_boot": len(found.ari),
        "adjusted_rand": _mean(found.ari),
        "interval": _spread(found.ari),
        "clusters": [
            {
                "cluster": c,
                "jaccard": _mean(values),
                "interval": _spread(values),
                "verdict": verdict_of(values),
            }
            for c, values in found.jaccard.items()
        ],
        "control": {
            "adjusted_rand": _mean(control.ari) if control else None,
            "jaccard": _mean([v for values in control.jaccard.values() for v in values]) if control else None,
        },
    }


def jaccard_of_clusters(labels: np.ndarray, found: np.ndarray) -> dict[int, float]:
    """Return the Jaccard index of each cluster and the most similar one of another clustering.

    >>> jaccard_of_clusters(np.array([0, 0, 0, 1, 1]), np.array([5, 5, 2, 2, 2]))
    {0: 0.6666666666666666, 1: 0.6666666666666666}
    """
    indices = {}
    others, sizes = np.unique(found[found >= 0], return_counts=True)
    for cluster in np.unique(labels[labels >= 0]):
        inside = labels == cluster
        shared = np.array([(inside & (found == other)).sum() for other in others])
        union = inside.sum() + sizes - shared
        indices[int(cluster)] = float((shared / union).max()) if len(others) else 0.0
    return indices


def verdict_of(values: list[float]) -> str | None:
    """Return "stable", "pattern" or "dissolved" for the Jaccard indices of a cluster, None without any."""
    mean = _mean(values)
    if mean is None:
        return None
    return "stable" if mean >= STABLE else "dissolved" if mean <= DISSOLVED else "pattern"


class _Replicates:
    """ARI and Jaccard indices over samples."""

    def __init__(self, labels: np.ndarray):
        self.labels = labels
        self.ari: list[float] = []
        self.jaccard: dict[int, list[float]] = {int(c): [] for c in np.unique(labels[labels >= 0])}

    def add(self, X, clusterer, links, rng: np.random.Generator, seed: int) -> None:
        """Draw one sample and compare its clusters; a sample that can't be clustered is left out."""
        n = len(X)
        drawn = np.unique(rng.integers(0, n, min(n, MOST_DRAWN)))
        try:
            found = clusterer.on(_links_among(links, drawn, n)).fit(X[drawn], seed=seed % 2**31)
        except SongscapeError:  # fewer different tracks than clusters
            return
        self.ari.append(float(adjusted_rand(self.labels[drawn].astype(str), found)))
        for cluster, index in jaccard_of_clusters(self.labels[drawn], found).items():
            self.jaccard[cluster].append(index)


def _cluster_control(X: np.ndarray, clusterer: Clusterer, seed: int) -> _Replicates | None:
    """Return the replicates of shuffled data, None where they can't be clustered."""
    clusterer = replace(clusterer)
    try:
        return _Replicates(clusterer.fit(X, seed=seed))
    except SongscapeError:
        return None


def _links_among(links: pd.DataFrame | None, drawn: np.ndarray, n: int) -> pd.DataFrame | None:
    """Return the links between drawn tracks, by their positions among these."""
    if links is None:
        return None
    place = np.full(n, -1)
    place[drawn] = np.arange(len(drawn))
    first, second = place[links["first"].to_numpy(int)], place[links["second"].to_numpy(int)]
    kept = (first >= 0) & (second >= 0)
    return pd.DataFrame(
        {"first": first[kept], "second": second[kept], "weight": links["weight"].to_numpy()[kept]}
    )


def _mean(values: list[float]) -> float | None:
    """Return the mean, None of nothing."""
    return float(np.mean(values)) if values else None


def _spread(values: list[float]) -> list[float] | None:
    """Return what 95 % of the values lie in, None of nothing."""
    return [float(end) for end in np.percentile(values, (2.5, 97.5))] if values else None

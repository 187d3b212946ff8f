"""Choice of the number of clusters by Silhouette."""

import math

import numpy as np

from core.clustering.clusterer import Clusterer, KConfig, check_features, count_distinct_rows
from core.errors import ConfigError
from core.progress import Progress, silent
from core.scoring.metrics import silhouette

K_RANGE = range(2, 11)
"""2 … 10, as in Siddique, Hybrid Audio–Text Clustering for Music, section 3.1.4."""

SAMPLE_SIZE = 5_000
"""Above this many tracks Silhouette is computed on one random sample of this size, the same for every k."""


def choose_k(
    X: np.ndarray, clusterer: Clusterer | KConfig, seed: int = 0, progress: Progress = silent
) -> tuple[int, dict[int, float]]:
    """Cluster with every k of 2 … 10 and return the k of the highest Silhouette.

    Parameters
    ----------
    X : ndarray, shape=(n_tracks, n_features)
    clusterer : KConfig
        Its ``n_clusters`` is replaced by each k in turn.
    seed : int
    progress : callable
        Called after each k.

    Returns
    -------
    k : int
        The smallest one among equals.
    silhouettes : dict of int → float
        Silhouette of every k tried, in [-1, 1]. Every k is below the number of different tracks.

    Raises
    ------
    ConfigError
        When the clusterer takes no k, or there are fewer than 3 different tracks.

    References
    ----------
    Rousseeuw (1987), section 4: the k of the largest average silhouette width. Range:
    Siddique, Hybrid Audio–Text Clustering for Music, section 3.1.4.
    """
    if not isinstance(clusterer, KConfig):
        raise ConfigError(f"{clusterer.name} determines the number of clusters itself; it takes no k")
    X = check_features(X)
    n_distinct = count_distinct_rows(X, K_RANGE.stop)
    ks = [k for k in K_RANGE if k < n_distinct]
    if not ks:
        raise ConfigError(
            f"choosing k by Silhouette needs 3 different tracks or more, and there are {n_distinct}"
        )
    silhouettes: dict[int, float] = {}
    for i, (k, labels) in enumerate(clusterer.fit_each(X, ks, seed)):
        value = silhouette(X, labels, seed, SAMPLE_SIZE)
        silhouettes[k] = value if math.isfinite(value) else -1.0
        progress(i + 1, len(ks), f"k = {k}", silhouette=silhouettes[k])
    return max(silhouettes, key=lambda k: silhouettes[k]), silhouettes

"""The number of clusters, chosen by Silhouette."""

import math

import numpy as np

from core.clustering.clusterer import KConfig
from core.clustering.validation import check_rows, count_different
from core.errors import ConfigError
from core.progress import Progress, silent
from core.scoring.metrics import silhouette

K_RANGE = range(2, 11)
"""2 … 10, as in Siddique, Hybrid Audio–Text Clustering for Music, section 3.1.4."""

SAMPLE = 5_000
"""Above this many tracks Silhouette compares the ks on one random sample of this size, the same for all of them."""


def choose_k(
    X: np.ndarray, clusterer, seed: int = 0, progress: Progress = silent
) -> tuple[int, dict[int, float]]:
    """Cluster with every k of 2 … 10 and return the one with the highest Silhouette.

    Parameters
    ----------
    X : ndarray, shape=(n_tracks, n_features)
    clusterer : a config that takes ``n_clusters``
        Everything but its ``n_clusters`` is kept.
    seed : int
    progress : callable
        Called after each k.

    Returns
    -------
    k : int
        The smallest one among equals.
    table : dict of int → float
        Silhouette of every k that was tried, in [-1, 1]. k stops below the number of different tracks.

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
        raise ConfigError(
            f"{clusterer.name} finds the number of clusters by itself, so there is none to choose"
        )
    X = check_rows(X)
    different = count_different(X, K_RANGE.stop)
    ks = [k for k in K_RANGE if k < different]
    if not ks:
        raise ConfigError(
            f"choosing k by Silhouette needs 3 different tracks or more, and there are {different}"
        )
    table = {}
    for done, (k, labels) in enumerate(clusterer.fit_each(X, ks, seed)):
        value = silhouette(X, labels, seed, SAMPLE)
        table[k] = value if math.isfinite(value) else -1.0
        progress(done + 1, len(ks), f"k = {k}", silhouette=table[k])
    return max(table, key=table.get), table

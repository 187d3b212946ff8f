"""Validation of a clusterer's input, and the numbering of its output by size."""

import numpy as np

from core.errors import ConfigError


def check_features(X: np.ndarray, n_clusters: int | None = None) -> np.ndarray:
    """Return ``X`` as float64; refuse what can't be clustered.

    Parameters
    ----------
    X : ndarray, shape=(n_tracks, n_features)
    n_clusters : int, optional
        Number of clusters, where the algorithm needs as many different tracks.

    Raises
    ------
    ConfigError
        When there are no tracks or features, NaN or infinity, or fewer different tracks than clusters.
    """
    X = np.asarray(X, dtype=np.float64)
    if X.ndim != 2:
        raise ConfigError(f"X must have shape (n_tracks, n_features), not {X.shape}")
    if not len(X):
        raise ConfigError("there are no tracks to cluster")
    if not X.shape[1]:
        raise ConfigError("the tracks have no features to cluster by")
    bad = int((~np.isfinite(X)).any(axis=1).sum())
    if bad:
        raise ConfigError(
            f"{bad} of {len(X)} tracks hold NaN or infinity; did a feature extractor fail on them?"
        )
    if n_clusters is not None:
        if n_clusters > len(X):
            raise ConfigError(
                f"n_clusters={n_clusters} asks for more clusters than there are tracks ({len(X)})"
            )
        n_distinct = count_distinct_rows(X, n_clusters)
        if n_distinct < n_clusters:
            raise ConfigError(
                f"n_clusters={n_clusters} asks for more clusters than there are different tracks "
                f"({n_distinct} of {len(X)}); are most of them duplicates, or is a feature constant?"
            )
    return X


def count_distinct_rows(X: np.ndarray, enough: int) -> int:
    """Return the number of distinct rows, or a lower bound of at least ``enough``, which is cheaper."""
    projected = X @ np.random.default_rng(0).normal(size=X.shape[1])  # distinct here, distinct in X
    lower_bound = len(np.unique(np.round(projected / (np.abs(projected).max() or 1.0), 9)))
    return lower_bound if lower_bound >= enough else len(np.unique(X, axis=0))


def relabel_by_size(labels: np.ndarray) -> np.ndarray:
    """Renumber clusters by size: 0 is the largest, ties in order of first track; noise (-1) stays.

    Numbers, and with them colours, then depend on the clusters alone and not on the algorithm's numbering.
    """
    labels = np.asarray(labels, dtype=np.int64)
    names, first, inverse, counts = np.unique(
        labels, return_index=True, return_inverse=True, return_counts=True
    )
    rank = np.full(len(names), -1)
    clusters = [i for i in np.lexsort((first, -counts)) if names[i] != -1]
    rank[clusters] = np.arange(len(clusters))
    return rank[inverse]

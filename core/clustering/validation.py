"""What every clusterer asks of its input and promises of its output."""

import numpy as np

from core.errors import ConfigError


def check_rows(X: np.ndarray, n_clusters: int | None = None) -> np.ndarray:
    """Return ``X`` as float64, or say why it can't be clustered.

    Parameters
    ----------
    X : ndarray, shape=(n_tracks, n_features)
    n_clusters : int, optional
        How many clusters are asked for, where the algorithm must fill them all.

    Raises
    ------
    ConfigError
        No tracks, NaN or infinity, fewer (different) tracks than clusters.
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
        different = count_different(X, n_clusters)
        if different < n_clusters:
            raise ConfigError(
                f"n_clusters={n_clusters} asks for more clusters than there are different tracks "
                f"({different} of {len(X)}); are most of them duplicates, or is a feature constant?"
            )
    return X


def count_different(X: np.ndarray, enough: int) -> int:
    """Count different rows; stops early, with a number of at least ``enough``, where that is plain to see."""
    shadow = X @ np.random.default_rng(0).normal(size=X.shape[1])  # rows that differ here do differ
    at_least = len(np.unique(np.round(shadow / (np.abs(shadow).max() or 1.0), 9)))
    return at_least if at_least >= enough else len(np.unique(X, axis=0))


def by_size(labels: np.ndarray) -> np.ndarray:
    """Renumber clusters by size: 0 is the biggest, ties go by first track; noise (-1) stays.

    So a cluster keeps its number and colour as long as the order of sizes does, whatever the algorithm called
    it.
    """
    labels = np.asarray(labels, dtype=np.int64)
    names, first, inverse, counts = np.unique(
        labels, return_index=True, return_inverse=True, return_counts=True
    )
    rank = np.full(len(names), -1)
    clusters = [i for i in np.lexsort((first, -counts)) if names[i] != -1]
    rank[clusters] = np.arange(len(clusters))
    return rank[inverse]

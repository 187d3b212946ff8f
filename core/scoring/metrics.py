"""Clustering metrics of one partition.

Task
    Tracks were grouped into clusters. *Internal* metrics measure how well separated the clusters are in the
    representation that was clustered; *external* metrics measure the agreement with labels that were
    withheld from the clusterer (genre, tradition, language …).

Conventions
    ``X`` is the representation that was clustered, shape (n_tracks, n_features), never the 2-D projection.
    ``labels`` holds one integer per track, -1 means noise. ``truth`` holds one string per track; "" and None
    mean unlabelled. Internal metrics leave noise out; external metrics count noise as one cluster and use
    labelled tracks only. An undefined metric is nan (:func:`core.scoring.evaluate` gives the reason).

Metrics
    Internal: :func:`silhouette`, :func:`davies_bouldin`, :func:`calinski_harabasz`. External: functions of
    the contingency table, in :mod:`core.scoring.contingency`; :func:`adjusted_rand` also of two partitions.
    :data:`core.scoring.metric_specs.METRICS` describes each.
"""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from core.errors import ConfigError
from core.scoring import contingency
from core.scoring.centroid_scores import centroid_scores

Truth = Sequence[object] | np.ndarray
"""One label per track; "", None and NaN mean unlabelled."""

SILHOUETTE_SAMPLE = 10_000
"""Above this many tracks Silhouette is computed on a sample of this size (equal to the third digit)."""


# Validation


def validate_internal(X: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return ``X`` and ``labels`` without noise, the labels as integers 0 … k − 1.

    Raises
    ------
    ConfigError
        When shapes don't match or ``X`` is not finite.
    """
    X, labels = np.asarray(X), _check_labels(labels)
    if X.ndim != 2:
        raise ConfigError(f"X must have shape (n_tracks, n_features), not {X.shape}")
    if len(X) != len(labels):
        raise ConfigError(
            f"{len(X)} tracks but {len(labels)} cluster labels; were they computed on another selection?"
        )
    if not np.isfinite(X).all():
        raise ConfigError("X holds NaN or infinity; did a feature extractor fail on some tracks?")
    clustered = labels != -1
    if not clustered.all():
        X, labels = X[clustered], labels[clustered]
    return X, np.unique(labels, return_inverse=True)[1]


def validate_external(truth: Truth, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return classes and clusters of the labelled tracks as integers from 0; noise is one more cluster.

    Raises
    ------
    ConfigError
        When lengths don't match.
    """
    labels = _check_labels(labels)
    if len(truth) != len(labels):
        raise ConfigError(
            f"{len(truth)} true labels but {len(labels)} cluster labels; do the rows belong together?"
        )
    mask = is_labelled(truth)
    names = np.array([str(value) for value, is_known in zip(truth, mask) if is_known], dtype=object)
    return pd.factorize(names, sort=True)[0], np.unique(labels[mask], return_inverse=True)[1]


def is_labelled(truth: Truth) -> np.ndarray:
    """Return the mask of labelled tracks: those whose label is not "", None or NaN."""
    return np.array([not (value is None or value == "" or value != value) for value in truth], dtype=bool)


def _check_labels(labels: np.ndarray) -> np.ndarray:
    """Return labels as int64; refuse anything but one integer per track."""
    labels = np.asarray(labels)
    if labels.ndim != 1 or not (labels.size == 0 or np.issubdtype(labels.dtype, np.integer)):
        raise ConfigError(
            f"cluster labels must be one integer per track, not {labels.dtype} of shape {labels.shape}"
        )
    return labels.astype(np.int64)


# Internal


def silhouette(X: np.ndarray, labels: np.ndarray, seed: int = 0, sample_size: int | None = None) -> float:
    """Return the mean over tracks of (b − a) / max(a, b).

    a is the mean distance to the other tracks of the same cluster, b that to the nearest other cluster; a
    cluster of one track counts 0.

    Parameters
    ----------
    X : ndarray, shape=(n_tracks, n_features)
    labels : ndarray of int, shape=(n_tracks,)
        Noise (-1) is left out.
    seed, sample_size : int
        Above ``sample_size`` tracks (:data:`SILHOUETTE_SAMPLE`) a random sample of them is scored.

    Returns
    -------
    float in [-1, 1]
        1 is best, -1 worst; nan with fewer than 2 clusters, or where every track is its own cluster.

    References
    ----------
    Rousseeuw (1987), equation 2.
    """
    return silhouette_of(*validate_internal(X, labels), seed, sample_size)


def silhouette_of(X: np.ndarray, labels: np.ndarray, seed: int, sample_size: int | None = None) -> float:
    """Return :func:`silhouette` of what :func:`validate_internal` returns."""
    from sklearn.metrics import silhouette_score

    sample_size = sample_size or SILHOUETTE_SAMPLE
    if len(X) > sample_size:
        chosen = np.random.default_rng(seed).choice(len(X), sample_size, replace=False)
        X, labels = X[chosen], labels[chosen]
    return (
        float(silhouette_score(X.astype(np.float64), labels)) if _has_valid_n_clusters(labels) else math.nan
    )


def davies_bouldin(X: np.ndarray, labels: np.ndarray) -> float:
    """Return the mean over clusters of the largest (s_i + s_j) / d_ij.

    s is the mean distance of a cluster's tracks to their centroid, d the distance between two centroids.

    Returns
    -------
    float
        0 is best, larger is worse; nan with fewer than 2 clusters, or where every track is its own cluster.

    References
    ----------
    Davies & Bouldin (1979).
    """
    return centroid_scores(*validate_internal(X, labels))["davies_bouldin"]


def calinski_harabasz(X: np.ndarray, labels: np.ndarray) -> float:
    """Return (B / (k − 1)) / (W / (n − k)), the variance between clusters over that within.

    Returns
    -------
    float
        Larger is better; infinite where every track equals its centroid; nan with fewer than 2 clusters,
        or where every track is its own cluster.

    References
    ----------
    Caliński & Harabasz (1974).
    """
    return centroid_scores(*validate_internal(X, labels))["calinski_harabasz"]


def _has_valid_n_clusters(labels: np.ndarray) -> bool:
    """Return whether there are 2 … n − 1 clusters."""
    return 2 <= len(np.unique(labels)) <= len(labels) - 1


# External


def adjusted_rand(truth: Truth, labels: np.ndarray) -> float:
    """Return the share of track pairs on which both partitions agree, corrected for chance.

    Returns
    -------
    float in [-0.5, 1]
        1 is best, 0 chance; nan without a labelled track.

    References
    ----------
    Hubert & Arabie (1985), equation 5.
    """
    classes, clusters = validate_external(truth, labels)
    if not len(classes):
        return math.nan
    return float(contingency.adjusted_rand(contingency.contingency_table(classes, clusters)))

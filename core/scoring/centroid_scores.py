"""Davies–Bouldin and Calinski–Harabasz from the centroids, in two passes over blocks of tracks."""

import math

import numpy as np

BLOCK = 1 << 16
"""Tracks per block, so that memory doesn't grow with their number."""


def centroid_scores(X: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    """Return ``davies_bouldin`` and ``calinski_harabasz`` of clusters, see :mod:`core.scoring.metrics`.

    Parameters
    ----------
    X : ndarray, shape=(n_tracks, n_features)
        Finite.
    labels : ndarray of int, shape=(n_tracks,)
        0 … k − 1, each occurs.

    Returns
    -------
    dict
        nan where there are fewer than 2 clusters, or as many as tracks.
    """
    n, k = len(X), int(labels.max(initial=-1)) + 1
    if not 2 <= k <= n - 1:
        return {"davies_bouldin": math.nan, "calinski_harabasz": math.nan}
    sizes = np.bincount(labels, minlength=k).astype(np.float64)
    grand = X.mean(axis=0, dtype=np.float64)
    centroids = _cluster_sums(X, labels, grand, k) / sizes[:, None]
    to_centroid, within, largest = np.zeros(k), np.zeros(k), 0.0
    for rows in _blocks(n):
        residual = X[rows] - grand - centroids[labels[rows]]
        squares = np.einsum("nd,nd->n", residual, residual)
        within += np.bincount(labels[rows], squares, minlength=k)
        to_centroid += np.bincount(labels[rows], np.sqrt(squares), minlength=k)
        largest = max(largest, float(np.abs(residual).max()))
    exists = np.ones((1, k), bool)
    between = float((sizes * np.square(centroids).sum(axis=1)).sum())
    is_on_centroids = largest <= 1e-12 * np.abs(X).max()
    return {
        "davies_bouldin": float(davies_bouldin_of(centroids[None], (to_centroid / sizes)[None], exists)[0]),
        "calinski_harabasz": math.inf
        if is_on_centroids
        else between * (n - k) / (float(within.sum()) * (k - 1)),
    }


def davies_bouldin_of(centroids: np.ndarray, scatter: np.ndarray, is_present: np.ndarray) -> np.ndarray:
    """Return the largest (s_i + s_j) / d_ij per cluster, averaged over the clusters of each clustering.

    Parameters
    ----------
    centroids : ndarray, shape=(n_clusterings, k, n_features)
    scatter : ndarray, shape=(n_clusterings, k)
        Mean distance of a cluster's tracks to its centroid.
    is_present : ndarray of bool, shape=(n_clusterings, k)

    Returns
    -------
    ndarray, shape=(n_clusterings,)
    """
    from scipy.spatial.distance import cdist

    gap = np.stack([cdist(each, each) for each in centroids])  # (B, k, k)
    similarity = np.divide(scatter[:, :, None] + scatter[:, None], gap, out=np.zeros_like(gap), where=gap > 0)
    similarity *= is_present[:, :, None] & is_present[:, None]
    return similarity.max(axis=2).sum(axis=1) / np.maximum(is_present.sum(axis=1), 1)


def _cluster_sums(X: np.ndarray, labels: np.ndarray, origin: np.ndarray, k: int) -> np.ndarray:
    """Return the sum of each cluster's rows less ``origin``, shape=(k, n_features)."""
    from scipy.sparse import csc_array

    sums = np.zeros((k, X.shape[1]))
    for rows in _blocks(len(X)):
        own = labels[rows]
        members = csc_array((np.ones(len(own)), own, np.arange(len(own) + 1)), shape=(k, len(own)))
        sums += members @ (X[rows] - origin)
    return sums


def _blocks(n: int) -> list[slice]:
    """Return the slices of the rows of each block."""
    return [slice(first, min(first + BLOCK, n)) for first in range(0, n, BLOCK)]

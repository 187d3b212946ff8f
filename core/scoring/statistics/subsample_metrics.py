"""Internal metrics of many subsamples at once, from one distance matrix and a few matrix products.

``masks`` of shape (n_subsamples, n_tracks) marks the tracks of each subsample; ``labels`` are integers from 0
without noise. Every metric has shape (n_subsamples,), nan where a subsample holds fewer than 2 clusters or
only clusters of one track. Each equals scikit-learn's metric of the subsample.
"""

import numpy as np

from core.scoring.centroid_scores import davies_bouldin_of


def distance_matrix(X: np.ndarray) -> np.ndarray:
    """Return the Euclidean distances between all rows, shape=(n_tracks, n_tracks), float32."""
    from sklearn.metrics import pairwise_distances

    return pairwise_distances(X).astype(np.float32)


def score_subsamples(
    X: np.ndarray, D: np.ndarray, labels: np.ndarray, masks: np.ndarray
) -> dict[str, np.ndarray]:
    """Return every internal metric of each subsample, by name.

    Parameters
    ----------
    X : ndarray, shape=(n_tracks, n_features)
    D : ndarray, shape=(n_tracks, n_tracks)
        From :func:`distance_matrix`.
    labels : ndarray of int, shape=(n_tracks,)
    masks : ndarray of bool, shape=(n_subsamples, n_tracks)
    """
    davies_bouldin, calinski_harabasz = centroid_metrics(X, labels, masks)
    return {
        "silhouette": silhouettes(D, labels, masks),
        "davies_bouldin": davies_bouldin,
        "calinski_harabasz": calinski_harabasz,
    }


def silhouettes(D: np.ndarray, labels: np.ndarray, masks: np.ndarray) -> np.ndarray:
    """Return Silhouette per subsample from the distance matrix ``D``."""
    n, k = len(D), int(labels.max()) + 1
    one_hot = np.eye(k, dtype=np.float32)[labels]  # (n, k)
    rows = np.arange(n)
    values = np.full(len(masks), np.nan)
    chunk = max(1, 1024 // k)
    for first in range(0, len(masks), chunk):
        batch = masks[first : first + chunk]  # (B, n)
        weights = batch.T[:, :, None] * one_hot[:, None]  # (n, B, k)
        # Sum of distances from each track to the sampled tracks of each cluster.
        total = (D @ weights.reshape(n, -1)).reshape(n, len(batch), k)
        for index, mask in enumerate(batch):
            size = weights[:, index].sum(axis=0)  # (k,)
            if not 2 <= (size > 0).sum() < mask.sum():
                continue
            to_own = total[rows, index, labels]
            a = to_own / np.maximum(size[labels] - 1, 1)
            to_other = np.where(size > 0, total[:, index] / np.maximum(size, 1), np.inf)
            to_other[rows, labels] = np.inf
            b = to_other.min(axis=1)
            width = np.where(size[labels] > 1, (b - a) / np.maximum(np.maximum(a, b), 1e-30), 0.0)
            values[first + index] = width[mask].mean()
    return values


def centroid_metrics(X: np.ndarray, labels: np.ndarray, masks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return Davies–Bouldin and Calinski–Harabasz per subsample."""
    X = X - X.mean(axis=0)
    sizes, centroids, scatter, within = _cluster_moments(X, labels, masks)
    is_present = sizes > 0
    n_sampled, n_clusters = masks.sum(axis=1), is_present.sum(axis=1)
    davies_bouldin = davies_bouldin_of(centroids, scatter, is_present)

    grand = (sizes[:, :, None] * centroids).sum(axis=1) / n_sampled[:, None]
    between = (sizes * ((centroids - grand[:, None]) ** 2).sum(axis=-1)).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        calinski_harabasz = between * (n_sampled - n_clusters) / (within.sum(axis=1) * (n_clusters - 1))
    valid = (n_clusters >= 2) & (n_clusters < n_sampled)
    return np.where(valid, davies_bouldin, np.nan), np.where(valid, calinski_harabasz, np.nan)


def _cluster_moments(
    X: np.ndarray, labels: np.ndarray, masks: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return sizes (B, k), centroids (B, k, d), mean distances and summed squares to them (B, k)."""
    k = int(labels.max()) + 1
    weights = masks.astype(np.float64)
    sizes = weights @ np.eye(k)[labels]
    centroids = np.zeros((len(masks), k, X.shape[1]))
    scatter, within = np.zeros_like(sizes), np.zeros_like(sizes)
    for cluster in range(k):
        is_member = labels == cluster
        rows, w = X[is_member], weights[:, is_member]  # (n_c, d), (B, n_c)
        n = np.maximum(sizes[:, cluster], 1)
        mean = (w @ rows) / n[:, None]  # (B, d)
        squared = np.maximum(
            (rows**2).sum(axis=1)[None] - 2 * mean @ rows.T + (mean**2).sum(axis=1)[:, None], 0
        )
        centroids[:, cluster] = mean
        within[:, cluster] = (w * squared).sum(axis=1)
        scatter[:, cluster] = (w * np.sqrt(squared)).sum(axis=1) / n
    return sizes, centroids, scatter, within

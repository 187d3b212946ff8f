"""Internal metrics of many subsamples at once, from one distance matrix and a few matrix products.

``kept`` of shape (n_subsamples, n_tracks) says which tracks a subsample holds; ``labels`` are integers from 0
without noise. Every function returns shape (n_subsamples,), nan where a subsample holds fewer than 2 clusters
or only clusters of one track.
Equal to scikit-learn's metric of each subsample (a test compares).
"""

import numpy as np


def silhouettes(D: np.ndarray, labels: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """Return Silhouette per subsample from all distances ``D``, shape (n_tracks, n_tracks), float32."""
    n, k = len(D), int(labels.max()) + 1
    member = np.eye(k, dtype=np.float32)[labels]  # (n, k)
    everyone = np.arange(n)
    values = np.full(len(kept), np.nan)
    chunk = max(1, 1024 // k)
    for first in range(0, len(kept), chunk):
        masks = kept[first : first + chunk]
        weights = masks.T[:, :, None] * member[:, None]  # (n, B, k)
        total = (D @ weights.reshape(n, -1)).reshape(
            n, len(masks), k
        )  # distance to each cluster's kept tracks
        for index, mask in enumerate(masks):
            size = weights[:, index].sum(axis=0)  # (k,)
            if not 2 <= (size > 0).sum() < mask.sum():
                continue
            to_own = total[everyone, index, labels]
            a = to_own / np.maximum(size[labels] - 1, 1)
            to_other = np.where(size > 0, total[:, index] / np.maximum(size, 1), np.inf)
            to_other[everyone, labels] = np.inf
            b = to_other.min(axis=1)
            width = np.where(size[labels] > 1, (b - a) / np.maximum(np.maximum(a, b), 1e-30), 0.0)
            values[first + index] = width[mask].mean()
    return values


def spreads(X: np.ndarray, labels: np.ndarray, kept: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return Davies–Bouldin and Calinski–Harabasz per subsample."""
    from scipy.spatial.distance import cdist

    k, n_kept = int(labels.max()) + 1, kept.sum(axis=1)
    X = X - X.mean(axis=0)
    weights = kept.astype(np.float64)
    size = weights @ np.eye(k)[labels]  # (B, k)
    centre = np.zeros((len(kept), k, X.shape[1]))
    width, within = np.zeros_like(size), np.zeros_like(size)
    for cluster in range(k):
        inside = labels == cluster
        rows, w = X[inside], weights[:, inside]  # (n_c, d), (B, n_c)
        norm = np.maximum(size[:, cluster], 1)
        mean = (w @ rows) / norm[:, None]  # (B, d)
        squared = np.maximum(
            (rows**2).sum(axis=1)[None] - 2 * mean @ rows.T + (mean**2).sum(axis=1)[:, None], 0
        )
        centre[:, cluster] = mean
        within[:, cluster] = (w * squared).sum(axis=1)
        width[:, cluster] = (w * np.sqrt(squared)).sum(axis=1) / norm
    there = size > 0
    n_clusters = there.sum(axis=1)

    gap = np.stack([cdist(each, each) for each in centre])  # (B, k, k)
    likeness = np.divide(width[:, :, None] + width[:, None], gap, out=np.zeros_like(gap), where=gap > 0)
    likeness *= there[:, :, None] & there[:, None]
    davies_bouldin = likeness.max(axis=2).sum(axis=1) / np.maximum(n_clusters, 1)

    grand = (size[:, :, None] * centre).sum(axis=1) / n_kept[:, None]
    between = (size * ((centre - grand[:, None]) ** 2).sum(axis=-1)).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        calinski_harabasz = between * (n_kept - n_clusters) / (within.sum(axis=1) * (n_clusters - 1))
    valid = (n_clusters >= 2) & (n_clusters < n_kept)
    return np.where(valid, davies_bouldin, np.nan), np.where(valid, calinski_harabasz, np.nan)

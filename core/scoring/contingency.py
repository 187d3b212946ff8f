"""External metrics as vectorised functions of contingency tables.

A contingency table counts tracks by (true label, cluster). Every external metric depends on it alone, so a
bootstrap over tracks needs a thousand tables and a few array operations, not a thousand passes over the
tracks. All functions take ``table`` of shape (…, n_classes, n_clusters), counts, and return shape (…).
"""

from collections.abc import Callable, Mapping

import numpy as np


def contingency_table(truth: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Count tracks by (class, cluster), given as integers from 0; shape=(n_classes, n_clusters)."""
    shape = (int(truth.max()) + 1, int(labels.max()) + 1) if len(truth) else (0, 0)
    return np.bincount(truth * shape[1] + labels, minlength=shape[0] * shape[1]).reshape(shape)


def adjusted_rand(table: np.ndarray) -> np.ndarray:
    """Return the ARI (Hubert & Arabie 1985, equation 5); 1 is best and for two trivial partitions."""
    both = _pairs(table).sum(axis=(-2, -1))
    of_class, of_cluster = _pairs(table.sum(axis=-1)).sum(axis=-1), _pairs(table.sum(axis=-2)).sum(axis=-1)
    n_pairs = _pairs(table.sum(axis=(-2, -1)))
    expected = np.divide(of_class * of_cluster, n_pairs, out=np.zeros_like(both), where=n_pairs > 0)
    span = (of_class + of_cluster) / 2 - expected
    return np.divide(both - expected, span, out=np.ones_like(both), where=span > 0)


def normalized_mutual_info(table: np.ndarray) -> np.ndarray:
    """Return I(truth; labels) / mean(H(truth), H(labels)), in [0, 1]; 1 where both entropies are zero."""
    of_class, of_cluster = _entropy(table.sum(axis=-1)), _entropy(table.sum(axis=-2))
    joint = _entropy(table.reshape(*table.shape[:-2], -1))
    mean = (of_class + of_cluster) / 2
    share = np.divide(of_class + of_cluster - joint, mean, out=np.ones_like(mean), where=mean > 1e-12)
    return np.clip(share, 0.0, 1.0)


def purity(table: np.ndarray) -> np.ndarray:
    """Return the share of tracks in the majority class of their cluster, in (0, 1]; 1 is best."""
    return table.max(axis=-2).sum(axis=-1) / np.maximum(table.sum(axis=(-2, -1)), 1)


def purity_mean(table: np.ndarray) -> np.ndarray:
    """Return the share of the majority class averaged over non-empty clusters; 1 is best.

    References
    ----------
    Siddique, Hybrid Audio–Text Clustering for Music, section 3.3.4.
    """
    size = table.sum(axis=-2)
    share = np.divide(table.max(axis=-2), size, out=np.zeros(size.shape), where=size > 0)
    return share.sum(axis=-1) / np.maximum((size > 0).sum(axis=-1), 1)


EXTERNAL_METRICS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "adjusted_rand": adjusted_rand,
    "normalized_mutual_info": normalized_mutual_info,
    "purity": purity,
    "purity_mean": purity_mean,
}


def bootstrap(
    table: np.ndarray, metrics: Mapping[str, Callable[[np.ndarray], np.ndarray]], n_boot: int, seed: int
) -> dict[str, np.ndarray]:
    """Resample the tracks with replacement and return each metric's replicates, shape=(n_boot,).

    Under resampling of n tracks the table is multinomial over the observed cells, so it is sampled directly.
    """
    rng = np.random.default_rng(seed)
    cells = np.flatnonzero(table)
    probabilities = table.reshape(-1)[cells] / table.sum()
    replicates = {name: np.empty(n_boot) for name in metrics}
    chunk = max(1, 5_000_000 // table.size)
    for first in range(0, n_boot, chunk):
        size = min(chunk, n_boot - first)
        resampled = np.zeros((size, table.size), dtype=np.int64)
        resampled[:, cells] = rng.multinomial(int(table.sum()), probabilities, size=size)
        resampled = resampled.reshape(size, *table.shape)
        for name, metric in metrics.items():
            replicates[name][first : first + size] = metric(resampled)
    return replicates


def _pairs(counts: np.ndarray) -> np.ndarray:
    """Return the number of unordered pairs, n (n − 1) / 2."""
    counts = np.asarray(counts, dtype=np.float64)
    return counts * (counts - 1) / 2


def _entropy(counts: np.ndarray) -> np.ndarray:
    """Return the entropy of counts along the last axis, in nats."""
    total = np.maximum(counts.sum(axis=-1, keepdims=True), 1)
    share = counts / total
    return -(share * np.log(np.where(share > 0, share, 1.0))).sum(axis=-1)

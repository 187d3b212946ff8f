"""External metrics as functions of contingency tables, many tables at once.

A contingency table counts tracks by (true label, cluster). Every external metric is a function of it alone,
so a bootstrap over tracks is a thousand tables and a few array operations, not a thousand passes over the
tracks. All functions take ``table`` of shape (…, n_classes, n_clusters), counts, and return shape (…).
"""

import numpy as np


def contingency_table(truth: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Count tracks by (class, cluster); both given as integers from 0. Shape (n_classes, n_clusters)."""
    shape = (int(truth.max()) + 1, int(labels.max()) + 1) if len(truth) else (0, 0)
    return np.bincount(truth * shape[1] + labels, minlength=shape[0] * shape[1]).reshape(shape)


def adjusted_rand(table: np.ndarray) -> np.ndarray:
    """Return the adjusted Rand index (Hubert & Arabie 1985, equation 5); 1 where both groupings are trivial."""
    both = _pairs(table).sum(axis=(-2, -1))
    of_class, of_cluster = _pairs(table.sum(axis=-1)).sum(axis=-1), _pairs(table.sum(axis=-2)).sum(axis=-1)
    n_pairs = _pairs(table.sum(axis=(-2, -1)))
    expected = np.divide(of_class * of_cluster, n_pairs, out=np.zeros_like(both), where=n_pairs > 0)
    span = (of_class + of_cluster) / 2 - expected
    return np.divide(both - expected, span, out=np.ones_like(both), where=span > 0)


def normalized_mutual_info(table: np.ndarray) -> np.ndarray:
    """Return I(truth; labels) / mean(H(truth), H(labels)); 1 is best and where both entropies are zero, 0 worst."""
    of_class, of_cluster = _entropy(table.sum(axis=-1)), _entropy(table.sum(axis=-2))
    joint = _entropy(table.reshape(*table.shape[:-2], -1))
    mean = (of_class + of_cluster) / 2
    share = np.divide(of_class + of_cluster - joint, mean, out=np.ones_like(mean), where=mean > 1e-12)
    return np.clip(share, 0.0, 1.0)


def purity(table: np.ndarray) -> np.ndarray:
    """Return the dominant counts of all clusters over the number of tracks; 1 is best, 0 unreachable."""
    return table.max(axis=-2).sum(axis=-1) / np.maximum(table.sum(axis=(-2, -1)), 1)


def purity_mean(table: np.ndarray) -> np.ndarray:
    """Return the mean over (non-empty) clusters of the dominant class's share; 1 is best.

    References
    ----------
    Siddique, Hybrid Audio–Text Clustering for Music, section 3.3.4.
    """
    size = table.sum(axis=-2)
    share = np.divide(table.max(axis=-2), size, out=np.zeros(size.shape), where=size > 0)
    return share.sum(axis=-1) / np.maximum((size > 0).sum(axis=-1), 1)


def bootstrap(table: np.ndarray, metrics: dict, n_boot: int, seed: int) -> dict[str, np.ndarray]:
    """Draw the tracks anew with replacement ``n_boot`` times and return each metric's replicates, shape (n_boot,).

    Drawing n tracks with replacement makes the table multinomial over the observed cells, so it is drawn
    directly.
    """
    rng = np.random.default_rng(seed)
    cells = np.flatnonzero(table)
    share = table.reshape(-1)[cells] / table.sum()
    values = {name: np.empty(n_boot) for name in metrics}
    chunk = max(1, 5_000_000 // table.size)
    for first in range(0, n_boot, chunk):
        size = min(chunk, n_boot - first)
        drawn = np.zeros((size, table.size), dtype=np.int64)
        drawn[:, cells] = rng.multinomial(int(table.sum()), share, size=size)
        drawn = drawn.reshape(size, *table.shape)
        for name, metric in metrics.items():
            values[name][first : first + size] = metric(drawn)
    return values


def _pairs(counts: np.ndarray) -> np.ndarray:
    """Count unordered pairs, n (n − 1) / 2."""
    counts = np.asarray(counts, dtype=np.float64)
    return counts * (counts - 1) / 2


def _entropy(counts: np.ndarray) -> np.ndarray:
    """Return the entropy of counts along the last axis, in nats."""
    total = np.maximum(counts.sum(axis=-1, keepdims=True), 1)
    share = counts / total
    return -(share * np.log(np.where(share > 0, share, 1.0))).sum(axis=-1)

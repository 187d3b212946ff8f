"""Paired intervals of the difference between the scores of two clusterings of the same tracks.

Two scores whose own intervals overlap may still differ significantly, because the tracks that raise one score
raise the other too. So every resample scores both clusterings, and the interval is that of the difference.
Internal metrics are compared within *one* representation only: distances in two representations have no
common unit.
"""

from collections.abc import Sequence

import numpy as np
from numpy.random import default_rng

from core.errors import ConfigError
from core.scoring import contingency, metrics
from core.scoring.evaluate import evaluate
from core.scoring.metric_specs import INTERNAL, METRICS
from core.scoring.statistics import subsample_metrics
from core.scoring.statistics.intervals import SPREAD_SAMPLE, SUBSAMPLE_SHARE, central_interval

Difference = tuple[float, float, np.ndarray]
"""A metric's value now and before, and the deviations of its difference over resamples."""
EQUAL = 1e-9
"""Differences below this are rounding."""


def paired_difference(
    now: Sequence[np.ndarray],
    before: Sequence[np.ndarray],
    *,
    X: np.ndarray | None = None,
    truth: Sequence[str] | None = None,
    seed: int = 0,
    n_boot: int = 1000,
    n_subsamples: int = 100,
) -> dict:
    """Return the difference between two clusterings' scores per metric, with a paired 95 % interval.

    External metrics are resampled by a bootstrap over labelled tracks, internal ones by subsamples of 80 %
    without replacement, as in :func:`core.scoring.confidence_intervals`, but each resample scores both
    clusterings. The deviations of the difference from their own mean are added to each seed's difference and
    pooled over seeds.

    Parameters
    ----------
    now, before : sequence of ndarray of int, shape=(n_tracks,)
        Cluster labels per seed, of the same tracks in the same order; -1 is noise. Both have the same number
        of seeds; repeat a deterministic clustering.
    X : ndarray, shape=(n_tracks, n_features), optional
        The representation that *both* cluster; without it no internal metric is compared.
    truth : sequence of str, length n_tracks, optional
        Labels that both are compared with; "" where unknown. Without it no external metric is compared.
    n_boot, n_subsamples : int
        Replicates per seed of external and internal metrics.

    Returns
    -------
    dict
        ``before`` (metric → mean over seeds), ``difference`` (metric → mean over seeds of now − before),
        ``intervals`` (metric → [low, high]) and ``p_values`` (metric → two-sided p of no difference, from the
        same replicates; Efron & Tibshirani 1993, chapter 15). An interval that excludes 0 is a significant
        difference; [0, 0]: the same clusters. A metric that is undefined on either side, or whose spread
        can't be measured, is left out.

    Raises
    ------
    ConfigError
        When the two sides have different tracks or seeds.
    """
    if len(now) != len(before) or len({len(labels) for labels in (*now, *before)}) != 1:
        raise ConfigError(
            "clusterings are compared on the same tracks and seeds; were they computed on another selection?"
        )
    subsamples = _Subsamples.sample(X, seed, n_subsamples) if X is not None else None
    values: dict[str, list[tuple[float, float]]] = {}
    replicates: dict[str, list[np.ndarray]] = {}
    for i, (new, old) in enumerate(zip(now, before)):
        found = _external_differences(truth, new, old, seed + i, n_boot) if truth is not None else {}
        found |= subsamples.differences(new, old) if subsamples is not None else {}
        for name, (after, first, deviations) in found.items():
            values.setdefault(name, []).append((after, first))
            replicates.setdefault(name, []).append(after - first + deviations)
    means = {name: np.mean(pairs, axis=0) for name, pairs in values.items() if len(pairs) == len(now)}
    difference = {name: float(after - first) for name, (after, first) in means.items()}
    return {
        "before": {name: float(first) for name, (_, first) in means.items()},
        "difference": difference,
        "intervals": {
            name: central_interval(np.concatenate(replicates[name]), mean)
            for name, mean in difference.items()
        },
        "p_values": {name: two_sided_p(np.concatenate(replicates[name])) for name in difference},
    }


def judge_difference(metric: str, interval: Sequence[float] | None) -> str:
    """Return what a paired interval says of a difference in a metric.

    Returns
    -------
    {"better", "worse", "same", "unclear", ""}
        "unclear" where the interval contains 0, "same" where it is [0, 0], "" without an interval.
    """
    if interval is None:
        return ""
    low, high = interval
    if max(abs(low), abs(high)) < EQUAL:
        return "same"
    if low <= 0 <= high:
        return "unclear"
    return "better" if (low > 0) == METRICS[metric].larger_is_better else "worse"


def two_sided_p(replicates: np.ndarray) -> float:
    """Return twice the share of replicates beyond 0, on the side that has fewer; never below 2 / (n + 1)."""
    beyond = min(int((replicates <= 0).sum()), int((replicates >= 0).sum()))
    return min(1.0, 2 * (beyond + 1) / (len(replicates) + 1))


def _external_differences(
    truth: Sequence[str], now: np.ndarray, before: np.ndarray, seed: int, n_boot: int
) -> dict[str, Difference]:
    """Compare the external metrics by a paired bootstrap over labelled tracks."""
    known, new = metrics.validate_external(truth, now)
    old = metrics.validate_external(truth, before)[1]
    if len(np.unique(known)) < 2:
        return {}
    # Resampling tracks resamples their cells (class, cluster now, cluster before); both contingency tables
    # are sums of those cells.
    (classes, *clusters), counts = np.unique(np.stack([known, new, old]), axis=1, return_counts=True)
    projections = [_cells_to_table(classes, side) for side in clusters]
    rng = default_rng(seed)
    chunk = max(1, 5_000_000 // max(len(counts), *(matrix.shape[1] for matrix, _ in projections)))
    replicates: dict[str, list[np.ndarray]] = {name: [] for name in contingency.EXTERNAL_METRICS}
    for first in range(0, n_boot, chunk):
        cells = rng.multinomial(counts.sum(), counts / counts.sum(), size=min(chunk, n_boot - first))
        new_tables, old_tables = ((cells @ matrix).reshape(-1, *shape) for matrix, shape in projections)
        for name, metric in contingency.EXTERNAL_METRICS.items():
            replicates[name].append(metric(new_tables) - metric(old_tables))
    found = {}
    for name, metric in contingency.EXTERNAL_METRICS.items():
        after, first_value = (
            float(metric((counts @ matrix).reshape(shape))) for matrix, shape in projections
        )
        differences = np.concatenate(replicates[name])
        found[name] = after, first_value, differences - differences.mean()
    return found


def _cells_to_table(classes: np.ndarray, clusters: np.ndarray) -> tuple:
    """Return the sparse matrix from cells to a flat contingency table, and the table's shape."""
    from scipy.sparse import csr_array

    shape = int(classes.max()) + 1, int(clusters.max()) + 1
    cells = np.arange(len(classes))
    return csr_array(
        (np.ones(len(cells)), (cells, classes * shape[1] + clusters)), shape=(len(cells), shape[0] * shape[1])
    ), shape


class _Subsamples:
    """Subsamples of the same tracks for both clusterings, with the distances between the tracks."""

    def __init__(self, X: np.ndarray, rows: np.ndarray, masks: np.ndarray, seed: int):
        self.whole, self.rows, self.masks, self.seed = X, rows, masks, seed
        self.X = np.asarray(X)[rows].astype(np.float64)
        self.D = subsample_metrics.distance_matrix(self.X)

    @classmethod
    def sample(cls, X: np.ndarray, seed: int, n_subsamples: int) -> "_Subsamples | None":
        """Sample subsamples of 80 %; None where there are too few tracks."""
        rng, n = default_rng(seed), len(X)
        rows = np.sort(rng.choice(n, SPREAD_SAMPLE, replace=False)) if n > SPREAD_SAMPLE else np.arange(n)
        m = round(SUBSAMPLE_SHARE * len(rows))
        if m in (0, len(rows)):
            return None
        return cls(X, rows, np.argsort(rng.random((n_subsamples, len(rows))), axis=1) < m, seed)

    def differences(self, now: np.ndarray, before: np.ndarray) -> dict[str, Difference]:
        """Compare the internal metrics on subsamples that both clusterings share."""
        scores = [evaluate(self.whole, labels, seed=self.seed)["scores"] for labels in (now, before)]
        scored = [self._scores(labels[self.rows]) for labels in (now, before)]
        n, n_tracks, m = len(self.rows), len(self.whole), self.masks[0].sum()
        found: dict[str, Difference] = {}
        for name in INTERNAL:
            after, first = (side[name] for side in scores)
            if after is None or first is None or not all(name in side for side in scored):
                continue
            new, old = (side[name] for side in scored)
            if name == "calinski_harabasz":  # it grows with the tracks, so its spread is relative
                new, old = new * (after / np.nanmean(new)), old * (first / np.nanmean(old))
            replicates = new - old
            replicates = replicates[np.isfinite(replicates)]
            if len(replicates) < 2:
                continue
            n_scored = min(n_tracks, metrics.SILHOUETTE_SAMPLE) if name == "silhouette" else n_tracks
            scale = np.sqrt(m / (n - m) * n / n_scored)
            found[name] = after, first, (replicates - replicates.mean()) * scale
        return found

    def _scores(self, labels: np.ndarray) -> dict[str, np.ndarray]:
        """Return every internal metric of each subsample without noise; {} for fewer than two clusters."""
        clustered = labels != -1
        clusters = np.unique(labels[clustered], return_inverse=True)[1]
        if not clustered.any() or clusters.max() < 1:
            return {}
        D = self.D[np.ix_(clustered, clustered)]
        return subsample_metrics.score_subsamples(self.X[clustered], D, clusters, self.masks[:, clustered])

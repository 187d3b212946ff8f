"""Confidence intervals of scores: their spread over clustering seeds and over resampled tracks."""

import numpy as np

from core.clustering.clusterer import Clusterer
from core.progress import Progress, silent
from core.scoring import contingency, metrics
from core.scoring.evaluate import Note, evaluate
from core.scoring.metric_specs import EXTERNAL, INTERNAL, METRICS
from core.scoring.metrics import Truth
from core.scoring.statistics import subsample_metrics

SUBSAMPLE_SHARE = 0.8
"""Share of the tracks in one subsample."""

SPREAD_SAMPLE = 2_000
"""Above this many tracks the spread of internal metrics is that of a sample, scaled by sqrt(sample / n)."""

SeedRun = tuple[dict[str, float | None], dict[str, np.ndarray]]
"""Scores of one clustering seed, and the deviations of the metrics whose spread could be measured."""


def confidence_intervals(
    X: np.ndarray,
    clusterer: Clusterer,
    truth: Truth | None = None,
    *,
    seeds: int = 5,
    seed: int = 0,
    n_boot: int = 1000,
    n_subsamples: int = 100,
    progress: Progress = silent,
) -> dict:
    """Cluster with several seeds and return every metric's mean and 95 % interval.

    Per seed the sampling spread of each metric is measured: external metrics by a bootstrap over tracks,
    internal ones by subsamples of 80 % without replacement, whose deviations are scaled by sqrt(m / (n − m))
    = 2 because a subsample shares most of its tracks with the whole (the delete-d jackknife). Deviations are
    from the replicates' own mean, since resampling biases a score: a track drawn twice agrees with itself,
    which raises ARI and NMI. Added to each seed's score and pooled over seeds, they give the 2.5 % and 97.5 %
    quantiles, widened to include the mean where a skewed distribution would exclude it.

    A metric whose spread could not be measured (three tracks are too few to subsample) and which is equal for
    all seeds has no interval, since a width of zero would claim certainty. If only the seeds differ, the
    interval is theirs alone. A width of zero means that resampling changed nothing, as with clusters equal to
    the labels.

    Parameters
    ----------
    X : ndarray, shape=(n_tracks, n_features)
    clusterer : Clusterer
        A config of :data:`core.clustering.CLUSTERERS`; a deterministic one is run once.
    truth : sequence of str, length n_tracks, optional
    seeds : int
        Number of clustering seeds: ``seed``, ``seed + 1``, …
    seed : int
        The first seed.
    n_boot, n_subsamples : int
        Replicates per seed of external and internal metrics.
    progress : callable
        Called after each seed.

    Returns
    -------
    dict
        ``seeds`` (number of runs), ``deterministic`` (True: one run suffices), ``scores`` (metric → mean over
        seeds, None where undefined), ``intervals`` (metric → [low, high], None also where the spread is
        unknown) and ``notes``: those of :func:`core.scoring.evaluate` for the first seed, and the reasons
        ``unknown_spread`` and ``undefined_seeds`` (with ``n_undefined, n_seeds``).

    References
    ----------
    Efron & Tibshirani (1993), An Introduction to the Bootstrap, chapters 10 and 13 (bias, percentiles).
    Shao & Wu (1989), A general theory for jackknife variance estimation (delete-d).
    """
    n_seeds = 1 if clusterer.deterministic else seeds
    spread = _InternalSpread(X, seed, n_subsamples)
    runs: list[SeedRun] = []
    notes: dict[str, Note] = {}
    for i in range(n_seeds):
        labels = clusterer.fit(X, seed + i)
        result = evaluate(X, labels, truth, seed)
        notes = notes if i else dict(result["notes"])
        deviations = spread.measure(labels, result["scores"])
        if truth is not None:
            deviations |= _external_deviations(truth, labels, seed + i, n_boot)
        runs.append((result["scores"], deviations))
        progress(i + 1, n_seeds, "seeds")
    return {
        "seeds": n_seeds,
        "deterministic": clusterer.deterministic,
        **_pool(runs, notes, INTERNAL + (EXTERNAL if truth is not None else ())),
    }


def _pool(runs: list[SeedRun], notes: dict[str, Note], names: tuple[str, ...]) -> dict:
    """Return each metric's mean and interval over all seeds, and the notes completed."""
    means: dict[str, float | None] = dict.fromkeys(names)
    bounds: dict[str, list[float] | None] = dict.fromkeys(names)
    for name in names:
        defined = [(score, deviations) for scores, deviations in runs if (score := scores[name]) is not None]
        if not defined:
            continue
        values = [value for value, _ in defined]
        means[name] = mean = float(np.mean(values))
        is_measured = any(name in deviations for _, deviations in runs)
        if is_measured or not np.allclose(values, values[0], rtol=1e-9, atol=0):
            replicates = [value + deviations.get(name, np.zeros(1)) for value, deviations in defined]
            limits = sorted((METRICS[name].worst, METRICS[name].best))
            bounds[name] = central_interval(np.concatenate(replicates), mean, *limits)
        else:
            notes.setdefault(name, {"reason": "unknown_spread"})
        if n_undefined := len(runs) - len(values):
            notes[name] = {"reason": "undefined_seeds", "n_undefined": n_undefined, "n_seeds": len(runs)}
    return {"scores": means, "intervals": bounds, "notes": notes}


def _external_deviations(truth: Truth, labels: np.ndarray, seed: int, n_boot: int) -> dict[str, np.ndarray]:
    """Return the deviations of the external metrics under a bootstrap over labelled tracks."""
    classes, clusters = metrics.validate_external(truth, labels)
    if len(np.unique(classes)) < 2:
        return {}
    table = contingency.contingency_table(classes, clusters)
    replicates = contingency.bootstrap(table, contingency.EXTERNAL_METRICS, n_boot, seed)
    return {name: values - values.mean() for name, values in replicates.items()}


class _InternalSpread:
    """The deviations of internal metrics under subsampling; seeds share the sample and its distances."""

    def __init__(self, X: np.ndarray, seed: int, n_subsamples: int):
        self.X, self.seed, self.n_subsamples = np.asarray(X), seed, n_subsamples
        self._rows: np.ndarray | None = None
        self._distances = np.zeros((0, 0), np.float32)

    def measure(self, labels: np.ndarray, scores: dict[str, float | None]) -> dict[str, np.ndarray]:
        """Return the deviations by metric; {} where there are too few tracks or clusters."""
        rows = np.flatnonzero(labels != -1)
        n_clustered = len(rows)
        rng = np.random.default_rng(self.seed)  # the same sample for every clustering seed
        if n_clustered > SPREAD_SAMPLE:
            rows = np.sort(rng.choice(rows, SPREAD_SAMPLE, replace=False))
        n = len(rows)
        clusters = np.unique(labels[rows], return_inverse=True)[1]
        m = round(SUBSAMPLE_SHARE * n)
        if scores["silhouette"] is None or clusters.max() < 1 or m in (0, n):
            return {}
        masks = np.argsort(rng.random((self.n_subsamples, n)), axis=1) < m
        X = self.X[rows].astype(np.float64)
        replicates = subsample_metrics.score_subsamples(X, self._distances_of(rows, X), clusters, masks)
        scale = np.sqrt(m / (n - m))
        deviations = {}
        for name, values in replicates.items():
            values = values[np.isfinite(values)]
            if len(values) < 2:
                continue
            deviation = (values - values.mean()) * scale
            score = scores[name]
            if name == "calinski_harabasz" and score is not None:
                deviation *= score / values.mean()  # it grows with n, so its spread is relative
            n_scored = min(n_clustered, metrics.SILHOUETTE_SAMPLE) if name == "silhouette" else n_clustered
            deviations[name] = deviation * np.sqrt(n / n_scored)
        return deviations

    def _distances_of(self, rows: np.ndarray, X: np.ndarray) -> np.ndarray:
        """Return the distance matrix of these rows, computed once for seeds of the same rows."""
        if self._rows is None or not np.array_equal(self._rows, rows):
            self._rows, self._distances = rows, subsample_metrics.distance_matrix(X)
        return self._distances


def central_interval(
    replicates: np.ndarray, mean: float, lowest: float = -np.inf, highest: float = np.inf
) -> list[float]:
    """Return the central 95 % of replicates, clipped to a range and widened to include the mean."""
    low, high = np.clip(np.quantile(replicates, [0.025, 0.975]), lowest, highest)
    return [float(min(low, mean)), float(max(high, mean))]

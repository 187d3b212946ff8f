"""How far a score can be trusted: its spread over seeds and over the tracks that happened to be there."""

from collections.abc import Sequence

import numpy as np

from core.progress import Progress, silent
from core.scoring import contingency, metrics, subsample_metrics
from core.scoring.evaluate import evaluate, json_number
from core.scoring.metric_specs import EXTERNAL, INTERNAL, METRICS

SHARE = 0.8
"""Share of the tracks in one subsample."""

SPREAD_SAMPLE = 2_000
"""Above this many tracks the spread of internal metrics is measured on a sample and scaled by sqrt(sample / n)."""


def intervals(
    X: np.ndarray,
    clusterer,
    truth: Sequence | None = None,
    *,
    seeds: int = 5,
    seed: int = 0,
    n_boot: int = 1000,
    n_subsamples: int = 100,
    progress: Progress = silent,
) -> dict:
    """Cluster with several seeds and give every metric's mean and 95 % interval.

    Per seed a metric's sampling spread is measured: for external metrics by a bootstrap over tracks, for
    internal ones by subsamples of 80 % without replacement, whose deviations are scaled by sqrt(m / (n − m))
    = 2 because a subsample shares most of its tracks with the whole (the delete-d jackknife). Deviations are
    taken from the replicates' own mean, since resampling shifts a score: a track drawn twice agrees with
    itself, which lifts the adjusted Rand index and mutual information. Added to each seed's score and pooled
    over seeds, they give the 2.5 % and 97.5 % quantiles, widened to hold the mean where they are so lopsided
    that it lies outside.

    A metric whose spread could not be measured (three tracks leave nothing to subsample) and which came out
    the same for every seed has no interval: None, for a width of zero would claim certainty. If only the
    seeds differ, the interval is theirs alone. A width of zero stands where resampling was done and changed
    nothing, as with clusters that equal the labels: every resample of a perfect agreement is perfect.

    Parameters
    ----------
    X : ndarray, shape=(n_tracks, n_features)
    clusterer : a config of :data:`core.clustering.CLUSTERERS`
        One that doesn't depend on the seed is run once.
    truth : sequence of str, length n_tracks, optional
    seeds : int
        Number of clustering seeds: ``seed``, ``seed + 1``, …
    seed : int
        The first one.
    n_boot, n_subsamples : int
        Replicates per seed of external and internal metrics.
    progress : callable
        Called after each seed.

    Returns
    -------
    dict
        ``seeds`` (how many were run), ``deterministic`` (True: one was enough), ``scores`` (metric → mean
        over seeds), ``intervals`` (metric → [low, high]) and ``notes`` (metric → why it has no value or no
        interval, or how it was computed, as :func:`evaluate` says of the first seed). A score is None where
        it is not defined, an interval also where nothing is known of the spread.

    References
    ----------
    Efron & Tibshirani (1993), An Introduction to the Bootstrap, chapters 10 and 13 (bias, percentiles).
    Shao & Wu (1989), A general theory for jackknife variance estimation (delete-d).
    """
    n_seeds = 1 if clusterer.deterministic else seeds
    distances = None
    values: dict[str, list[float]] = {}
    replicates: dict[str, list[np.ndarray]] = {}
    notes: dict[str, str] = {}
    measured: set[str] = set()
    for done in range(n_seeds):
        labels = clusterer.fit(X, seed + done)
        found = evaluate(X, labels, truth, seed)
        scores = found["scores"]
        notes = notes if done else dict(found["notes"])
        spread, distances = _internal_spread(X, labels, seed, n_subsamples, scores, distances)
        if truth is not None:
            spread |= _external_spread(truth, labels, seed + done, n_boot)
        measured |= set(spread)
        for name, value in scores.items():
            if value is not None:
                values.setdefault(name, []).append(value)
                replicates.setdefault(name, []).append(value + spread.get(name, np.zeros(1)))
        progress(done + 1, n_seeds, "seeds")
    names = INTERNAL + (EXTERNAL if truth is not None else ())
    means = {name: json_number(np.mean(values[name])) if name in values else None for name in names}
    ranges = dict.fromkeys(names)
    for name, seen in values.items():
        if name in measured or not np.allclose(seen, seen[0], rtol=1e-9, atol=0):
            ranges[name] = _quantiles(name, replicates[name], means[name])
        else:
            notes.setdefault(name, "too few tracks to measure its spread, so it has no interval")
        if len(seen) < n_seeds:
            notes[name] = (
                f"not defined for {n_seeds - len(seen)} of {n_seeds} seeds, which the mean leaves out"
            )
    return {
        "seeds": n_seeds,
        "deterministic": clusterer.deterministic,
        "scores": means,
        "intervals": ranges,
        "notes": notes,
    }


def _external_spread(truth: Sequence, labels: np.ndarray, seed: int, n_boot: int) -> dict[str, np.ndarray]:
    """Return deviations of the external metrics under a bootstrap over labelled tracks."""
    known, found = metrics.validate_external(truth, labels)
    if len(np.unique(known)) < 2:
        return {}
    functions = {name: getattr(contingency, name) for name in EXTERNAL}
    drawn = contingency.bootstrap(contingency.contingency_table(known, found), functions, n_boot, seed)
    return {name: values - values.mean() for name, values in drawn.items()}


def _internal_spread(
    X, labels, seed, n_subsamples, scores, distances
) -> tuple[dict[str, np.ndarray], tuple | None]:
    """Return deviations of the internal metrics, and the distances for the next seed to reuse."""
    kept = np.flatnonzero(labels != -1)
    n = len(kept)
    rng = np.random.default_rng(seed)  # the same sample for every seed, so that its distances serve all
    if n > SPREAD_SAMPLE:
        kept = np.sort(rng.choice(kept, SPREAD_SAMPLE, replace=False))
    found = np.unique(labels[kept], return_inverse=True)[1]
    m = round(SHARE * len(kept))
    if scores["silhouette"] is None or found.max() < 1 or m in (0, len(kept)):
        return {}, distances
    if distances is None or not np.array_equal(distances[0], kept):
        from sklearn.metrics import pairwise_distances

        D = pairwise_distances(np.asarray(X)[kept].astype(np.float64)).astype(np.float32)
        np.fill_diagonal(D, 0)
        distances = kept, D
    masks = np.argsort(rng.random((n_subsamples, len(kept))), axis=1) < m
    davies_bouldin, calinski_harabasz = subsample_metrics.spreads(
        np.asarray(X)[kept].astype(np.float64), found, masks
    )
    drawn = {
        "silhouette": subsample_metrics.silhouettes(distances[1], found, masks),
        "davies_bouldin": davies_bouldin,
        "calinski_harabasz": calinski_harabasz,
    }
    scale = np.sqrt(m / (len(kept) - m))
    spread = {}
    for name, values in drawn.items():
        values = values[np.isfinite(values)]
        if len(values) < 2:
            continue  # no spread to be seen
        deviation = (values - values.mean()) * scale
        if name == "calinski_harabasz" and scores[name] is not None:
            deviation *= scores[name] / values.mean()  # it grows with n, so its spread is relative
        scored = min(n, metrics.SILHOUETTE_SAMPLE) if name == "silhouette" else n
        spread[name] = deviation * np.sqrt(len(kept) / scored)
    return spread, distances


def _quantiles(name: str, replicates: list[np.ndarray], mean: float) -> list[float]:
    """Return the central 95 % of all replicates, within the metric's range, and the mean in it."""
    metric = METRICS[name]
    bounds = sorted((metric.worst, metric.best))
    low, high = np.clip(np.quantile(np.concatenate(replicates), [0.025, 0.975]), *bounds)
    return [float(min(low, mean)), float(max(high, mean))]

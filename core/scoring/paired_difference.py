"""Whether one clustering scores better than another: intervals of the difference, from the same resamples of the same tracks.

Two scores whose own intervals overlap may still differ for sure, because the tracks that lift one lift the
other too. So every resample scores both clusterings, and the interval is that of what lies between. Internal
metrics compare clusterings of *one* representation only: distances in two representations have no common
unit.
"""

from collections.abc import Sequence

import numpy as np

from core.errors import ConfigError
from core.scoring import contingency, metrics, subsample_metrics
from core.scoring.evaluate import evaluate
from core.scoring.intervals import SHARE, SPREAD_SAMPLE
from core.scoring.metric_specs import EXTERNAL, INTERNAL


def difference(
    now: Sequence[np.ndarray],
    before: Sequence[np.ndarray],
    *,
    X: np.ndarray | None = None,
    truth: Sequence[str] | None = None,
    seed: int = 0,
    n_boot: int = 1000,
    n_subsamples: int = 100,
) -> dict:
    """Return how much one clustering scores above another, per metric, with a paired 95 % interval.

    External metrics are resampled by a bootstrap over labelled tracks, internal ones by subsamples of 80 %
    without replacement, as in :func:`core.scoring.intervals`, but each resample scores both clusterings. The
    deviations of the difference from their own mean are added to each seed's difference, and pooled over
    seeds.

    Parameters
    ----------
    now, before : sequence of ndarray of int, shape=(n_tracks,)
        Cluster labels per seed, of the same tracks in the same order; -1 is noise. As many seeds on both
        sides, a clustering that doesn't depend on the seed repeated.
    X : ndarray, shape=(n_tracks, n_features), optional
        The representation that *both* were made from; left out, no internal metric is compared.
    truth : sequence of str, length n_tracks, optional
        Labels that both are compared with; "" where unknown. Left out, no external metric is compared.
    n_boot, n_subsamples : int
        Replicates per seed of external and internal metrics.

    Returns
    -------
    dict
        ``before`` (metric → mean over seeds), ``difference`` (metric → mean over seeds of now − before) and
        ``intervals`` (metric → [low, high]). Above 0 as a whole: now is larger beyond doubt; with 0 in it: no
        clear difference; [0, 0]: the same clusters. A metric that is not defined on both sides, or whose
        spread can't be measured, is in none of them.

    Raises
    ------
    ConfigError
        When the two sides are not of the same tracks and seeds.
    """
    if len(now) != len(before) or len({len(labels) for labels in (*now, *before)}) != 1:
        raise ConfigError(
            "clusterings are compared on the same tracks and seeds; were they computed on another selection?"
        )
    values: dict[str, list[tuple[float, float]]] = {}
    replicates: dict[str, list[np.ndarray]] = {}
    subsamples = _draw_subsamples(X, seed, n_subsamples) if X is not None else None
    for at, (new, old) in enumerate(zip(now, before)):
        spread = _external(truth, new, old, seed + at, n_boot) if truth is not None else {}
        spread |= _internal(X, new, old, seed, subsamples) if subsamples is not None else {}
        for name, (after, first, deviations) in spread.items():
            values.setdefault(name, []).append((after, first))
            replicates.setdefault(name, []).append(after - first + deviations)
    means = {name: np.mean(seen, axis=0) for name, seen in values.items() if len(seen) == len(now)}
    found = {name: float(after - first) for name, (after, first) in means.items()}
    return {
        "before": {name: float(first) for name, (_, first) in means.items()},
        "difference": found,
        "intervals": {name: _bounds(replicates[name], mean) for name, mean in found.items()},
    }


def _bounds(replicates: list[np.ndarray], mean: float) -> list[float]:
    """Return the central 95 % of all replicates, and the mean in it."""
    low, high = np.quantile(np.concatenate(replicates), [0.025, 0.975])
    return [float(min(low, mean)), float(max(high, mean))]


def _external(
    truth: Sequence[str], now: np.ndarray, before: np.ndarray, seed: int, n_boot: int
) -> dict[str, tuple]:
    """Return both values and the deviations of their difference per external metric, by a paired bootstrap over labelled tracks."""
    known, new = metrics.validate_external(truth, now)
    old = metrics.validate_external(truth, before)[1]
    if len(np.unique(known)) < 2:
        return {}
    # Drawing tracks anew draws the cells (class, cluster now, cluster before) they lie in; both tables are
    # sums of those cells.
    (classes, *clusters), counts = np.unique(np.stack([known, new, old]), axis=1, return_counts=True)
    places = [_place(classes, side) for side in clusters]
    rng, chunk = (
        np.random.default_rng(seed),
        max(1, 5_000_000 // max(len(counts), *(place[0].shape[1] for place in places))),
    )
    drawn: dict[str, list[np.ndarray]] = {name: [] for name in EXTERNAL}
    for first in range(0, n_boot, chunk):
        some = rng.multinomial(counts.sum(), counts / counts.sum(), size=min(chunk, n_boot - first))
        new_tables, old_tables = ((some @ place).reshape(-1, *shape) for place, shape in places)
        for name in EXTERNAL:
            drawn[name].append(
                getattr(contingency, name)(new_tables) - getattr(contingency, name)(old_tables)
            )
    found = {}
    for name in EXTERNAL:
        values = [
            float(getattr(contingency, name)((counts @ place).reshape(shape))) for place, shape in places
        ]
        replicates = np.concatenate(drawn[name])
        found[name] = *values, replicates - replicates.mean()
    return found


def _place(classes: np.ndarray, clusters: np.ndarray) -> tuple:
    """Return the sparse matrix that sums cells into a contingency table, shape=(n_cells, n_classes · n_clusters), and its shape."""
    from scipy.sparse import csr_array

    shape = int(classes.max()) + 1, int(clusters.max()) + 1
    cells = np.arange(len(classes))
    return csr_array(
        (np.ones(len(cells)), (cells, classes * shape[1] + clusters)), shape=(len(cells), shape[0] * shape[1])
    ), shape


def _draw_subsamples(X: np.ndarray, seed: int, n_subsamples: int) -> tuple | None:
    """Return the tracks that are looked at, their rows and distances, and which of them each subsample holds; None for too few."""
    from sklearn.metrics import pairwise_distances

    rng, n = np.random.default_rng(seed), len(X)
    some = np.sort(rng.choice(n, SPREAD_SAMPLE, replace=False)) if n > SPREAD_SAMPLE else np.arange(n)
    m = round(SHARE * len(some))
    if m in (0, len(some)):
        return None
    V = np.asarray(X)[some].astype(np.float64)
    D = pairwise_distances(V).astype(np.float32)
    np.fill_diagonal(D, 0)
    return some, V, D, np.argsort(rng.random((n_subsamples, len(some))), axis=1) < m


def _internal(
    X: np.ndarray, now: np.ndarray, before: np.ndarray, seed: int, subsamples: tuple
) -> dict[str, tuple]:
    """Return both values and the deviations of their difference per internal metric, by subsamples that both share."""
    some, V, D, masks = subsamples
    scores = [evaluate(X, labels, seed=seed)["scores"] for labels in (now, before)]
    drawn = [_over_subsamples(V, D, labels[some], masks) for labels in (now, before)]
    m, found = masks[0].sum(), {}
    for name in INTERNAL:
        values = [side[name] for side in scores]
        if None in values or not all(name in side for side in drawn):
            continue
        sides = [side[name] for side in drawn]
        if name == "calinski_harabasz":  # it grows with the tracks, so its spread is relative
            sides = [side * (value / np.nanmean(side)) for side, value in zip(sides, values)]
        replicates = sides[0] - sides[1]
        replicates = replicates[np.isfinite(replicates)]
        if len(replicates) < 2:
            continue
        scored = min(len(X), metrics.SILHOUETTE_SAMPLE) if name == "silhouette" else len(X)
        scale = np.sqrt(m / (len(some) - m) * len(some) / scored)
        found[name] = *values, (replicates - replicates.mean()) * scale
    return found


def _over_subsamples(
    X: np.ndarray, D: np.ndarray, labels: np.ndarray, masks: np.ndarray
) -> dict[str, np.ndarray]:
    """Return every internal metric of each subsample, noise left out; {} where there are fewer than two clusters."""
    kept = labels != -1
    found = np.unique(labels[kept], return_inverse=True)[1]
    if not kept.any() or found.max() < 1:
        return {}
    davies_bouldin, calinski_harabasz = subsample_metrics.spreads(X[kept], found, masks[:, kept])
    silhouette = subsample_metrics.silhouettes(D[np.ix_(kept, kept)], found, masks[:, kept])
    return {
        "silhouette": silhouette,
        "davies_bouldin": davies_bouldin,
        "calinski_harabasz": calinski_harabasz,
    }

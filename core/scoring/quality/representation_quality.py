"""How good a representation is, without clusters: all measures with intervals and controls.

- **kNN purity** (k = 1 and 5) and the **linear probe** compare the representation with labels that it never
  saw. Each has a 95 % interval (bootstrap over tracks) and a control with shuffled labels.
- **Hubness** tells whether a few tracks are neighbours of very many others, **effective rank** how many
  dimensions vary. Neither needs labels.

:mod:`core.scoring.quality.representation_metrics` and :mod:`core.scoring.quality.linear_probe` define them.
"""

from collections.abc import Sequence

import numpy as np

from core.errors import ConfigError
from core.progress import Progress, silent
from core.scoring.evaluate import Note, json_number
from core.scoring.metric_specs import REPRESENTATION
from core.scoring.metrics import Truth, is_labelled
from core.scoring.quality.linear_probe import (
    assign_stratified_folds,
    balanced_accuracy,
    group_tracks,
    predict_held_out,
    predictable_tracks,
)
from core.scoring.quality.representation_metrics import (
    SAMPLE_SIZE,
    find_neighbours,
    hubness,
    knn_purity,
    rank_figures,
)
from core.scoring.statistics.intervals import central_interval

HUBNESS_K = 10
"""Neighbours per track of the k-occurrence, as in Radovanović et al. 2010."""

KNN = {"knn_1": 1, "knn_5": 5}
"""Neighbours per track of kNN purity."""

PROBE_SAMPLE = 5_000
"""Above this many tracks the linear probe is fitted on a random sample of this size."""

PROBE_SHUFFLES = 5
"""Shuffles of the labels on which the probe is fitted anew for its control; one above 1,000 tracks."""


def evaluate_representation(
    X: np.ndarray,
    truth: Truth | None = None,
    artists: Sequence[str] | None = None,
    *,
    seed: int = 0,
    n_boot: int = 500,
    n_shuffles: int = 20,
    progress: Progress = silent,
) -> dict:
    """Score a representation by every measure that applies.

    Parameters
    ----------
    X : ndarray, shape=(n_tracks, n_features)
        The space that is clustered. Above :data:`core.scoring.quality.representation_metrics.SAMPLE_SIZE`
        tracks a random sample of it is scored, neighbours included.
    truth : sequence of str, length n_tracks, optional
        Labels; "" and None are unlabelled, and left out of what needs labels.
    artists : sequence of str, length n_tracks, optional
        "" where unknown; see :func:`core.scoring.quality.linear_probe.group_tracks`.
    seed : int
        Of the sample, the folds, the resamples and the shuffles.
    n_boot : int
        Bootstrap replicates over tracks, with fixed neighbours and predictions.
    n_shuffles : int
        Shuffles of the labels for the control of kNN purity.
    progress : callable
        Called after each of three steps.

    Returns
    -------
    dict
        JSON-ready.

        - ``knn_1, knn_5, linear_probe`` (0 … 1, 1 best) and ``hubness``
        - ``intervals`` (name → [low, high]) and ``control`` (name → mean value with shuffled labels), both
          None for hubness
        - ``effective_rank``, ``n_dimensions``, ``is_collapsed``
        - ``n_tracks``, ``n_scored`` (fewer in a sample), ``n_labelled``, ``n_artists``, ``n_copies`` (tracks
          with the same vector as another)
        - ``n_probed``, ``n_labels``, ``n_labels_left_out``: tracks and labels of the linear probe
        - ``notes`` (name → :data:`core.scoring.evaluate.Note`): why a measure is undefined, that is None:
          ``unlabelled, one_label, rare_labels, few_tracks``

    Raises
    ------
    ConfigError
        When lengths don't match or ``X`` is not finite.
    """
    X, labels, names = _validate(X, truth, artists)
    n_tracks = len(X)
    if n_tracks > SAMPLE_SIZE:
        rows = np.sort(np.random.default_rng(seed).choice(n_tracks, SAMPLE_SIZE, replace=False))
        X, labels, names = X[rows], labels[rows], names[rows]
    neighbours = find_neighbours(X, HUBNESS_K, seed)
    report: dict = {**dict.fromkeys(REPRESENTATION), "intervals": dict.fromkeys(REPRESENTATION)}
    report |= {
        "control": dict.fromkeys(REPRESENTATION),
        "notes": {},
        "n_tracks": n_tracks,
        "n_scored": len(X),
    }
    report |= _measure_space(X, neighbours, seed)
    if report["hubness"] is None:
        report["notes"]["hubness"] = {"reason": "few_tracks"}
    progress(1, 3, "nearest neighbours")

    known = labels != ""
    classes = np.unique(labels[known], return_inverse=True)[1]
    report |= {"n_labelled": len(classes), "n_artists": len(set(names[known]) - {""})}
    report |= {"n_labels": 0, "n_labels_left_out": 0, "n_probed": 0}
    if len(np.unique(classes)) < 2:
        reason: Note = {"reason": "one_label" if len(classes) else "unlabelled"}
        report["notes"] |= dict.fromkeys((*KNN, "linear_probe"), reason)
        return report
    if not known.all():
        neighbours = find_neighbours(X[known], max(KNN.values()), seed)
    rng = np.random.default_rng(seed)
    _add_purity(report, neighbours, classes, n_boot, n_shuffles, rng)
    progress(2, 3, "linear probe")
    _add_probe(report, X[known], classes, names[known].tolist(), n_boot, seed, progress)
    progress(3, 3, "linear probe")
    return report


def _validate(
    X: np.ndarray, truth: Truth | None, artists: Sequence[str] | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return X, and the labels and artists as arrays of str with "" where unknown."""
    X = np.asarray(X)
    if X.ndim != 2:
        raise ConfigError(f"X must have shape (n_tracks, n_features), not {X.shape}")
    if not np.isfinite(X).all():
        raise ConfigError("X holds NaN or infinity; did a feature extractor fail on some tracks?")
    columns = []
    for name, values in (("labels", truth), ("artists", artists)):
        if values is not None and len(values) != len(X):
            raise ConfigError(f"{len(X)} tracks but {len(values)} {name}; do the rows belong together?")
        given = [""] * len(X)
        if values is not None:
            given = [str(value) if known else "" for value, known in zip(values, is_labelled(values))]
        columns.append(np.array(given, dtype=object))
    return X, columns[0], columns[1]


def _measure_space(X: np.ndarray, neighbours: np.ndarray, seed: int) -> dict:
    """Return what needs no labels."""
    counts = np.unique(X, axis=0, return_counts=True)[1]
    return {
        "hubness": json_number(hubness(neighbours)),
        "n_copies": int(counts[counts > 1].sum()),
        **rank_figures(X, seed),
    }


def _add_purity(
    report: dict,
    neighbours: np.ndarray,
    classes: np.ndarray,
    n_boot: int,
    n_shuffles: int,
    rng: np.random.Generator,
) -> None:
    """Add kNN purity of the labelled tracks."""
    counts = _resample(len(classes), n_boot, rng)
    shuffles = [rng.permutation(classes) for _ in range(n_shuffles)]
    for name, k in KNN.items():
        shares = knn_purity(neighbours, classes, k)
        controls = [knn_purity(neighbours, shuffled, k).mean() for shuffled in shuffles]
        _add(report, name, shares.mean(), counts @ shares / len(classes), controls)


def _add_probe(
    report: dict,
    X: np.ndarray,
    classes: np.ndarray,
    artists: list[str],
    n_boot: int,
    seed: int,
    progress: Progress,
) -> None:
    """Add the linear probe of the labels that can be predicted."""
    groups = group_tracks(X, artists)
    if len(classes) > PROBE_SAMPLE:
        kept = np.sort(np.random.default_rng(seed).choice(len(classes), PROBE_SAMPLE, replace=False))
        X, classes, groups = X[kept], classes[kept], groups[kept]
    kept = predictable_tracks(classes, groups)
    n_labels = len(np.unique(classes[kept]))
    report |= {"n_labels": n_labels, "n_labels_left_out": len(np.unique(classes)) - n_labels}
    if n_labels < 2:
        report["notes"]["linear_probe"] = {"reason": "rare_labels"}
        return
    X, groups, classes = X[kept], groups[kept], np.unique(classes[kept], return_inverse=True)[1]
    report["n_probed"] = len(classes)
    rng = np.random.default_rng(seed)
    is_correct = predict_held_out(X, classes, assign_stratified_folds(classes, groups, seed)) == classes
    replicates = balanced_accuracy(classes, is_correct, _resample(len(classes), n_boot, rng))
    controls = []
    for _ in range(PROBE_SHUFFLES if len(classes) <= 1_000 else 1):
        progress(2, 3, "linear probe")
        shuffled = rng.permutation(classes)
        fold_of = assign_stratified_folds(shuffled, groups, seed)
        is_right = predict_held_out(X, shuffled, fold_of) == shuffled
        controls.append(balanced_accuracy(shuffled, is_right)[0])
    _add(report, "linear_probe", balanced_accuracy(classes, is_correct)[0], replicates, controls)


def _resample(n: int, n_boot: int, rng: np.random.Generator) -> np.ndarray:
    """Return how often each track is drawn in each bootstrap replicate, shape=(n_boot, n)."""
    return rng.multinomial(n, np.full(n, 1 / n), size=n_boot)


def _add(report: dict, name: str, value: float, replicates: np.ndarray, controls: list[float]) -> None:
    """Add one measure's value, interval and control."""
    report[name] = float(value)
    report["intervals"][name] = central_interval(value + replicates - replicates.mean(), value, 0, 1)
    report["control"][name] = float(np.mean(controls))

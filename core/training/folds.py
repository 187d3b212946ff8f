"""k-fold cross-validation of classifiers of genres (several per track) or labels (one per track).

The published figures are means over 5 folds with the standard deviation between them (Jiang, Multimodal
Self-supervised Music Genre Classification with Audio and Lyrics, sections 5.2.1 and 6), without the method of
assignment. Here tracks are assigned by iterative stratification, so that each fold gets its share of every
genre: the genre with the fewest remaining tracks comes first, and each of its tracks goes to the fold that
needs most tracks of this genre, then to the one with most free places, then to a random one.

References
----------
Sechidis, Tsoumakas and Vlahavas, "On the Stratification of Multi-Label Data", 2011, algorithm 1.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from core import store
from core.errors import ConfigError
from core.models import get_model, model_spec
from core.progress import Progress, silent
from core.scoring import multilabel
from core.training.encode import predict_genres
from core.training.fit import fit_model
from core.training.settings import parse_settings
from core.training.targets import check_genres

SCORES = (*multilabel.SCORES, multilabel.MACRO_F1)
N_SHUFFLES = 10
"""Permutations of the genres over which the control is averaged."""


def assign_folds(genres: np.ndarray, n_folds: int, seed: int) -> np.ndarray:
    """Return each track's fold, 0 … n_folds - 1, shape=(n_tracks,), by iterative stratification.

    Parameters
    ----------
    genres : ndarray of bool, shape=(n_tracks, n_genres)

    Raises
    ------
    ConfigError
        When there are fewer tracks than folds, or fewer than two folds.
    """
    n = len(genres)
    if not 2 <= n_folds <= n:
        raise ConfigError(
            f"folds={n_folds} must lie between 2 and {n}, the number of tracks that have a genre"
        )
    rng = np.random.default_rng([seed, n_folds])
    order, fold_of = rng.permutation(n), np.full(n, -1)
    free = np.full(n_folds, n / n_folds)
    needed = np.tile(genres.sum(0) / n_folds, (n_folds, 1))  # (n_folds, n_genres)
    while (fold_of < 0).any():
        remaining = (genres & (fold_of < 0)[:, None]).sum(0)
        if remaining.any():
            genre = int(np.argmin(np.where(remaining > 0, remaining, n + 1)))
            rows, need = order[(genres[order, genre]) & (fold_of[order] < 0)], needed[:, genre]
        else:
            rows, need = order[fold_of[order] < 0], np.zeros(n_folds)
        for row in rows:
            fold = np.lexsort((rng.random(n_folds), -free, -need))[0]
            fold_of[row] = fold
            free[fold] -= 1
            needed[fold] -= genres[row]
    return fold_of


def cross_validate(
    name: str,
    X: np.ndarray | dict[str, np.ndarray],
    *,
    n_folds: int,
    input_extractor: dict,
    label_names: Sequence[str],
    genres: np.ndarray | None = None,
    labels: np.ndarray | None = None,
    settings: dict[str, str] | None = None,
    folder: Path | None = None,
    progress: Progress = silent,
) -> dict:
    """Train a model per fold, each from the same initial state, and score it on the fold's tracks.

    Parameters
    ----------
    name, X, input_extractor, label_names, genres, labels, settings
        As for :func:`core.training.fit.fit_model`. The seed of the training assigns the folds.
    folder : Path, optional
        Where finished folds and the state of the current one are saved, from which a killed run resumes. It
        must belong to these data and settings.

    Returns
    -------
    dict
        ``rows``, one per fold: ``fold`` (from 1), ``n_train``, ``n_tracks``, the metrics of
        :mod:`core.scoring.multilabel`, and ``control``, the same metrics with permuted genres of the held-out
        tracks; ``mean``, ``deviation`` (over folds, with n - 1) and ``control`` (the mean) by metric;
        ``average_precision`` by genre, the mean over folds that have it; ``n_folds, seed, threshold``;
        ``single``, whether the model predicts one label per track, without a threshold. An undefined figure
        is None.

    Raises
    ------
    ConfigError
        When the model predicts no genres, or for an invalid number of folds.
    TrainingError
        See :func:`core.training.fit.fit_model`.
    """
    training = parse_settings(get_model(name), settings or {})[1]
    if not model_spec(name).classifies or training is None:
        raise ConfigError(
            f"folds are for models that learn to predict genres or labels of tracks, and {name} doesn't"
        )
    data = dict(X) if isinstance(X, dict) else {"x": np.asarray(X)}
    n_tracks = len(next(iter(data.values())))
    truth = check_genres(name, genres, labels=labels, label_names=label_names, n_tracks=n_tracks)
    known = truth.any(1)
    data, truth = {key: value[known] for key, value in data.items()}, truth[known]
    fold_of = assign_folds(truth, n_folds, training.seed)
    rows, total = [], n_folds * training.epochs
    for fold in range(n_folds):
        row = _run_fold(
            name,
            data,
            truth,
            held_out=fold_of == fold,
            seed=[training.seed, fold],
            file=None if folder is None else Path(folder) / f"fold-{fold + 1}.json",
            progress=shifted(progress, fold * training.epochs, total, f"fold {fold + 1} of {n_folds}: "),
            fit_options={
                "input_extractor": input_extractor,
                "label_names": label_names,
                "settings": settings,
            },
        )
        rows.append({"fold": fold + 1, **row})
        progress((fold + 1) * training.epochs, total, f"fold {fold + 1} of {n_folds} is scored")
    return {
        "n_folds": n_folds,
        "seed": training.seed,
        "threshold": multilabel.THRESHOLD,
        "single": model_spec(name).predicts_label,
        **_summarise(rows, label_names),
    }


def _run_fold(
    name: str,
    data: dict[str, np.ndarray],
    truth: np.ndarray,
    *,
    held_out: np.ndarray,
    seed: list[int],
    file: Path | None,
    progress: Progress,
    fit_options: dict,
) -> dict:
    """Train without the held-out tracks and return their scores, or read those of a finished fold."""
    if file is not None and (row := store.read_json(file)) is not None:
        return row
    training_data = {key: value[~held_out] for key, value in data.items()}
    single = model_spec(name).predicts_label
    targets = {"labels": truth[~held_out].argmax(1)} if single else {"genres": truth[~held_out]}
    model, _ = fit_model(
        name,
        training_data.get("x", training_data),
        **targets,
        state_path=None if file is None else file.with_suffix(".safetensors"),
        progress=progress,
        **fit_options,
    )
    probability = predict_genres(model, {key: value[held_out] for key, value in data.items()})
    row = {"n_train": int((~held_out).sum()), **_score(truth[held_out], probability, seed, single=single)}
    if file is not None:
        store.write_json(file, row)
    return row


def shifted(
    progress: Progress, before: int, total: int, prefix: str = "", *, with_metrics: bool = False
) -> Progress:
    """Return a progress callable for a part of longer work, after ``before`` of ``total`` steps.

    Metrics are reported only ``with_metrics``, with the part's own step as ``epoch``: the curves of several
    trainings must not be joined.
    """

    def report(done: int, _total: int, note: str = "", **metrics) -> None:
        progress(
            before + done,
            total,
            prefix + note,
            **({"epoch": done} | metrics if metrics and with_metrics else {}),
        )

    return report


def _score(truth: np.ndarray, probability: np.ndarray, seed: list[int], *, single: bool) -> dict:
    """Return a fold's metrics, those of permuted genres, and the average precision per genre."""
    rng = np.random.default_rng(seed)
    permuted = [
        multilabel.evaluate(truth[rng.permutation(len(truth))], probability, single=single)
        for _ in range(N_SHUFFLES)
    ]
    control = {name: _none_if_nan(np.mean([scores[name] for scores in permuted])) for name in SCORES}
    found = multilabel.evaluate(truth, probability, single=single)
    scores = {key: _none_if_nan(value) for key, value in found.items()}
    return {
        **scores,
        "control": control,
        "average_precision": [_none_if_nan(v) for v in multilabel.average_precision(truth, probability)],
    }


def _summarise(rows: list[dict], label_names: Sequence[str]) -> dict:
    """Return mean, deviation and control over folds, without undefined figures."""
    found = {name: [row[name] for row in rows if row[name] is not None] for name in SCORES}
    control = {
        name: [row["control"][name] for row in rows if row["control"][name] is not None] for name in SCORES
    }
    by_genre = {
        genre: [row["average_precision"][c] for row in rows if row["average_precision"][c] is not None]
        for c, genre in enumerate(label_names)
    }
    return {
        "rows": [{key: value for key, value in row.items() if key != "average_precision"} for row in rows],
        "mean": {name: _mean(values) for name, values in found.items()},
        "deviation": {
            name: float(np.std(values, ddof=1)) if len(values) > 1 else None for name, values in found.items()
        },
        "control": {name: _mean(values) for name, values in control.items()},
        "average_precision": {genre: _mean(values) for genre, values in by_genre.items()},
    }


def _mean(values: list[float]) -> float | None:
    """Return the mean, None for an empty list."""
    return float(np.mean(values)) if values else None


def _none_if_nan(value: Any) -> Any:
    """Return None for NaN, which JSON doesn't have, and floats as Python's."""
    return None if value != value else float(value) if isinstance(value, (float, np.floating)) else value

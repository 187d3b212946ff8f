"""k-fold cross-validation of a model that predicts genres: each track is predicted by a model that never saw it.

The published figures are means over 5 folds with the standard deviation between them (Jiang, Multimodal
Self-supervised Music Genre Classification with Audio and Lyrics, sections 5.2.1 and 6); how the folds were
dealt isn't said. Here tracks are dealt by iterative stratification, so that each fold gets its share of every
genre: of all genres, the one with the fewest tracks left is dealt first, each of its tracks to the fold that
still lacks most of this genre, then to the one with most room, then by the seed.

References
----------
Sechidis, Tsoumakas and Vlahavas, "On the Stratification of Multi-Label Data", 2011, algorithm 1.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from core import store
from core.errors import ConfigError
from core.models import get_model, model_spec
from core.progress import Progress, silent
from core.scoring import multilabel
from core.training.fit import check_genres, fit_model
from core.training.predict import predict_genres
from core.training.settings import parse_settings

N_SHUFFLES = 10
"""Shuffled truths of which the control is the mean."""


def deal_folds(genres: np.ndarray, n_folds: int, seed: int) -> np.ndarray:
    """Return each track's fold, 0 … n_folds - 1, shape=(n_tracks,); see the module for how.

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
    room = np.full(n_folds, n / n_folds)
    lacking = np.tile(genres.sum(0) / n_folds, (n_folds, 1))  # (n_folds, n_genres)
    while (fold_of < 0).any():
        left = (genres & (fold_of < 0)[:, None]).sum(0)
        if left.any():
            genre = int(np.argmin(np.where(left > 0, left, n + 1)))
            rows, wish = order[(genres[order, genre]) & (fold_of[order] < 0)], lacking[:, genre]
        else:
            rows, wish = order[fold_of[order] < 0], np.zeros(n_folds)
        for row in rows:
            fold = np.lexsort((rng.random(n_folds), -room, -wish))[0]
            fold_of[row] = fold
            room[fold] -= 1
            lacking[fold] -= genres[row]
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
    """Train a model once per fold, each from the same start, and score it on the fold's tracks.

    Parameters
    ----------
    name, X, input_extractor, label_names, genres, labels, settings
        As :func:`core.training.fit.fit_model` takes them. Folds are dealt by the seed of the training.
    folder : Path, optional
        Where finished folds and the state of the one under way are kept, so that a run that was killed goes
        on there. It must belong to these data and settings.

    Returns
    -------
    dict
        ``rows``, one per fold: ``fold`` (from 1), ``n_train``, ``n_tracks``, the metrics of
        :mod:`core.scoring.multilabel`, and ``control``, the same metrics where the held-out tracks' genres
        are shuffled among them; ``mean``, ``deviation`` (over folds, with n - 1) and ``control`` (the mean)
        by metric; ``average_precision`` by genre, the mean over folds that have it; ``n_folds, seed,
        threshold``. A figure that is not defined is None.

    Raises
    ------
    ConfigError
        When the model predicts no genres, or there can't be so many folds.
    TrainingError
        As training does.
    """
    if not model_spec(name).predicts_genres:
        raise ConfigError(
            f"folds are for models that learn to predict all genres of a track, and {name} doesn't"
        )
    training = parse_settings(get_model(name), settings or {})[1]
    data = dict(X) if isinstance(X, dict) else {"x": np.asarray(X)}
    truth = check_genres(name, genres, labels, label_names, len(next(iter(data.values()))))
    known = truth.any(1)
    data, truth = {key: value[known] for key, value in data.items()}, truth[known]
    fold_of = deal_folds(truth, n_folds, training.seed)
    rows = []
    for fold in range(n_folds):
        kept = None if folder is None else Path(folder) / f"fold-{fold + 1}.json"
        row = store.read_json(kept) if kept else None
        if row is None:
            held = fold_of == fold
            given = {key: value[~held] for key, value in data.items()}
            model, _ = fit_model(
                name,
                given if isinstance(X, dict) else given["x"],
                input_extractor=input_extractor,
                label_names=label_names,
                genres=truth[~held],
                settings=settings,
                state_path=None if kept is None else kept.with_suffix(".safetensors"),
                progress=shifted(
                    progress,
                    fold * training.epochs,
                    n_folds * training.epochs,
                    f"fold {fold + 1} of {n_folds}: ",
                ),
            )
            row = _score(
                truth[held],
                predict_genres(model, {key: value[held] for key, value in data.items()}),
                [training.seed, fold],
            )
            row = {"fold": fold + 1, "n_train": int((~held).sum()), **row}
            if kept is not None:
                store.write_json(kept, row)
        rows.append(row)
        progress(
            (fold + 1) * training.epochs, n_folds * training.epochs, f"fold {fold + 1} of {n_folds} is scored"
        )
    return {
        "n_folds": n_folds,
        "seed": training.seed,
        "threshold": multilabel.THRESHOLD,
        **_summarise(rows, label_names),
    }


def shifted(
    progress: Progress, before: int, total: int, prefix: str = "", *, with_metrics: bool = False
) -> Progress:
    """Return a progress for a part of longer work, which begins after ``before`` steps of ``total``.

    Metrics are reported only ``with_metrics``, with the part's own step as ``epoch``: the curves of several
    trainings must not be joined.
    """

    def report(done: int, _total: int, note: str = "", **figures) -> None:
        progress(
            before + done,
            total,
            prefix + note,
            **({"epoch": done} | figures if figures and with_metrics else {}),
        )

    return report


def _score(truth: np.ndarray, probability: np.ndarray, seed: list[int]) -> dict:
    """Return a fold's metrics, those of shuffled truth, and the average precision per class."""
    rng = np.random.default_rng(seed)
    shuffled = [
        multilabel.evaluate(truth[rng.permutation(len(truth))], probability) for _ in range(N_SHUFFLES)
    ]
    control = {
        name: _none_if_nan(np.mean([scores[name] for scores in shuffled])) for name in multilabel.SCORES
    }
    scores = {key: _none_if_nan(value) for key, value in multilabel.evaluate(truth, probability).items()}
    return {
        **scores,
        "control": control,
        "average_precision": [_none_if_nan(v) for v in multilabel.average_precision(truth, probability)],
    }


def _summarise(rows: list[dict], label_names: Sequence[str]) -> dict:
    """Return mean, deviation and control over folds; undefined ones are left out of each."""
    found = {name: [row[name] for row in rows if row[name] is not None] for name in multilabel.SCORES}
    shuffled = {
        name: [row["control"][name] for row in rows if row["control"][name] is not None]
        for name in multilabel.SCORES
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
        "control": {name: _mean(values) for name, values in shuffled.items()},
        "average_precision": {genre: _mean(values) for genre, values in by_genre.items()},
    }


def _mean(values: list[float]) -> float | None:
    """Return the mean, None of nothing."""
    return float(np.mean(values)) if values else None


def _none_if_nan(value):
    """JSON has no nan."""
    return None if value != value else float(value) if isinstance(value, (float, np.floating)) else value

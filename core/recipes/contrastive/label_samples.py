"""Stratified samples of labelled tracks, predicted labels, and macro F1."""

from typing import Any

import numpy as np

from core.progress import silent
from core.scoring import multilabel


def split_rows(labels: list[str], test_share: float, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the rows of pretraining, classifier and test: of each label a half, and shares of the other."""
    rng = np.random.default_rng([seed, 4])
    parts: tuple[list, list, list] = ([], [], [])
    names = np.array(labels, dtype=object)
    for label in sorted({label for label in labels if label}):
        rows = rng.permutation(np.flatnonzero(names == label))
        half = len(rows) // 2
        n_test = max(1, round((len(rows) - half) * test_share))
        for part, chosen in zip(parts, np.split(rows, [half, len(rows) - n_test])):
            part.append(chosen)
    pretraining, training, test = (np.sort(np.concatenate(part)).astype(int) for part in parts)
    return pretraining, training, test


def sample_rows(labels: list[str], rows: np.ndarray, count: int, seed: int) -> np.ndarray:
    """Return ``count`` of the rows, stratified: label by label in turn, each label's rows in random order."""
    rng = np.random.default_rng([seed, 5])
    by_label: dict[str, list[int]] = {}
    for row in rng.permutation(rows):
        by_label.setdefault(labels[row], []).append(int(row))
    turns = [(turn, rng.random(), row) for own in by_label.values() for turn, row in enumerate(own)]
    return np.sort([row for _, _, row in sorted(turns)[:count]])


def predict_labels(model: Any, X: np.ndarray) -> np.ndarray:
    """Return the most probable label's number of each track, its logits averaged over crops."""
    from core.training.encode import map_tracks
    from core.training.examples import Examples, arrange

    examples = Examples(*arrange({"x": X}, model.input_shape), np.arange(len(X)))
    logits = map_tracks(
        lambda batch: model(batch["x"]), model, examples, model.n_labels, "predicting labels", 64, silent
    )
    return logits.argmax(1)


def macro_f1(truth: np.ndarray, predicted: np.ndarray) -> float:
    """Return the macro F1 of one label per track, see :func:`core.scoring.multilabel.macro_f1`."""
    labels = np.union1d(truth, predicted)
    return multilabel.macro_f1(truth[:, None] == labels, predicted[:, None] == labels)

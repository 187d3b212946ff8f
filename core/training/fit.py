"""From features and settings to a trained model with everything that its checkpoint says."""

import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from torch import nn

from core.errors import ConfigError, TrainingError
from core.inputs.input_names import match_input
from core.models import get_model, model_spec
from core.models.model_contract import ModelSpec
from core.models.train_config import TrainConfig
from core.progress import Progress, silent
from core.training.examples import Examples, arrange, input_shape_of
from core.training.loop import History, train
from core.training.settings import parse_settings

UNKNOWN = "unknown"
FIGURES_FROM = 512
"""Tracks that a model's diagnostics are about."""


def fit_model(
    name: str,
    X: np.ndarray | dict[str, np.ndarray],
    *,
    input_extractor: dict,
    labels: np.ndarray | None = None,
    label_names: Sequence[str] = (),
    genres: np.ndarray | None = None,
    settings: dict[str, str] | None = None,
    collection: dict | None = None,
    progress: Progress = silent,
    state_path: Path | None = None,
) -> tuple[nn.Module, dict]:
    """Build a model, train it and return it with the metadata for :func:`core.checkpoints.checkpoint.save_checkpoint`.

    Parameters
    ----------
    name : str
        A registered model.
    X : ndarray, shape=(n_tracks[, n_crops], …)
        Features of the tracks that have them. For a joint model a dictionary: ``audio`` and ``text`` like
        that, with ``audio_present`` and ``text_present``, bool of shape (n_tracks,).
    input_extractor : dict
        ``name`` (as registered, or two joined by "+") and ``config`` (JSON-able) of what made X.
    labels : ndarray of int, shape=(n_tracks,), optional
        Positions in ``label_names``, -1 where unknown (see :func:`number_labels`); only a model that sees
        labels reads them, and takes the unlabelled tracks as one more class, "unknown", or leaves them out
        (``needs_labels``).
    genres : ndarray of bool, shape=(n_tracks, len(label_names)), optional
        All genres of each track, for a model that predicts genres; left out, each track has the one that
        ``labels`` says. Tracks without any are left out of training.
    settings : dict of str, optional
        The ``--set`` values.
    collection : dict, optional
        What to remember of the collection, with its ``name``.
    state_path : Path, optional
        The run's state is kept there after each epoch, and taken up from there where the file exists.

    Raises
    ------
    ConfigError
        For unknown settings or models, features that this model can't read, or values out of range.
    TrainingError
        See :func:`core.training.loop.train`; and for a model that sees labels or genres when fewer than two
        are known.
    CheckpointError
        When the state belongs to another run.
    """
    spec, kind = model_spec(name), get_model(name)
    if not match_input(spec.inputs, input_extractor["name"]):
        raise ConfigError(f"{name} can't read {input_extractor['name']}; it reads {', '.join(spec.inputs)}")
    config, training = parse_settings(kind, settings or {})
    data = dict(X) if isinstance(X, dict) else {"x": np.asarray(X)}
    shape = input_shape_of(spec, data if isinstance(X, dict) else data["x"])
    data, names = _with_truth(spec, data, labels, label_names, genres)
    started = time.monotonic()
    model = _start(kind, config, shape, len(names), input_extractor, training.seed if training else 0)
    history = _fit(model, data, training, state_path, progress)
    examples = Examples(*arrange(data, shape), np.arange(_n_tracks(data)))
    meta = {
        "training": asdict(training) if training else None,
        "input": {"name": input_extractor["name"], "config": input_extractor.get("config", {})},
        "labels": names,
        "started_from": model.started_from,
        "collection": collection or {},
        "n_tracks": len(examples.tracks),
        "n_examples": len(examples),
        "history": asdict(history),
        "figures": diagnose(model, examples),
        "seconds": round(time.monotonic() - started, 1),
    }
    return model, meta


def number_labels(labels: Sequence[str]) -> tuple[np.ndarray, list[str]]:
    """Return integer labels, -1 for "", and the names they stand for in alphabetical order."""
    names = sorted({label for label in labels if label})
    numbers = {label: number for number, label in enumerate(names)}
    return np.array([numbers.get(label, -1) for label in labels], np.int64), names


def check_genres(
    name: str, genres: np.ndarray | None, labels: np.ndarray | None, label_names: Sequence[str], n_tracks: int
) -> np.ndarray:
    """Return which track has which genre, (n_tracks, n_labels), bool; from one label per track where no genres are given.

    Raises
    ------
    ConfigError
        When they don't fit the tracks or the names.
    TrainingError
        When fewer than two genres occur.
    """
    if genres is None:
        labels = np.full(n_tracks, -1) if labels is None else np.asarray(labels)
        genres = labels[:, None] == np.arange(len(label_names))
    genres = np.asarray(genres, bool)
    if genres.shape != (n_tracks, len(label_names)):
        raise ConfigError(
            f"genres of shape {genres.shape} were given for {n_tracks} tracks and {len(label_names)} names "
            "of genres"
        )
    found = int(genres.any(0).sum())
    if found < 2:
        raise TrainingError(
            f"{name} learns genres, and these tracks have {found} different ones; it needs two or more"
        )
    return genres


def diagnose(model: nn.Module, examples: Examples) -> dict:
    """Return a fitted model's diagnostics on the first crop of up to 512 evenly spaced tracks."""
    tracks = (
        np.unique(np.linspace(0, len(examples.tracks) - 1, FIGURES_FROM).round().astype(int))
        * examples.n_crops
    )
    with torch.no_grad():
        return model.diagnostics(examples.__getitems__(tracks.tolist()))


def _n_tracks(data: dict[str, np.ndarray]) -> int:
    """Return the number of tracks."""
    return len(next(iter(data.values())))


def _with_truth(
    spec: ModelSpec,
    data: dict[str, np.ndarray],
    labels: np.ndarray | None,
    label_names: Sequence[str],
    genres: np.ndarray | None,
) -> tuple[dict[str, np.ndarray], list[str]]:
    """Return the data with the labels or genres that the model is trained on, and their names; tracks without, where it needs one, are left out."""
    if spec.predicts_genres:
        truth = check_genres(spec.name, genres, labels, label_names, _n_tracks(data))
        known = truth.any(1)
        return {key: value[known] for key, value in data.items()} | {
            "genres": truth[known].astype(np.float32)
        }, list(label_names)
    if not spec.sees_labels:
        return data, []
    if spec.needs_labels and labels is not None and len(labels) == _n_tracks(data):
        known = np.asarray(labels) >= 0
        data, labels = {key: value[known] for key, value in data.items()}, np.asarray(labels)[known]
    numbers, names = _with_unknown(spec.name, labels, label_names)
    if len(numbers) != _n_tracks(data):
        raise ConfigError(f"{len(numbers)} labels were given for {_n_tracks(data)} tracks")
    return data | {"label": numbers}, names


def _start(kind: type, config, shape, n_labels: int, reads: dict, seed: int) -> nn.Module:
    """Build the model that training starts from, with random weights that follow from the seed."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return kind.from_pretrained(config, shape, n_labels, reads)


def _fit(
    model: nn.Module, data: dict, training: TrainConfig | None, state_path: Path | None, progress: Progress
) -> History:
    """Train a model, from its last finished epoch where a state is kept; or fit one that has no epochs."""
    if training:
        resume_from = state_path if state_path is not None and Path(state_path).is_file() else None
        return train(
            model, data, training, resume_from=resume_from, save_state_to=state_path, progress=progress
        )
    progress(0, 1, f"{model.name}: fitting in closed form")
    history = train(model, data, TrainConfig())  # the loop's checks of the data hold for it as well
    progress(1, 1, f"{model.name}: fitted")
    return history


def _with_unknown(
    name: str, labels: np.ndarray | None, label_names: Sequence[str]
) -> tuple[np.ndarray, list[str]]:
    """Give unlabelled tracks a class of their own."""
    known = set() if labels is None else set(np.asarray(labels)[np.asarray(labels) >= 0].tolist())
    if len(known) < 2:
        raise TrainingError(
            f"{name} learns from labels, and this collection has {len(known)} different ones; it needs two "
            "or more"
        )
    labels, names = np.asarray(labels, np.int64).copy(), list(label_names)
    if max(known) >= len(names):
        raise ConfigError(f"labels go up to {max(known)}, and there are {len(names)} label names")
    if (labels < 0).any():
        labels[labels < 0] = len(names)
        names.append(UNKNOWN)
    return labels, names

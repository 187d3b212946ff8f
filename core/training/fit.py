"""Fitting: from features and settings to a trained model and the metadata of its checkpoint."""

import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch

from core.checkpoints.catalogue import get_checkpoint, list_checkpoints
from core.errors import CheckpointError, ConfigError
from core.inputs.input_names import match_input
from core.inputs.weighted_parts import InputPart
from core.models import get_model, model_spec
from core.models.latent_model import LatentModel, Pretrained
from core.models.model_entry import ModelSpec
from core.models.train_config import TrainConfig
from core.progress import Progress, silent
from core.training.examples import Examples, arrange, input_shape_of
from core.training.loop import train
from core.training.resume import History
from core.training.settings import parse_settings
from core.training.targets import add_targets

MAX_DIAGNOSED = 512
"""Tracks on which a model's diagnostics are computed."""


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
) -> tuple[LatentModel, dict]:
    """Build a model, train it and return it with the metadata of its checkpoint.

    Parameters
    ----------
    name : str
        A registered model.
    X : ndarray, shape=(n_tracks[, n_crops], …)
        Features of the tracks. For a model of two inputs a dictionary: ``audio`` and ``text`` like that, with
        ``audio_present`` and ``text_present``, bool of shape (n_tracks,).
    input_extractor : dict
        ``name`` (see :mod:`core.inputs.input_names`) and ``config`` (JSON-able) of the extractor of X, and
        ``parts`` where several are side by side (:class:`core.inputs.weighted_parts.InputPart` by modality).
    labels : ndarray of int, shape=(n_tracks,), optional
        Positions in ``label_names``, -1 where unknown (see :func:`core.training.targets.number_labels`), for
        a model that sees labels. Unlabelled tracks get a class "unknown", or are left out of the training of
        a model that ``needs_labels``.
    genres : ndarray of bool, shape=(n_tracks, len(label_names)), optional
        All genres of each track, for a model that predicts genres; by default each track has the genre of
        ``labels``. Tracks without a genre are left out of training.
    settings : dict of str, optional
        Values by setting, as ``train --set`` takes them.
    collection : dict, optional
        Facts of the collection that the checkpoint stores, with its ``name``.
    state_path : Path, optional
        Where the state of the run is saved after each epoch, and resumed from if the file exists.

    Raises
    ------
    ConfigError
        For unknown settings or models, values out of range, or features that this model can't read.
    TrainingError
        See :func:`core.training.loop.train`; and for a model that sees labels or genres when fewer than two
        occur.
    CheckpointError
        When the state belongs to another run, or the setting ``start`` names no suitable checkpoint.
    """
    spec, cls = model_spec(name), get_model(name)
    if not match_input(spec.inputs, input_extractor["name"], spec.input_ndim):
        raise ConfigError(f"{name} can't read {input_extractor['name']}; it reads {', '.join(spec.inputs)}")
    config, training = parse_settings(cls, settings or {})
    data = dict(X) if isinstance(X, dict) else {"x": np.asarray(X)}
    shape = input_shape_of(spec, data if isinstance(X, dict) else data["x"])
    data, names = add_targets(spec, data, labels=labels, label_names=label_names, genres=genres)
    started = time.monotonic()
    seed = training.seed if training else 0
    model = _initialise(spec, config, shape, n_labels=len(names), reads=input_extractor, seed=seed)
    history = _fit(model, data, training, state_path, progress)
    examples = Examples(*arrange(data, shape), np.arange(len(next(iter(data.values())))))
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


def diagnose(model: LatentModel, examples: Examples) -> dict:
    """Return a fitted model's diagnostics on the first crop of up to 512 evenly spaced tracks."""
    tracks = np.unique(np.linspace(0, len(examples.tracks) - 1, MAX_DIAGNOSED).round().astype(int))
    with torch.no_grad():
        return model.diagnostics(examples.__getitems__((tracks * examples.n_crops).tolist()))


def _initialise(
    spec: ModelSpec, config: Any, shape: Any, *, n_labels: int, reads: dict, seed: int
) -> LatentModel:
    """Build the initial model: random weights by the seed, and the pretrained checkpoint of ``start``."""
    pretrained = None
    if spec.fine_tunes and config.start:
        pretrained = load_pretrained_checkpoint(config.start, spec.fine_tunes)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = spec.load().from_pretrained(config, shape, n_labels, reads, pretrained)
    for name, parts in reads.get("parts", {}).items():
        if name not in model.standardised_inputs():
            raise ConfigError(f"{spec.name} standardises no vectors, so it can't read several side by side")
        model.standardised_inputs()[name].parts = tuple(InputPart(**part) for part in parts)
    return model


def _fit(
    model: LatentModel,
    data: dict[str, np.ndarray],
    training: TrainConfig | None,
    state_path: Path | None,
    progress: Progress,
) -> History:
    """Train a model, resuming from a saved state, or fit it in closed form."""
    if training:
        resume_from = state_path if state_path is not None and Path(state_path).is_file() else None
        return train(
            model, data, training, resume_from=resume_from, save_state_to=state_path, progress=progress
        )
    progress(0, 1, f"{model.name}: fitting in closed form")
    history = train(model, data, TrainConfig())  # with the loop's checks of the data
    progress(1, 1, f"{model.name}: fitted")
    return history


def load_pretrained_checkpoint(start: str, model: str) -> Pretrained:
    """Load the checkpoint that a setting ``start`` names.

    Parameters
    ----------
    start : str
        Name, hash or file of a checkpoint.
    model : str
        The expected model; the error lists its checkpoints.

    Raises
    ------
    CheckpointError
        When there is no such checkpoint, or it can't be loaded.
    """
    from core.checkpoints.checkpoint import load_checkpoint

    found = get_checkpoint(start)
    if found is None:
        fitting = (
            ", ".join(c.name for c in list_checkpoints() if c.model == model)
            or f"none yet; train {model} first"
        )
        raise CheckpointError(f"start={start!r} is no checkpoint and no file; there are: {fitting}")
    loaded, meta = load_checkpoint(found.path)
    return Pretrained(loaded, meta["input"], found.name)

"""From features and settings to a trained model with everything that its checkpoint says."""

import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from torch import nn

from core.errors import ConfigError, TrainingError
from core.inputs import match_input
from core.models import get_model
from core.progress import Progress, silent
from core.training.examples import Examples, arrange, input_shape_of
from core.training.loop import History, train
from core.training.settings import parse_settings

UNKNOWN = "unknown"
FIGURES_FROM = 512
"""Examples looked at for the figures about the latents."""


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
    """Build a model, train it and return it with the metadata for :func:`core.training.checkpoint.save_checkpoint`.

    Parameters
    ----------
    name : str
        A registered model.
    X : ndarray, shape=(n_tracks[, n_crops], …)
        Features of the tracks that have them. For a joint model a dictionary: ``audio`` and ``text`` like that, with
        ``audio_present`` and ``text_present``, bool of shape (n_tracks,).
    input_extractor : dict
        ``name`` (as registered, or two joined by "+") and ``config`` (JSON-able) of what made X.
    labels : ndarray of int, shape=(n_tracks,), optional
        Positions in ``label_names``, -1 where unknown (see :func:`number_labels`); only a model that sees labels
        reads them, and takes the unlabelled tracks as one more class, "unknown", or leaves them out (``needs_labels``).
    genres : ndarray of bool, shape=(n_tracks, len(label_names)), optional
        All genres of each track, for a model with ``multi_label``; left out, each track has the one that ``labels`` says. Tracks
        without any are left out of training.
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
        See :func:`core.training.loop.train`; and for a model that sees labels or genres when fewer than two are known.
    CheckpointError
        When the state belongs to another run.
    """
    kind = get_model(name)
    if not match_input(kind.inputs, input_extractor["name"]):
        raise ConfigError(f"{name} can't read {input_extractor['name']}; it reads {', '.join(kind.inputs)}")
    config, training = parse_settings(kind, settings or {})
    data, names = dict(X) if isinstance(X, dict) else {"x": np.asarray(X)}, []
    n_tracks = len(next(iter(data.values())))
    shape = input_shape_of(kind, data if isinstance(X, dict) else data["x"])
    if getattr(kind, "multi_label", False):
        truth, names = check_genres(name, genres, labels, label_names, n_tracks), list(label_names)
        known = truth.any(1)
        data = {key: value[known] for key, value in data.items()} | {"genres": truth[known].astype(np.float32)}
        n_tracks = int(known.sum())
    elif getattr(kind, "needs_labels", False) and labels is not None and len(labels) == n_tracks:
        known = np.asarray(labels) >= 0
        data, labels, n_tracks = {key: value[known] for key, value in data.items()}, np.asarray(labels)[known], int(known.sum())
    if kind.sees_labels and not getattr(kind, "multi_label", False):
        data["label"], names = _with_unknown(name, labels, label_names)
        if len(data["label"]) != n_tracks:
            raise ConfigError(f"{len(data['label'])} labels were given for {n_tracks} tracks")
    started = time.monotonic()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(training.seed if training else 0)
        begin = getattr(kind, "from_pretrained", None)
        model = begin(config, shape, len(names), input_extractor) if begin else kind(config, shape, len(names))
    resume_from = state_path if state_path is not None and Path(state_path).is_file() else None
    if training:
        history = train(model, data, training, resume_from=resume_from, save_state_to=state_path, progress=progress)
    else:
        history = _fit_closed_form(model, data, progress)
    examples = Examples(*arrange(data, shape), np.arange(n_tracks))
    meta = {
        "training": asdict(training) if training else None,
        "input": {"name": input_extractor["name"], "config": input_extractor.get("config", {})},
        "labels": names,
        "started_from": getattr(model, "started_from", ""),
        "collection": collection or {},
        "n_tracks": n_tracks,
        "n_examples": len(examples),
        "history": asdict(history),
        "figures": figures_of(model, examples),
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
) -> np.ndarray:  # fmt: skip
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
        raise ConfigError(f"genres of shape {genres.shape} were given for {n_tracks} tracks and {len(label_names)} names of genres")
    found = int(genres.any(0).sum())
    if found < 2:
        raise TrainingError(f"{name} learns genres, and these tracks have {found} different ones; it needs two or more")
    return genres


def figures_of(model: nn.Module, examples: Examples) -> dict:
    """Return what is worth knowing about a fitted model's latents, from the first crop of up to 512 evenly spaced tracks.

    Variational models: see :func:`core.models.elbo.collapse_figures`; others bring their own
    ``diagnostics(batch)``, or none.
    """
    tracks = np.unique(np.linspace(0, len(examples.tracks) - 1, FIGURES_FROM).round().astype(int)) * examples.n_crops
    if hasattr(model, "diagnostics"):
        with torch.no_grad():
            return model.diagnostics(examples.__getitems__(tracks.tolist()))
    if not hasattr(model, "posterior"):
        return {}
    from core.models.elbo import collapse_figures

    with torch.no_grad():
        parts = [model.posterior(examples.__getitems__(tracks[i : i + 64].tolist())["x"]) for i in range(0, len(tracks), 64)]
    mu, log_var = (torch.cat(side) for side in zip(*parts))
    return collapse_figures(mu, log_var)


def _fit_closed_form(model: nn.Module, data: dict, progress: Progress) -> History:
    """Fit a model that has no epochs; the loop's checks of the data hold for it as well."""
    from core.training.config import TrainConfig

    progress(0, 1, f"{model.name}: fitting in closed form")
    history = train(model, data, TrainConfig())
    progress(1, 1, f"{model.name}: fitted")
    return history


def _with_unknown(name: str, labels: np.ndarray | None, label_names: Sequence[str]) -> tuple[np.ndarray, list[str]]:
    """Give unlabelled tracks a class of their own."""
    known = set() if labels is None else set(np.asarray(labels)[np.asarray(labels) >= 0].tolist())
    if len(known) < 2:
        raise TrainingError(
            f"{name} learns from labels, and this collection has {len(known)} different ones; it needs two or more"
        )
    labels, names = np.asarray(labels, np.int64).copy(), list(label_names)
    if max(known) >= len(names):
        raise ConfigError(f"labels go up to {max(known)}, and there are {len(names)} label names")
    if (labels < 0).any():
        labels[labels < 0] = len(names)
        names.append(UNKNOWN)
    return labels, names

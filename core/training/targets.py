"""Labels and genres of tracks in the form that training takes."""

from collections.abc import Sequence

import numpy as np

from core.errors import ConfigError, TrainingError
from core.models.model_entry import ModelSpec

UNKNOWN = "unknown"
"""The class of unlabelled tracks."""


def number_labels(labels: Sequence[str]) -> tuple[np.ndarray, list[str]]:
    """Return labels as positions in their alphabetically sorted names, -1 for "", and those names."""
    names = sorted({label for label in labels if label})
    numbers = {label: number for number, label in enumerate(names)}
    return np.array([numbers.get(label, -1) for label in labels], np.int64), names


def check_genres(
    name: str,
    genres: np.ndarray | None,
    *,
    labels: np.ndarray | None,
    label_names: Sequence[str],
    n_tracks: int,
) -> np.ndarray:
    """Return the genres of each track, bool of shape (n_tracks, n_labels); by default one from its label.

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
            f"genres have shape {genres.shape}, but there are {n_tracks} tracks and {len(label_names)} names "
            "of genres"
        )
    found = int(genres.any(0).sum())
    if found < 2:
        raise TrainingError(f"{name} needs two genres or more, and these tracks have {found}")
    return genres


def add_targets(
    spec: ModelSpec,
    data: dict[str, np.ndarray],
    *,
    labels: np.ndarray | None,
    label_names: Sequence[str],
    genres: np.ndarray | None,
) -> tuple[dict[str, np.ndarray], list[str]]:
    """Add the labels or genres that a model is trained with, and return their names, too.

    Tracks without are left out of the data of a model that needs them.
    """
    n_tracks = len(next(iter(data.values())))
    if spec.predicts_genres:
        truth = check_genres(spec.name, genres, labels=labels, label_names=label_names, n_tracks=n_tracks)
        known = truth.any(1)
        kept = {key: value[known] for key, value in data.items()}
        return kept | {"genres": truth[known].astype(np.float32)}, list(label_names)
    if not spec.sees_labels:
        return data, []
    if spec.needs_labels and labels is not None and len(labels) == n_tracks:
        known = np.asarray(labels) >= 0
        data, labels = {key: value[known] for key, value in data.items()}, np.asarray(labels)[known]
        n_tracks = len(labels)
    numbers, names = _add_unknown(spec.name, labels, label_names)
    if len(numbers) != n_tracks:
        raise ConfigError(f"{len(numbers)} labels were given for {n_tracks} tracks")
    return data | {"label": numbers}, names


def _add_unknown(
    name: str, labels: np.ndarray | None, label_names: Sequence[str]
) -> tuple[np.ndarray, list[str]]:
    """Return labels and names in which unlabelled tracks have a class of their own."""
    known = set() if labels is None else set(np.asarray(labels)[np.asarray(labels) >= 0].tolist())
    if len(known) < 2:
        raise TrainingError(f"{name} needs two labels or more, and this collection has {len(known)}")
    labels, names = np.asarray(labels, np.int64).copy(), list(label_names)
    if max(known) >= len(names):
        raise ConfigError(f"labels go up to {max(known)}, but there are {len(names)} label names")
    if (labels < 0).any():
        labels[labels < 0] = len(names)
        names.append(UNKNOWN)
    return labels, names

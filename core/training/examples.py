"""From arrays of tracks to batches.

A track is one vector, one spectrogram, or several crops of either. Each crop is one training example.
"""

from collections.abc import Iterator, Mapping

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import Dataset, Sampler

from core.errors import ConfigError, TrainingError
from core.models.model_entry import ModelSpec


def input_shape_of(
    spec: ModelSpec, X: np.ndarray | dict[str, np.ndarray]
) -> tuple[int, ...] | dict[str, tuple[int, ...]]:
    """Return the shape of one example in X (n_tracks[, n_crops], …), by modality for a model of two inputs.

    Raises
    ------
    ConfigError
        When X doesn't have the axes that this model reads.
    """
    ndims = spec.input_ndim
    if isinstance(X, dict) and isinstance(ndims, Mapping):
        return {name: _example_shape(f"{spec.name} ({name})", X[name], ndim) for name, ndim in ndims.items()}
    if isinstance(X, dict) or isinstance(ndims, Mapping):
        raise ConfigError(f"{spec.name} reads {'two inputs' if spec.reads_two else 'one input'}")
    return _example_shape(spec.name, X, ndims)


def _example_shape(name: str, X: np.ndarray, ndim: int | None) -> tuple[int, ...]:
    """Return the last ``ndim`` axes; None: two of four axes, which are spectrograms with crops, else one."""
    ndim = ndim or (2 if X.ndim == 4 else 1)
    if X.ndim not in (1 + ndim, 2 + ndim):
        kind = (
            "vectors (n_tracks, n_dimensions)"
            if ndim == 1
            else "spectrograms (n_tracks, n_crops, n_mels, n_frames)"
        )
        raise ConfigError(
            f"{name} reads {kind}, with or without an axis of crops; these features have shape {X.shape}"
        )
    return tuple(X.shape[-ndim:])


def split_crops(X: np.ndarray, input_shape: tuple[int, ...]) -> np.ndarray:
    """Return X as (n_tracks, n_crops, *input_shape), a view.

    Raises
    ------
    ConfigError
        When the examples in X have another shape.
    """
    X = np.asarray(X)
    if X.shape[1:] == tuple(input_shape):
        return X[:, None]
    if X.shape[2:] == tuple(input_shape) and X.ndim > 1:
        return X
    raise ConfigError(
        f"this model reads examples of shape {tuple(input_shape)}; the features of {len(X)} tracks have "
        f"shape {X.shape}"
    )


def check_finite(X: np.ndarray) -> None:
    """Refuse NaN and infinite features.

    Raises
    ------
    TrainingError
        With the number of tracks that have them.
    """
    bad = [i for i, track in enumerate(X) if not np.isfinite(track).all()]
    if bad:
        raise TrainingError(
            f"the features of {len(bad)} of {len(X)} tracks hold NaN or infinite values (first: row {bad[0]})"
        )


class Examples(Dataset):
    """All crops of some tracks, ordered by track.

    Parameters
    ----------
    arrays : dict of ndarray, shape=(n_tracks, n_crops, *shape), float16, float32 or int64
        The model's inputs, see :func:`arrange`. A single crop is paired with every crop of the other input.
    facts : dict of ndarray, shape=(n_tracks,)
        Values per track: ``label``, ``audio_present``, ``text_present``.
    tracks : ndarray of int
        Rows of the tracks.
    """

    def __init__(self, arrays: dict[str, np.ndarray], facts: dict[str, np.ndarray], tracks: np.ndarray):
        self.arrays, self.facts, self.tracks = arrays, facts, tracks
        self.n_crops = max(X.shape[1] for X in arrays.values())

    def __len__(self) -> int:
        return len(self.tracks) * self.n_crops

    def __getitems__(self, examples: list[int]) -> dict[str, Tensor]:
        """Return a batch of examples by their indices."""
        track, crop = np.divmod(np.asarray(examples), self.n_crops)
        index = self.tracks[track]
        batch = {name: as_tensor(X[index, crop % X.shape[1]]) for name, X in self.arrays.items()}
        return (
            batch
            | {name: torch.from_numpy(fact[index]) for name, fact in self.facts.items()}
            | {"index": torch.from_numpy(index)}
        )


def as_tensor(X: np.ndarray) -> Tensor:
    """Return integers (tokens) as int64, other numbers in single precision."""
    return torch.from_numpy(X.astype(np.int64 if X.dtype.kind in "iu" else np.float32))


def arrange(
    data: dict[str, np.ndarray], input_shape: tuple[int, ...] | dict[str, tuple[int, ...]]
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Split data into the model's inputs, with an axis of crops, and the values per track.

    Parameters
    ----------
    data : dict
        ``x``, or ``audio`` and ``text``, of shape (n_tracks[, n_crops], …); any others have shape
        (n_tracks,).
    input_shape : tuple, or dict of tuples by those names

    Raises
    ------
    ConfigError
        When an array doesn't have the model's input shape, or arrays differ in the number of tracks.
    TrainingError
        For NaN or infinite features.
    """
    shapes = input_shape if isinstance(input_shape, dict) else {"x": input_shape}
    arrays = {name: split_crops(data[name], shape) for name, shape in shapes.items()}
    facts = {name: np.asarray(value) for name, value in data.items() if name not in shapes}
    lengths = {name: len(value) for name, value in {**arrays, **facts}.items()}
    if len(set(lengths.values())) > 1:
        raise ConfigError(f"arrays of the same tracks have different lengths: {lengths}")
    for X in arrays.values():
        check_finite(X)
    return arrays, facts


class Order(Sampler):
    """A random order of the examples per ``epoch``, which depends on (seed, epoch) alone."""

    def __init__(self, n: int, seed: int):
        self.n, self.seed, self.epoch = n, seed, 1

    def __len__(self) -> int:
        return self.n

    def __iter__(self) -> Iterator[int]:
        return iter(np.random.default_rng([self.seed, self.epoch]).permutation(self.n).tolist())

"""From an array of tracks to batches in memory.

A track is one vector, one spectrogram, or several crops of either. Each crop is one training example (the papers
take a single crop per track, which is the case of one).
"""

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import Dataset, Sampler

from core.errors import ConfigError, TrainingError


def input_shape_of(model: type, X: np.ndarray) -> tuple[int, ...]:
    """Return the shape of one example that ``model`` would read from X of shape (n_tracks[, n_crops], …).

    Raises
    ------
    ConfigError
        When X has fewer or more axes than this model reads.
    """
    ndim = model.input_ndim or (2 if X.ndim == 4 else 1)
    if X.ndim not in (1 + ndim, 2 + ndim):
        kind = "vectors (n_tracks, n_dimensions)" if ndim == 1 else "spectrograms (n_tracks, n_crops, n_mels, n_frames)"
        raise ConfigError(
            f"{model.name} reads {kind}, with or without an axis of crops; these features have shape {X.shape}"
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
        f"this model reads examples of shape {tuple(input_shape)}; the features of {len(X)} tracks have shape {X.shape}"
    )


def check_finite(X: np.ndarray) -> None:
    """Refuse NaN and infinite features, in which a model can only drown.

    Raises
    ------
    TrainingError
        Says how many tracks have them.
    """
    bad = [i for i, track in enumerate(X) if not np.isfinite(track).all()]
    if bad:
        raise TrainingError(
            f"the features of {len(bad)} of {len(X)} tracks hold NaN or infinite values (first: row {bad[0]})"
        )


class Examples(Dataset):
    """All crops of some tracks, track by track.

    Parameters
    ----------
    X : ndarray, shape=(n_tracks, n_crops, *input_shape), float16 or float32
    labels : ndarray of int64, shape=(n_tracks,), optional
    tracks : ndarray of int
        Rows of X that take part.
    """

    def __init__(self, X: np.ndarray, labels: np.ndarray | None, tracks: np.ndarray):
        self.X, self.labels, self.tracks = X, labels, tracks

    def __len__(self) -> int:
        return len(self.tracks) * self.X.shape[1]

    def __getitems__(self, examples: list[int]) -> dict[str, Tensor]:
        track, crop = np.divmod(np.asarray(examples), self.X.shape[1])
        index = self.tracks[track]
        batch = {"x": torch.from_numpy(self.X[index, crop].astype(np.float32)), "index": torch.from_numpy(index)}
        if self.labels is not None:
            batch["label"] = torch.from_numpy(self.labels[index].astype(np.int64))
        return batch


class Order(Sampler):
    """A new order of the examples for each ``epoch``, which follows from (seed, epoch) alone."""

    def __init__(self, n: int, seed: int):
        self.n, self.seed, self.epoch = n, seed, 1

    def __len__(self) -> int:
        return self.n

    def __iter__(self) -> Iterator[int]:
        return iter(np.random.default_rng([self.seed, self.epoch]).permutation(self.n).tolist())

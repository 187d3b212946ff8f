"""Patches of a spectrogram hidden, and filled in by a masked autoencoder: what it expects from the rest."""

import math
from dataclasses import dataclass

import numpy as np

from core.checkpoints.catalogue import Checkpoint
from core.collection import Collection
from core.errors import ConfigError
from core.inputs.input_names import is_joint
from core.models import model_spec
from core.reconstruction.mel_inversion import to_sound
from core.reconstruction.model_cache import loaded
from core.reconstruction.peak_level import match_level
from core.reconstruction.reconstruct import take_crop
from core.reconstruction.spectrogram_scale import Scale
from core.reconstruction.track_input import read_example
from core.representation.resolve import resolve

LEAST, MOST = 0.05, 0.95
"""Share of the patches that may be hidden."""


@dataclass(frozen=True, eq=False)
class Inpainted:
    """One crop of a track with patches hidden, and restored.

    Attributes
    ----------
    original, masked, restored : ndarray of float32, shape=(n_mels, n_frames)
        In the extractor's units; ``masked`` is nan where hidden, ``restored`` equals the original where not.
    hidden : ndarray of bool, shape=(n_mels, n_frames)
    mse : float
        Mean squared error of the hidden patches, in the extractor's units. 0 is perfect.
    control_mse : float
        The same when each hidden patch is guessed to be the mean of the visible ones.
    band_mse : float
        The same when it is guessed to be the mean of the visible ones of the same pitch (of all where a pitch
        shows none): a guess that knows how spectra slope.
    scale : Scale
    crop, n_crops : int
    """

    original: np.ndarray
    masked: np.ndarray
    restored: np.ndarray
    hidden: np.ndarray
    mse: float
    control_mse: float
    band_mse: float
    scale: Scale
    crop: int
    n_crops: int

    @property
    def rms_db(self) -> float:
        """Return the root mean squared error of the hidden patches in dB."""
        return math.sqrt(self.mse) * self.scale.unit_db

    def sounds(self, seed: int = 0) -> dict[str, np.ndarray]:
        """Return ``original, masked, restored`` as sounds at ``scale.sr``, all at one gain; what is hidden is silent."""
        return match_level(
            {
                name: to_sound(getattr(self, name), self.scale, seed=seed)
                for name in ("original", "masked", "restored")
            }
        )


def inpaint(
    collection: Collection,
    checkpoint: Checkpoint,
    track_id: str,
    *,
    mask_ratio: float,
    seed: int = 0,
    crop: int = 0,
    with_words: bool = False,
) -> Inpainted:
    """Hide some patches of one crop of a track and let a masked autoencoder fill them in.

    Parameters
    ----------
    with_words : bool
        Show the model the track's words too, where it reads both; as many of them as the model shows itself
        in training.

    Raises
    ------
    ConfigError
        When the mask ratio lies outside 0.05..0.95, the model fills in nothing or reads no words, or the crop
        isn't there.
    CollectionError, AudioError, TextError
        When the track is not there, its sound can't be read, or it lacks the words that are asked for.
    CheckpointError
        When the checkpoint can't be used.
    """
    if not LEAST <= mask_ratio <= MOST:
        raise ConfigError(
            f"mask_ratio={mask_ratio} must lie in [{LEAST}, {MOST}]: the share of patches that are hidden"
        )
    extractor, _ = resolve(collection, str(checkpoint.path), "audio")
    example = read_example(collection, extractor, track_id)
    x = take_crop(example, crop)
    words = _words_of(collection, checkpoint, track_id) if with_words else None
    with loaded(checkpoint) as (model, device):
        if not model_spec(model.name).inpaints or not example.scales:
            raise ConfigError(
                f"{checkpoint.name} is no masked autoencoder over spectrograms, so it fills in nothing"
            )
        from core.training.examples import as_tensor

        beside = {} if words is None else {"text": as_tensor(words[None]).to(device)}
        restored, hidden = model.inpaint(
            as_tensor(x[None]).to(device), mask_ratio=mask_ratio, seed=seed, **beside
        )
        restored, hidden = (value.cpu().numpy()[0] for value in (restored.float(), hidden))
    masked = np.where(hidden, np.float32(np.nan), x)
    by_all, by_band = guess_by_mean_patch(masked)
    errors = (float(np.square(guess - x)[hidden].mean()) for guess in (restored, by_all, by_band))
    return Inpainted(
        x, masked, restored, hidden, *errors, scale=example.scales[crop], crop=crop, n_crops=len(example.x)
    )


def _words_of(collection: Collection, checkpoint: Checkpoint, track_id: str) -> np.ndarray:
    """Return a track's words as the model reads them."""
    if not is_joint(checkpoint.input):
        raise ConfigError(f"{checkpoint.name} reads sound alone, so its words change nothing")
    extractor, _ = resolve(collection, str(checkpoint.path), "text")
    return read_example(collection, extractor, track_id).x[0]


def guess_by_mean_patch(masked: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Fill in hidden patches without a model: with the mean visible patch, and with that of the same pitch.

    Parameters
    ----------
    masked : ndarray, shape=(n_mels, n_frames)
        nan where hidden.

    Returns
    -------
    by_all, by_band : ndarray, shape=(n_mels, n_frames)
        ``by_band`` takes the mean of all where a pitch shows no patch.

    Raises
    ------
    ConfigError
        When nothing is visible.
    """
    hidden = np.isnan(masked)
    if hidden.all():
        raise ConfigError("nothing is left to see; hide fewer patches")
    height, width = (_grain(hidden, axis) for axis in (0, 1))
    tiles = masked.reshape(hidden.shape[0] // height, height, hidden.shape[1] // width, width).swapaxes(
        1, 2
    )  # (rows, columns, height, width)
    seen = ~np.isnan(tiles).any(axis=(2, 3))  # (rows, columns)
    mean = tiles[seen].mean(axis=0)
    by_row = np.stack([row[there].mean(axis=0) if there.any() else mean for row, there in zip(tiles, seen)])
    guesses = (
        np.broadcast_to(guess, tiles.shape).swapaxes(1, 2).reshape(masked.shape)
        for guess in (mean, by_row[:, None])
    )
    return tuple(np.where(hidden, guess, masked) for guess in guesses)


def _grain(hidden: np.ndarray, axis: int) -> int:
    """Return the side of a patch: the largest step that all borders between hidden and visible keep to."""
    changes = np.flatnonzero(np.diff(hidden, axis=axis).any(axis=1 - axis)) + 1
    return math.gcd(hidden.shape[axis], *changes.tolist())

"""Inpaint masked patches of a spectrogram with a masked autoencoder."""

import math
from dataclasses import dataclass

import numpy as np

from core.checkpoints.catalogue import Checkpoint
from core.collection import Collection
from core.errors import ConfigError
from core.inputs.input_names import is_joint
from core.models import model_spec
from core.reconstruction.mel_inversion import mel_to_audio, normalise_peak
from core.reconstruction.model_cache import loaded_model
from core.reconstruction.spectrogram_scale import Scale
from core.reconstruction.track_input import read_track_input, take_crop
from core.representation.resolve import resolve, text_field_of

MIN_MASK_RATIO, MAX_MASK_RATIO = 0.05, 0.95


@dataclass(frozen=True, eq=False)
class Inpainting:
    """One crop of a track with masked patches, and their inpainting.

    Attributes
    ----------
    original, masked, restored : ndarray of float32, shape=(n_mels, n_frames)
        In the extractor's units; ``masked`` is nan where masked, ``restored`` equals the original elsewhere.
    mask : ndarray of bool, shape=(n_mels, n_frames)
        True where masked.
    mse : float
        Mean squared error over masked patches, in the extractor's units. 0 is perfect.
    baseline_mse : float
        The same for the mean of the crop's own visible patches in the same bands (of all where a band has
        none), which knows the track's level and spectral slope.
    interpolation_mse : float
        The same for the visible frames of each mel band, interpolated over time.
    scale : Scale
    crop, n_crops : int
    """

    original: np.ndarray
    masked: np.ndarray
    restored: np.ndarray
    mask: np.ndarray
    mse: float
    baseline_mse: float
    interpolation_mse: float
    scale: Scale
    crop: int
    n_crops: int

    @property
    def rms_db(self) -> float:
        """Root mean squared error over masked patches in dB."""
        return math.sqrt(self.mse) * self.scale.unit_db

    def to_audio(self, seed: int = 0) -> dict[str, np.ndarray]:
        """Return ``original, masked, restored`` as audio at ``scale.sr``; masked patches are silent."""
        names = ("original", "masked", "restored")
        return normalise_peak(
            {name: mel_to_audio(getattr(self, name), self.scale, seed=seed) for name in names}
        )


def inpaint(
    collection: Collection,
    checkpoint: Checkpoint,
    track_id: str,
    *,
    mask_ratio: float,
    seed: int = 0,
    crop: int = 0,
    with_text: bool = False,
) -> Inpainting:
    """Mask random patches of one crop of a track and inpaint them.

    Parameters
    ----------
    with_text : bool
        Condition a model of both modalities on the track's text, masked as in training.

    Raises
    ------
    ConfigError
        When the mask ratio is outside 0.05..0.95, the model can't inpaint or reads no text, or the crop
        doesn't exist.
    CollectionError, AudioError, TextError
        When the track doesn't exist, its audio can't be read, or it has no text.
    CheckpointError
        When the checkpoint can't be used.
    """
    if not MIN_MASK_RATIO <= mask_ratio <= MAX_MASK_RATIO:
        raise ConfigError(
            f"mask_ratio={mask_ratio} must lie in [{MIN_MASK_RATIO}, {MAX_MASK_RATIO}]: the share of patches "
            "that are masked"
        )
    extractor, _ = resolve(collection, str(checkpoint.path), "audio")
    track = read_track_input(collection, extractor, track_id)
    x = take_crop(track, crop)
    text = _read_text(collection, checkpoint, track_id) if with_text else None
    with loaded_model(checkpoint) as (model, device):
        if not model_spec(model.name).inpaints or not track.scales:
            raise ConfigError(
                f"{checkpoint.name} is no masked autoencoder of spectrograms, so it can't inpaint"
            )
        from core.training.examples import as_tensor

        condition = {} if text is None else {"text": as_tensor(text[None]).to(device)}
        output, mask = model.inpaint(
            as_tensor(x[None]).to(device), mask_ratio=mask_ratio, seed=seed, **condition
        )
        restored, mask = output.float().cpu().numpy()[0], mask.cpu().numpy()[0]
    masked = np.where(mask, np.float32(np.nan), x)
    mse, baseline_mse, interpolation_mse = (
        float(np.square(guess - x)[mask].mean())
        for guess in (restored, inpaint_by_mean(masked), inpaint_by_interpolation(masked))
    )
    return Inpainting(
        x,
        masked,
        restored,
        mask,
        mse,
        baseline_mse,
        interpolation_mse,
        scale=track.scales[crop],
        crop=crop,
        n_crops=len(track.x),
    )


def _read_text(collection: Collection, checkpoint: Checkpoint, track_id: str) -> np.ndarray:
    """Return a track's text as the model reads it."""
    if not is_joint(checkpoint.input):
        raise ConfigError(f"{checkpoint.name} reads audio only, so it can't be conditioned on text")
    extractor, _ = resolve(collection, str(checkpoint.path), "text")
    field = text_field_of(collection, checkpoint, None)
    return read_track_input(collection, extractor, track_id, text_field=field).x[0]


def inpaint_by_mean(masked: np.ndarray) -> np.ndarray:
    """Inpaint without a model: with the mean visible patch of the same bands.

    Parameters
    ----------
    masked : ndarray, shape=(n_mels, n_frames)
        nan where masked.

    Returns
    -------
    ndarray, shape=(n_mels, n_frames)
        With the overall mean where a band has no visible patch.

    Raises
    ------
    ConfigError
        When nothing is visible.
    """
    mask = np.isnan(masked)
    if mask.all():
        raise ConfigError("all patches are masked; mask fewer")
    height, width = (_patch_size(mask, axis) for axis in (0, 1))
    patches = masked.reshape(mask.shape[0] // height, height, mask.shape[1] // width, width)
    patches = patches.swapaxes(1, 2)  # (rows, columns, height, width)
    visible = ~np.isnan(patches).any(axis=(2, 3))  # (rows, columns)
    mean = patches[visible].mean(axis=0)
    by_row = np.stack([row[v].mean(axis=0) if v.any() else mean for row, v in zip(patches, visible)])
    guess = np.broadcast_to(by_row[:, None], patches.shape).swapaxes(1, 2).reshape(masked.shape)
    return np.where(mask, guess, masked)


def inpaint_by_interpolation(masked: np.ndarray) -> np.ndarray:
    """Inpaint without a model: each mel band linearly over time between its visible frames.

    Parameters
    ----------
    masked : ndarray, shape=(n_mels, n_frames)
        nan where masked; something must be visible.

    Returns
    -------
    ndarray, shape=(n_mels, n_frames)
        With the overall mean where a band has no visible frame.
    """
    visible, frames = ~np.isnan(masked), np.arange(masked.shape[1])
    filled = np.full_like(masked, np.nanmean(masked))
    for row, seen in enumerate(visible):
        if seen.any():
            filled[row] = np.interp(frames, frames[seen], masked[row, seen])
    return filled


def _patch_size(mask: np.ndarray, axis: int) -> int:
    """Return the side of a patch along an axis: the greatest common divisor of all mask borders."""
    borders = np.flatnonzero(np.diff(mask, axis=axis).any(axis=1 - axis)) + 1
    return math.gcd(mask.shape[axis], *borders.tolist())

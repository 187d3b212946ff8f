"""A track squeezed into its latent and drawn again: what the latent keeps of it, in numbers and to be heard."""

from dataclasses import dataclass

import numpy as np

from core.checkpoints.catalogue import Checkpoint
from core.collection import Collection
from core.errors import ConfigError
from core.inputs.input_names import parts_of
from core.models import model_spec
from core.reconstruction.mel_inversion import to_sound
from core.reconstruction.model_cache import loaded
from core.reconstruction.peak_level import match_level
from core.reconstruction.spectrogram_scale import Scale
from core.reconstruction.track_input import Example, read_example, row_of
from core.representation.resolve import resolve


@dataclass(frozen=True, eq=False)
class Redrawn:
    """One crop of a track, and what a model makes of it.

    Attributes
    ----------
    original, redrawn : ndarray of float32, shape=(n_mels, n_frames) or (d,)
        In the extractor's units; ``redrawn`` decodes the mean of z, under the track's own label where the
        model takes one.
    mse : float
        Mean squared error in the units in which the model learnt: z-scores where it standardises its input
        (``is_z_scored``), else the extractor's own. 0 is perfect.
    control_mse : float
        The same for what knows nothing of z. For spectrograms a still picture: each band at its own mean over
        the crop, which says what sounds and not when. For vectors the mean of the tracks it learnt from where
        the model keeps that, else the vector's own mean.
    is_z_scored : bool
    crop, n_crops : int
    scale : Scale or None
        None where the input is a vector, which nothing turns back into sound.
    mean, deviations : ndarray or None, shape as original
        Over the tracks it learnt from, where the model standardises by them.
    label, has_own_label : str, bool
        The label of ``redrawn``, "" where the model takes none; False where the track has none that the model
        knows, so that another had to stand in.
    labels : tuple of str
        All that the model knows.
    other_label, relabelled : str, ndarray or None
        The same z under another label, where one was asked for.
    """

    original: np.ndarray
    redrawn: np.ndarray
    mse: float
    control_mse: float
    is_z_scored: bool
    crop: int = 0
    n_crops: int = 1
    scale: Scale | None = None
    mean: np.ndarray | None = None
    deviations: np.ndarray | None = None
    label: str = ""
    has_own_label: bool = True
    labels: tuple[str, ...] = ()
    other_label: str = ""
    relabelled: np.ndarray | None = None

    def in_z_scores(self) -> tuple[np.ndarray, np.ndarray]:
        """Return original and redrawn in deviations from the mean of the tracks it learnt from; as they are where that isn't known."""
        if self.mean is None or self.deviations is None:
            return self.original, self.redrawn
        return (self.original - self.mean) / self.deviations, (self.redrawn - self.mean) / self.deviations

    @property
    def rms_db(self) -> float | None:
        """Return the root mean squared error in dB; None where numbers are no decibels."""
        if self.scale is None:
            return None
        return float(np.sqrt(np.square(self.redrawn - self.original).mean()) * self.scale.unit_db)

    def sounds(self, seed: int = 0) -> dict[str, np.ndarray]:
        """Return ``original, redrawn`` (and ``relabelled``) as sounds at ``scale.sr``, all at one gain; {} for vectors."""
        if self.scale is None:
            return {}
        drawn = {"original": self.original, "redrawn": self.redrawn}
        if self.relabelled is not None:
            drawn["relabelled"] = self.relabelled
        return match_level({name: to_sound(x, self.scale, seed=seed) for name, x in drawn.items()})


def redraw(
    collection: Collection,
    checkpoint: Checkpoint,
    track_id: str,
    *,
    label: str | None = None,
    crop: int = 0,
    text_field: str | None = None,
) -> Redrawn:
    """Encode one crop of a track and decode it again.

    Parameters
    ----------
    label : str, optional
        Of a model that takes labels: the same z is drawn under this one too.

    Raises
    ------
    ConfigError
        When the model has no decoder, doesn't know the label, or the crop isn't there.
    CollectionError, AudioError, TextError
        When the track is not there or can't be read.
    CheckpointError
        When the checkpoint can't be used.
    """
    modality = checkpoint.modalities[0]
    extractor, _ = resolve(collection, str(checkpoint.path), modality)
    example = read_example(collection, extractor, track_id, text_field=text_field)
    x = take_crop(example, crop)
    with loaded(checkpoint) as (model, device):
        _check_shape(model, x, model.input_shape)
        spec = model_spec(model.name)
        if not spec.reconstructs:
            raise ConfigError(f"{checkpoint.name} has no decoder, so it can't draw a track again")
        names = tuple(checkpoint.meta.get("labels") or ()) if spec.sees_labels else ()
        own, is_own = _own_label(names, collection.tracks["label"].iloc[row_of(collection, track_id)])
        if label is not None and label not in names:
            raise ConfigError(
                f"{checkpoint.name} doesn't know the label {label!r}; it knows {', '.join(names) or 'none'}"
            )
        mean, deviations = _moments(model, "x")
        drawn = _decode(
            model,
            device,
            x,
            [names.index(one) for one in ([own] if label is None else [own, label])] if names else [None],
        )
        return Redrawn(
            x,
            drawn[0],
            *_judge(x, drawn[0], mean, deviations),
            is_z_scored=deviations is not None and not bool((deviations == 1).all()),
            crop=crop,
            n_crops=len(example.x),
            scale=example.scales[crop] if example.scales else None,
            mean=mean,
            deviations=deviations,
            label=own,
            has_own_label=is_own,
            labels=names,
            other_label=label or "",
            relabelled=drawn[1] if len(drawn) > 1 else None,
        )


def redraw_both(
    collection: Collection, checkpoint: Checkpoint, track_id: str, *, text_field: str | None = None
) -> dict[str, Redrawn]:
    """Encode a track's sound and words into their one latent and decode both again.

    Returns
    -------
    dict of Redrawn
        ``audio`` and ``text``, or the one that the track has.

    Raises
    ------
    ConfigError, CollectionError, AudioError, TextError, CheckpointError
        As :func:`redraw` does; a part that the track lacks is left out, and both lacking is an AudioError or
        TextError.
    """
    from core.errors import AudioError, TextError
    from core.training.joint_latents import encode_jointly

    found, reason = {}, None
    for part in parts_of(checkpoint.input):
        extractor, _ = resolve(collection, str(checkpoint.path), part)
        try:
            found[part] = read_example(collection, extractor, track_id, text_field=text_field).x[0]
        except (AudioError, TextError) as lack:
            reason = lack
    if not found:
        raise reason
    with loaded(checkpoint) as (model, device):
        import torch

        for part, x in found.items():
            _check_shape(model, x, model.input_shape[part])
        given = {
            part: found.get(part, np.zeros(model.input_shape[part], np.float32))[None]
            for part in ("audio", "text")
        }
        there = {f"{part}_present": np.array([part in found]) for part in given}
        z = torch.from_numpy(encode_jointly(model, **given, **there)[0])
        drawn, decoders = {}, {"audio": model.decode_audio, "text": model.decode_text}
        model.to(device)
        for part, x in found.items():
            y = decoders[part](z.to(device))[0].float().cpu().numpy()
            mean, deviations = _moments(model, part)
            drawn[part] = Redrawn(
                x,
                y,
                *_judge(x, y, mean, deviations),
                is_z_scored=deviations is not None,
                mean=mean,
                deviations=deviations,
            )
        return drawn


def take_crop(example: Example, crop: int) -> np.ndarray:
    """Return one crop of a track.

    Raises
    ------
    ConfigError
        When there is none of that number.
    """
    if not 0 <= crop < len(example.x):
        raise ConfigError(f"crop={crop} must lie in 0..{len(example.x) - 1}: this track has {len(example.x)}")
    return example.x[crop]


def _check_shape(model, x: np.ndarray, shape: tuple[int, ...]) -> None:
    """Refuse what the model was not built for, as where a table has other columns than it learnt from."""
    if tuple(x.shape) != tuple(shape):
        raise ConfigError(
            f"this {model.name} reads examples of shape {tuple(shape)}; this track's has shape "
            f"{tuple(x.shape)}"
        )


def _own_label(names: tuple[str, ...], label: str) -> tuple[str, bool]:
    """Return the label to draw a track under, and whether it is the track's own."""
    from core.training.fit import UNKNOWN

    if not names or label in names:
        return label if names else "", True
    return (UNKNOWN, not label) if UNKNOWN in names else (names[0], False)


def _decode(model, device, x: np.ndarray, labels: list[int | None]) -> list[np.ndarray]:
    """Return what the model draws from the mean of z under each label."""
    import torch

    from core.training.examples import as_tensor

    z = model.encode(as_tensor(x[None]).to(device))
    under = [None if label is None else torch.tensor([label], device=device) for label in labels]
    return [model.decode(z, label)[0].float().cpu().numpy() for label in under]


def _moments(model, part: str) -> tuple[np.ndarray | None, np.ndarray | None]:
    """Return mean and deviation that the model standardises a part of its input with; None and None where it doesn't."""
    moments = model.input_moments().get(part, (None, None))
    return tuple(None if value is None else value.detach().float().cpu().numpy() for value in moments)


def _judge(
    x: np.ndarray, y: np.ndarray, mean: np.ndarray | None, deviations: np.ndarray | None
) -> tuple[float, float]:
    """Return the mean squared errors of a drawing and of its control."""
    unit = np.float32(1) if deviations is None else deviations
    guess = x.mean(axis=1, keepdims=True) if x.ndim > 1 else x.mean() if mean is None else mean
    return float(np.square((y - x) / unit).mean()), float(np.square((guess - x) / unit).mean())

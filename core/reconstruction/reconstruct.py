"""Encode a track and decode it again."""

import numpy as np

from core.checkpoints.catalogue import Checkpoint
from core.collection import Collection
from core.errors import AudioError, ConfigError, TextError
from core.inputs.input_names import parts_of
from core.models import model_spec
from core.reconstruction.model_cache import loaded_model
from core.reconstruction.reconstruction import Reconstruction, input_moments, mean_squared_errors
from core.reconstruction.track_input import check_shape, read_track_input, row_of, take_crop
from core.representation.resolve import resolve, text_field_of


def reconstruct(
    collection: Collection,
    checkpoint: Checkpoint,
    track_id: str,
    *,
    label: str | None = None,
    crop: int = 0,
    text_field: str | None = None,
) -> Reconstruction:
    """Encode one crop of a track and decode it again.

    Parameters
    ----------
    label : str, optional
        For a conditional model: decode the same z under this label too.

    Raises
    ------
    ConfigError
        When the model has no decoder, doesn't know the label, or the crop doesn't exist.
    CollectionError, AudioError, TextError
        When the track doesn't exist or can't be read.
    CheckpointError
        When the checkpoint can't be used.
    """
    extractor, _ = resolve(collection, str(checkpoint.path), checkpoint.modalities[0])
    field = text_field_of(collection, checkpoint, text_field)
    track = read_track_input(collection, extractor, track_id, text_field=field)
    x = take_crop(track, crop)
    with loaded_model(checkpoint) as (model, device):
        check_shape(model, x, model.input_shape)
        spec = model_spec(model.name)
        if not spec.reconstructs:
            raise ConfigError(f"{checkpoint.name} has no decoder, so it can't reconstruct a track")
        labels = tuple(checkpoint.meta.get("labels") or ()) if spec.sees_labels else ()
        own, is_own = label_to_decode(labels, collection.tracks["label"].iloc[row_of(collection, track_id)])
        if label is not None and label not in labels:
            raise ConfigError(
                f"{checkpoint.name} doesn't know the label {label!r}; it knows {', '.join(labels) or 'none'}"
            )
        mean, std = input_moments(model, "x")
        wanted = [own] if label is None else [own, label]
        decoded = _decode(model, device, x, [labels.index(one) for one in wanted] if labels else [None])
    mse, baseline_mse = mean_squared_errors(x, decoded[0], mean, std)
    return Reconstruction(
        x,
        decoded[0],
        mse,
        baseline_mse,
        is_z_scored=std is not None and not bool((std == 1).all()),
        crop=crop,
        n_crops=len(track.x),
        scale=track.scales[crop] if track.scales else None,
        mean=mean,
        std=std,
        label=own,
        has_own_label=is_own,
        labels=labels,
        other_label=label or "",
        relabelled=decoded[1] if len(decoded) > 1 else None,
    )


def label_to_decode(labels: tuple[str, ...], label: str) -> tuple[str, bool]:
    """Return the label to decode a track under, and whether it is the track's own."""
    from core.training.targets import UNKNOWN

    if not labels or label in labels:
        return label if labels else "", True
    return (UNKNOWN, not label) if UNKNOWN in labels else (labels[0], False)


def _decode(model, device, x: np.ndarray, labels: list[int | None]) -> list[np.ndarray]:
    """Return the mean of z decoded under each label."""
    import torch

    from core.training.examples import as_tensor

    z = model.encode(as_tensor(x[None]).to(device))
    under = [None if label is None else torch.tensor([label], device=device) for label in labels]
    return [model.decode(z, label)[0].float().cpu().numpy() for label in under]


def reconstruct_joint(
    collection: Collection, checkpoint: Checkpoint, track_id: str, *, text_field: str | None = None
) -> dict[str, Reconstruction]:
    """Encode a track's audio and text into their joint latent and decode both again.

    Returns
    -------
    dict of Reconstruction
        ``audio`` and ``text``, or the one that the track has.

    Raises
    ------
    AudioError, TextError
        When the track has neither.
    ConfigError, CollectionError, CheckpointError
        As :func:`core.reconstruction.reconstruct.reconstruct` does.
    """
    import torch

    from core.training.joint_latents import encode_jointly

    found = _read_parts(collection, checkpoint, track_id, text_field)
    with loaded_model(checkpoint) as (model, device):
        for part, x in found.items():
            check_shape(model, x, model.input_shape[part])
        audio, text = (
            found.get(part, np.zeros(model.input_shape[part], np.float32))[None] for part in ("audio", "text")
        )
        has_audio, has_text = (np.array([part in found]) for part in ("audio", "text"))
        z = torch.from_numpy(encode_jointly(model, audio, text, has_audio, has_text)[0])
        model.to(device)
        decoders = {"audio": model.decode_audio, "text": model.decode_text}
        results = {}
        for part, x in found.items():
            recon_x = decoders[part](z.to(device))[0].float().cpu().numpy()
            mean, std = input_moments(model, part)
            mse, baseline_mse = mean_squared_errors(x, recon_x, mean, std)
            results[part] = Reconstruction(
                x, recon_x, mse, baseline_mse, is_z_scored=std is not None, mean=mean, std=std
            )
        return results


def _read_parts(
    collection: Collection, checkpoint: Checkpoint, track_id: str, text_field: str | None
) -> dict[str, np.ndarray]:
    """Return the track's input by modality, as far as it has one."""
    field = text_field_of(collection, checkpoint, text_field)
    found: dict[str, np.ndarray] = {}
    reason: AudioError | TextError | None = None
    for part in parts_of(checkpoint.input):
        extractor, _ = resolve(collection, str(checkpoint.path), part)
        try:
            found[part] = read_track_input(collection, extractor, track_id, text_field=field).x[0]
        except (AudioError, TextError) as missing:
            reason = missing
    if not found and reason is not None:
        raise reason
    return found

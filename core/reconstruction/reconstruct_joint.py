"""Encode a track's audio and text into one latent and decode both again."""

import numpy as np

from core.checkpoints.catalogue import Checkpoint
from core.collection import Collection
from core.errors import AudioError, TextError
from core.inputs.input_names import parts_of
from core.reconstruction.model_cache import loaded_model
from core.reconstruction.reconstruction import Reconstruction, input_moments, mean_squared_errors
from core.reconstruction.track_input import check_shape, read_track_input
from core.representation.resolve import resolve


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
    found: dict[str, np.ndarray] = {}
    reason: AudioError | TextError | None = None
    for part in parts_of(checkpoint.input):
        extractor, _ = resolve(collection, str(checkpoint.path), part)
        try:
            found[part] = read_track_input(collection, extractor, track_id, text_field=text_field).x[0]
        except (AudioError, TextError) as missing:
            reason = missing
    if not found and reason is not None:
        raise reason
    return found

"""Joint latents of audio and text, and each track's share of text in them.

For models with a joint latent, see :class:`core.models.model_contract.HasJointLatent`.
"""

from typing import Any

import numpy as np
import torch

from core.errors import ConfigError
from core.models import joint_models, model_spec
from core.models.latent_model import LatentModel
from core.progress import Progress, silent
from core.training.encode import inference_mode
from core.training.examples import as_tensor, check_finite, split_crops


def encode_jointly(
    model: LatentModel,
    audio: np.ndarray,
    text: np.ndarray,
    audio_present: np.ndarray | None = None,
    text_present: np.ndarray | None = None,
    *,
    batch_size: int = 64,
    progress: Progress = silent,
) -> tuple[np.ndarray, np.ndarray]:
    """Return one latent vector per track from its present modalities, and its share of text.

    Parameters
    ----------
    audio, text : ndarray, shape=(n_tracks[, n_crops], *model.input_shape[...])
        Rows of missing modalities are ignored. Latent and share are means over crops; a single crop is paired
        with every crop of the other modality.
    audio_present, text_present : ndarray of bool, shape=(n_tracks,), optional

    Returns
    -------
    latents : ndarray of float32, shape=(n_tracks, latent_dim)
        Zeros for tracks with neither modality.
    text_weights : ndarray of float64, shape=(n_tracks,)
        1 − the model's gate: 0 and 1 for tracks with audio or text alone, nan for those with neither.

    Raises
    ------
    ConfigError
        When the model has no joint latent, or shapes don't fit.
    TrainingError
        When present rows hold NaN or infinite values.
    """
    _check_has_joint_latent(model.name)
    data = _mask_missing(audio, text, audio_present, text_present)
    for m, shape in model.input_shape.items():
        if data[m].shape[-len(shape) :] != shape:
            raise ConfigError(
                f"this {model.name} reads {m} of shape {shape}; here it has shape {data[m].shape[1:]}"
            )
    crops = {m: split_crops(data[m], model.input_shape[m]) for m in ("audio", "text")}
    n_crops = max(X.shape[1] for X in crops.values())
    rows = np.flatnonzero(data["audio_present"] | data["text_present"])
    latents = np.zeros((len(data["audio"]), model.latent_dim), np.float32)
    weights = np.full(len(latents), np.nan)
    per_batch = max(1, batch_size // n_crops)
    encoder: Any = model  # the registry checked that it has encode_joint and gate
    with inference_mode(model) as device:
        for start in range(0, len(rows), per_batch):
            part = rows[start : start + per_batch]
            track, crop = np.divmod(np.arange(len(part) * n_crops), n_crops)
            batch = {m: as_tensor(X[part[track], crop % X.shape[1]]).to(device) for m, X in crops.items()}
            for m in crops:
                batch[f"{m}_present"] = torch.from_numpy(data[f"{m}_present"][part[track]]).to(device)
            z = encoder.encode_joint(batch).float().cpu().numpy()
            gate = encoder.gate(batch).double().cpu().numpy()
            latents[part] = z.reshape(len(part), n_crops, -1).mean(1)
            weights[part] = 1 - gate.reshape(len(part), n_crops).mean(1)
            progress(min(len(rows), start + per_batch), len(rows), f"{model.name}: encoding tracks")
    return latents, weights


def fit_joint(
    model_name: str,
    audio: np.ndarray,
    text: np.ndarray,
    audio_present: np.ndarray | None = None,
    text_present: np.ndarray | None = None,
    *,
    settings: dict[str, str] | None = None,
    seed: int = 0,
    progress: Progress = silent,
) -> tuple[np.ndarray, np.ndarray]:
    """Train a model on two arrays and return their :func:`encode_jointly`.

    Parameters
    ----------
    model_name : {"gated-vae", "cross-attention"}
    settings : dict of str, optional
        Values by setting, as ``train --set`` takes them.

    Raises
    ------
    ConfigError
        When the model has no joint latent, or arrays and settings don't fit.
    TrainingError
        See :func:`core.training.fit.fit_model`.
    """
    from core.training.fit import fit_model

    _check_has_joint_latent(model_name)
    data = _mask_missing(audio, text, audio_present, text_present)
    rows = data["audio_present"] | data["text_present"]
    model, _ = fit_model(
        model_name,
        {name: X[rows] for name, X in data.items()},
        input_extractor={"name": model_spec(model_name).inputs[0]},
        settings={**(settings or {}), "seed": str(seed)},
        progress=progress,
    )
    return encode_jointly(model, data["audio"], data["text"], data["audio_present"], data["text_present"])


def _check_has_joint_latent(name: str) -> None:
    """Refuse a model that encodes each modality alone."""
    if not model_spec(name).has_joint_latent:
        raise ConfigError(
            f"{name} has no joint latent of audio and text; models that have one are "
            f"{', '.join(joint_models())}"
        )


def _mask_missing(
    audio: np.ndarray,
    text: np.ndarray,
    audio_present: np.ndarray | None,
    text_present: np.ndarray | None,
) -> dict[str, np.ndarray]:
    """Return both modalities with zeros where missing, and their masks."""
    if len(audio) != len(text):
        raise ConfigError(
            f"audio has {len(audio)} tracks and text has {len(text)}; a joint latent needs the same tracks "
            "in the same order"
        )
    data = {}
    for m, X, present in (("audio", audio, audio_present), ("text", text, text_present)):
        X, mask = np.asarray(X), np.ones(len(X), bool) if present is None else np.asarray(present, bool)
        if mask.shape != (len(X),):
            raise ConfigError(f"{m} has {len(X)} tracks, but {m}_present has shape {mask.shape}")
        check_finite(X[mask])
        data[m] = X if mask.all() else np.where(mask.reshape(-1, *[1] * (X.ndim - 1)), X, 0).astype(X.dtype)
        data[f"{m}_present"] = mask
    return data

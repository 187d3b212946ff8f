"""Joint latents of audio and text, and each track's share of text in them.

For models with a joint latent, see :class:`core.models.model_entry.HasJointLatent`.
"""

from typing import Any

import numpy as np
import torch
from torch import Tensor

from core.errors import ConfigError
from core.models import joint_models, model_spec
from core.models.latent_model import LatentModel
from core.progress import Progress, silent
from core.training.encode import map_tracks
from core.training.examples import Examples, arrange, check_finite


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
    rows = np.flatnonzero(data["audio_present"] | data["text_present"])
    examples = Examples(*arrange(data, model.input_shape), rows)
    encoder: Any = model  # the registry checked that it has encode_joint and gate

    def encode_batch(batch: dict[str, Tensor]) -> Tensor:
        z, gate = encoder.encode_joint(batch), encoder.gate(batch)
        return torch.cat([z.float().double(), gate.double()[:, None]], 1)

    width = model.latent_dim + 1
    found = map_tracks(encode_batch, model, examples, width, "encoding tracks", batch_size, progress)
    latents = np.zeros((len(data["audio"]), model.latent_dim), np.float32)
    weights = np.full(len(latents), np.nan)
    latents[rows], weights[rows] = found[:, :-1], 1 - found[:, -1]
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

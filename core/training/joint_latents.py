"""The one latent of a model that reads sound and words at once, and how much of each track comes from which.

For models with a joint latent, see :class:`core.models.model_contract.HasJointLatent`.
"""

import numpy as np
import torch
from torch import nn

from core.errors import ConfigError
from core.models import joint_models, model_spec
from core.progress import Progress, silent
from core.training.encode import ready
from core.training.examples import as_tensor, check_finite, split_crops


def encode_jointly(
    model: nn.Module,
    audio: np.ndarray,
    text: np.ndarray,
    audio_present: np.ndarray | None = None,
    text_present: np.ndarray | None = None,
    *,
    batch_size: int = 64,
    progress: Progress = silent,
) -> tuple[np.ndarray, np.ndarray]:
    """Return one latent vector per track from whatever it has, and its share of text.

    Parameters
    ----------
    audio, text : ndarray, shape=(n_tracks[, n_crops], *model.input_shape[...])
        Rows of tracks that lack them may hold anything. Where there are crops, the latent and the share are
        means over them; one that has a single crop goes with every crop of the other.
    audio_present, text_present : ndarray of bool, shape=(n_tracks,), optional

    Returns
    -------
    latents : ndarray of float32, shape=(n_tracks, latent_dim)
        Zeros where a track has neither.
    text_weights : ndarray of float64, shape=(n_tracks,)
        1 − the model's gate: 0 and 1 for tracks that have only sound or only words, nan for those with
        neither.

    Raises
    ------
    ConfigError
        When the model has no joint latent, or shapes don't fit.
    TrainingError
        When present rows hold NaN or infinite values.
    """
    _check_has_joint_latent(model.name)
    data = _present_only(audio, text, audio_present, text_present)
    for m, shape in model.input_shape.items():
        if data[m].shape[-len(shape) :] != shape:
            raise ConfigError(
                f"this {model.name} reads {m} of shape {shape}; here it has shape {data[m].shape[1:]}"
            )
    crops = {m: split_crops(data[m], model.input_shape[m]) for m in ("audio", "text")}
    n, has_any, n_crops = (
        len(data["audio"]),
        data["audio_present"] | data["text_present"],
        max(X.shape[1] for X in crops.values()),
    )
    latents, weights = np.zeros((n, model.latent_dim), np.float32), np.full(n, np.nan)
    rows, per_batch = np.flatnonzero(has_any), max(1, batch_size // n_crops)
    with ready(model) as device:
        for start in range(0, len(rows), per_batch):
            some = rows[start : start + per_batch]
            track, crop = np.divmod(np.arange(len(some) * n_crops), n_crops)
            batch = {m: as_tensor(X[some[track], crop % X.shape[1]]).to(device) for m, X in crops.items()}
            batch |= {
                f"{m}_present": torch.from_numpy(data[f"{m}_present"][some[track]]).to(device) for m in crops
            }
            latents[some] = (
                model.encode_joint(batch).float().cpu().numpy().reshape(len(some), n_crops, -1).mean(1)
            )
            weights[some] = 1 - model.gate(batch).double().cpu().numpy().reshape(len(some), n_crops).mean(1)
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
    """Train a model on two given arrays on the spot and return what :func:`encode_jointly` makes of them.

    Parameters
    ----------
    model_name : {"gated-vae", "cross-attention"}
    settings : dict of str, optional
        As ``train --set`` takes them.

    Raises
    ------
    ConfigError
        When the model has no joint latent, or arrays and settings don't fit.
    TrainingError
        See :func:`core.training.fit.fit_model`.
    """
    from core.training.fit import fit_model

    _check_has_joint_latent(model_name)
    data = _present_only(audio, text, audio_present, text_present)
    rows = data["audio_present"] | data["text_present"]
    known = {name: X[rows] for name, X in data.items()}
    model, _ = fit_model(
        model_name,
        known,
        input_extractor={"name": model_spec(model_name).inputs[0]},
        settings={**(settings or {}), "seed": str(seed)},
        progress=progress,
    )
    return encode_jointly(model, **data)


def _check_has_joint_latent(name: str) -> None:
    """Refuse a model that encodes each modality alone."""
    if not model_spec(name).has_joint_latent:
        raise ConfigError(
            f"{name} has no latent that it reads from sound and words at once; models that have one are "
            f"{', '.join(joint_models())}"
        )


def _present_only(audio, text, audio_present, text_present) -> dict[str, np.ndarray]:
    """Return both modalities with zeros where a track has none, and which has which."""
    if len(audio) != len(text):
        raise ConfigError(
            f"audio has {len(audio)} tracks and text has {len(text)}; a joint latent needs the same tracks "
            "in the same order"
        )
    data = {}
    for m, X, present in (("audio", audio, audio_present), ("text", text, text_present)):
        there = np.ones(len(X), bool) if present is None else np.asarray(present, bool)
        if there.shape != (len(X),):
            raise ConfigError(f"{m} has {len(X)} tracks, but {m}_present has shape {there.shape}")
        check_finite(np.asarray(X)[there])
        X = np.asarray(X)
        data[m] = X if there.all() else np.where(there.reshape(-1, *[1] * (X.ndim - 1)), X, 0).astype(X.dtype)
        data[f"{m}_present"] = there
    return data

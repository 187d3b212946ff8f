"""Encoding: from features to latents with a trained model."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from torch import Tensor

from core.errors import ConfigError
from core.models import model_spec
from core.models.latent_model import LatentModel
from core.progress import Progress, silent
from core.training.examples import as_tensor, check_finite, split_crops


def encode(
    model: LatentModel,
    X: np.ndarray,
    *,
    modality: str | None = None,
    shared: bool = False,
    batch_size: int = 64,
    progress: Progress = silent,
) -> np.ndarray:
    """Return one latent vector per track, the mean over its crops.

    The batch size bounds the memory and doesn't change the result. A CUDA device is used if available.

    Parameters
    ----------
    X : ndarray, shape=(n_tracks[, n_crops], *model.input_shape)
    modality : {"audio", "text"}, optional
        The input that X is, for a model of audio and text.
    shared : bool
        Project to the shared space of audio and text, where crops are normalised to unit length before their
        mean.

    Returns
    -------
    ndarray of float32, shape=(n_tracks, latent_dim), or of the shared space's dimension

    Raises
    ------
    ConfigError
        When the features don't have the model's input shape, or it has no shared space.
    TrainingError
        For NaN or infinite features.
    """
    shapes = model.input_shape
    X = split_crops(X, shapes[modality] if isinstance(shapes, dict) else shapes)
    encode_batch = _select_encoder(model, modality, shared)
    check_finite(X)
    n, n_crops = X.shape[:2]
    parts = [np.zeros((0, model.latent_dim), np.float32)] if not n else []
    with inference_mode(model) as device:
        for start in range(0, n * n_crops, batch_size):
            track, crop = np.divmod(np.arange(start, min(start + batch_size, n * n_crops)), n_crops)
            z = encode_batch(as_tensor(X[track, crop]).to(device)).float()
            parts.append((torch.nn.functional.normalize(z, dim=1) if shared else z).cpu().numpy())
            progress(min(n, (start + batch_size) // n_crops), n, f"{model.name}: encoding tracks")
    Z = np.concatenate(parts)
    return Z.reshape(n, n_crops, Z.shape[1]).mean(1)


def _select_encoder(model: LatentModel, modality: str | None, shared: bool) -> Callable[[Tensor], Tensor]:
    """Return the method that encodes a batch of one modality."""
    spec = model_spec(model.name)
    methods: Any = model  # the registry checked the methods of each capability
    if shared and not spec.compares_text_with_audio:
        raise ConfigError(f"{model.name} has no space in which it compares audio with text")
    if not spec.reads_two:
        return methods.encode
    if shared:
        return methods.project_audio if modality == "audio" else methods.project_text
    return methods.encode_audio if modality == "audio" else methods.encode_text


@contextmanager
def inference_mode(model: LatentModel) -> Iterator[torch.device]:
    """Put a model into eval mode on the best device without gradients, and back on the CPU at the end."""
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    # torch's stubs lack memory_format with a device
    model.to(device, memory_format=torch.channels_last).eval()  # type: ignore[call-overload]
    try:
        with torch.no_grad():
            yield device
    finally:
        model.to("cpu")

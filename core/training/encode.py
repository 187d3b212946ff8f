"""From features to latents with a trained model."""

from collections.abc import Callable

import numpy as np
import torch
from torch import nn

from core.errors import ConfigError
from core.models import model_spec
from core.progress import Progress, silent
from core.training.examples import as_tensor, check_finite, split_crops


def encode(
    model: nn.Module,
    X: np.ndarray,
    *,
    modality: str | None = None,
    shared: bool = False,
    batch_size: int = 64,
    progress: Progress = silent,
) -> np.ndarray:
    """Return one latent vector per track, the mean over its crops.

    Batches only bound the memory: the result is the same whatever their size (up to rounding). A CUDA device
    is used where there is one.

    Parameters
    ----------
    X : ndarray, shape=(n_tracks[, n_crops], *model.input_shape)
    modality : {"audio", "text"}, optional
        Which of a joint model's two inputs X is.
    shared : bool
        Project into the space in which a model compares audio with text; crops have length 1 there before
        their mean is taken.

    Returns
    -------
    ndarray of float32, shape=(n_tracks, latent_dim); the shared space's size where that is asked for

    Raises
    ------
    ConfigError
        When the features have another shape than the model reads, or it has no shared space.
    TrainingError
        When they hold NaN or infinite values.
    """
    is_joint = isinstance(model.input_shape, dict)
    X = split_crops(X, model.input_shape[modality] if is_joint else model.input_shape)
    encode_batch = _encoder_of(model, modality, shared)
    check_finite(X)
    n, n_crops = X.shape[:2]
    parts = [np.zeros((0, model.latent_dim), np.float32)] if not n else []
    with ready(model) as device:
        for start in range(0, n * n_crops, batch_size):
            track, crop = np.divmod(np.arange(start, min(start + batch_size, n * n_crops)), n_crops)
            z = encode_batch(as_tensor(X[track, crop]).to(device)).float()
            parts.append((torch.nn.functional.normalize(z, dim=1) if shared else z).cpu().numpy())
            progress(min(n, (start + batch_size) // n_crops), n, f"{model.name}: encoding tracks")
    Z = np.concatenate(parts)
    return Z.reshape(n, n_crops, Z.shape[1]).mean(1)


def _encoder_of(model: nn.Module, modality: str | None, shared: bool) -> Callable:
    """Return what encodes a batch of one modality."""
    spec = model_spec(model.name)
    if shared and not spec.compares_text_with_audio:
        raise ConfigError(f"{model.name} has no space in which it compares audio with text")
    if not spec.reads_two:
        return model.encode
    if shared:
        return {"audio": model.project_audio, "text": model.project_text}[modality]
    return {"audio": model.encode_audio, "text": model.encode_text}[modality]


class ready:
    """Put a model into eval mode on the best device without gradients, and back on the CPU afterwards."""

    def __init__(self, model: nn.Module):
        self.model, self.no_grad = model, torch.no_grad()

    def __enter__(self) -> torch.device:
        device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.model.to(device, memory_format=torch.channels_last).eval()
        self.no_grad.__enter__()
        return device

    def __exit__(self, *error) -> None:
        self.no_grad.__exit__(*error)
        self.model.to("cpu")

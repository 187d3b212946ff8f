"""Encoding and prediction: from features to latents or genres with a trained model."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import torch
from torch import Tensor

from core.errors import ConfigError
from core.models import model_spec
from core.models.latent_model import LatentModel
from core.progress import Progress, silent
from core.training.examples import Examples, arrange


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
    spec = model_spec(model.name)
    if shared and not spec.compares_text_with_audio:
        raise ConfigError(f"{model.name} has no space in which it compares audio with text")
    kind = "project" if shared else "encode"
    # the registry checked that the class has the method
    encode_batch = getattr(model, f"{kind}_{modality}" if spec.reads_two else "encode")
    shape = model.input_shape[modality] if spec.reads_two else model.input_shape

    def encode_x(batch: dict[str, Tensor]) -> Tensor:
        z = encode_batch(batch["x"]).float()
        return torch.nn.functional.normalize(z, dim=1) if shared else z

    examples = Examples(*arrange({"x": X}, shape), np.arange(len(X)))
    return map_tracks(encode_x, model, examples, model.latent_dim, "encoding tracks", batch_size, progress)


def predict_genres(
    model: LatentModel, data: dict[str, np.ndarray], *, batch_size: int = 64, progress: Progress = silent
) -> np.ndarray:
    """Return each track's probability of each genre or label, the mean over its crops.

    Parameters
    ----------
    model : LatentModel
        One that predicts genres, or a label.
    data : dict
        ``x``, or ``audio`` and ``text`` with ``audio_present`` and ``text_present``, as
        :func:`core.training.loop.train` takes them.

    Returns
    -------
    ndarray of float64, shape=(n_tracks, n_labels), in [0, 1]
        In the order of the checkpoint's ``labels``.

    Raises
    ------
    ConfigError
        When the model predicts neither, or shapes don't fit.
    TrainingError
        For NaN or infinite features.
    """
    spec = model_spec(model.name)
    if not spec.classifies:
        raise ConfigError(f"{model.name} predicts no genres")
    tracks = np.arange(len(next(iter(data.values()))))
    examples = Examples(*arrange(data, model.input_shape), tracks)
    # the registry checked that the class has the method
    predict_batch = getattr(model, "predict_genres" if spec.predicts_genres else "predict_label")

    def predict(batch: dict[str, Tensor]) -> Tensor:
        return predict_batch(batch).double()

    return map_tracks(predict, model, examples, model.n_labels, "predicting genres", batch_size, progress)


def map_tracks(
    function: Callable[[dict[str, Tensor]], Tensor],
    model: LatentModel,
    examples: Examples,
    width: int,
    what: str,
    batch_size: int,
    progress: Progress,
) -> np.ndarray:
    """Return a function's mean over the crops of each track, shape=(n_tracks, width).

    Parameters
    ----------
    function : callable
        From a batch of n examples to a Tensor, shape=(n, width).
    what : str
        The note for ``progress``.
    """
    n, n_crops = len(examples.tracks), examples.n_crops
    parts = []
    with inference_mode(model) as device:
        for start in range(0, len(examples), batch_size):
            batch = examples.__getitems__(list(range(start, min(start + batch_size, len(examples)))))
            parts.append(function({name: value.to(device) for name, value in batch.items()}).cpu().numpy())
            progress(min(n, (start + batch_size) // n_crops), n, f"{model.name}: {what}")
    values = np.concatenate(parts or [np.zeros((0, width), np.float32)])
    return values.reshape(n, n_crops, values.shape[1]).mean(1)


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

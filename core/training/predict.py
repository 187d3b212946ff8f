"""Prediction: from features to genres with a trained model."""

from typing import Any

import numpy as np
import torch

from core.errors import ConfigError
from core.models import model_spec
from core.models.latent_model import LatentModel
from core.progress import Progress, silent
from core.training.encode import inference_mode
from core.training.examples import Examples, arrange


def predict_genres(
    model: LatentModel, data: dict[str, np.ndarray], *, batch_size: int = 64, progress: Progress = silent
) -> np.ndarray:
    """Return each track's probability of each genre, the mean over its crops.

    Parameters
    ----------
    model : LatentModel
        One that predicts genres.
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
        When the model predicts no genres, or shapes don't fit.
    TrainingError
        For NaN or infinite features.
    """
    if not model_spec(model.name).predicts_genres:
        raise ConfigError(f"{model.name} predicts no genres")
    arrays, facts = arrange(data, model.input_shape)
    n = len(next(iter(arrays.values())))
    examples = Examples(arrays, facts, np.arange(n))
    predictor: Any = model  # the registry checked that it has predict_genres
    found = np.zeros((len(examples), model.n_labels), np.float64)
    with inference_mode(model) as device:
        for start in range(0, len(examples), batch_size):
            batch = examples.__getitems__(list(range(start, min(start + batch_size, len(examples)))))
            probability = predictor.predict_genres({name: value.to(device) for name, value in batch.items()})
            found[start : start + batch_size] = torch.as_tensor(probability).double().cpu().numpy()
            progress(min(n, (start + batch_size) // examples.n_crops), n, f"{model.name}: predicting genres")
    return found.reshape(n, examples.n_crops, -1).mean(1) if n else found

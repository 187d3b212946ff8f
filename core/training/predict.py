"""From features to the genres that a trained model predicts."""

import numpy as np
import torch
from torch import nn

from core.errors import ConfigError
from core.models import model_spec
from core.progress import Progress, silent
from core.training.encode import ready
from core.training.examples import Examples, arrange


def predict_genres(
    model: nn.Module, data: dict[str, np.ndarray], *, batch_size: int = 64, progress: Progress = silent
) -> np.ndarray:
    """Return each track's probability of each genre, the mean over its crops.

    Parameters
    ----------
    model : Module
        One that predicts genres; see :mod:`core.models.model_contract`.
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
        When features are not finite.
    """
    if not model_spec(model.name).predicts_genres:
        raise ConfigError(f"{model.name} predicts no genres")
    arrays, facts = arrange(data, model.input_shape)
    n = len(next(iter(arrays.values())))
    examples = Examples(arrays, facts, np.arange(n))
    found = np.zeros((len(examples), model.n_labels), np.float64)
    with ready(model) as device:
        for start in range(0, len(examples), batch_size):
            batch = examples.__getitems__(list(range(start, min(start + batch_size, len(examples)))))
            probability = model.predict_genres({name: value.to(device) for name, value in batch.items()})
            found[start : start + batch_size] = torch.as_tensor(probability).double().cpu().numpy()
            progress(min(n, (start + batch_size) // examples.n_crops), n, f"{model.name}: predicting genres")
    return found.reshape(n, examples.n_crops, -1).mean(1) if n else found

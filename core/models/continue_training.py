"""Continue the training of a checkpoint: a model with all weights of another of its kind."""

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, TypeVar

from core.errors import CheckpointError, ConfigError
from core.models.latent_model import LatentModel, Pretrained

M = TypeVar("M", bound=LatentModel)


def continue_training(
    cls: type[M], config: Any, input_shape: Any, n_labels: int, reads: dict, pretrained: Pretrained
) -> M:
    """Build a model with the weights and the standardisation of a checkpoint of the same class.

    Parameters
    ----------
    config : Config
        With the attribute ``start``, and ``sizes()``, the names of the settings that determine the shapes of
        weights; these are the checkpoint's.
    input_shape, n_labels, reads
        As for :meth:`core.models.latent_model.LatentModel.from_pretrained`.

    Raises
    ------
    CheckpointError
        When the checkpoint is of another model.
    ConfigError
        When it was trained on another input.
    """
    source, name = pretrained.model, pretrained.checkpoint
    if type(source) is not cls:
        raise CheckpointError(f"start={config.start} is a {source.name}; take a checkpoint of {cls.name}")
    theirs = (pretrained.reads["name"], pretrained.reads.get("config", {}), source.input_shape)
    ours = (reads["name"], reads.get("config", {}), input_shape)
    if _as_json(theirs) != _as_json(ours):
        raise ConfigError(
            f"start={name} was trained on {theirs[0]} of shape {theirs[2]}, and the input is {ours[0]} of "
            f"shape {ours[2]} or has other settings; train {cls.name}:{theirs[0]}"
        )
    kept = {size: getattr(source.config, size) for size in config.sizes()}
    model = cls(replace(config, start=name, **kept), input_shape, n_labels)
    model.load_state_dict(source.state_dict())
    model.started_from = f"all weights of {name}"
    return model


def _as_json(value: Iterable) -> str:
    """Return a value as JSON, in which tuples are lists, as in a checkpoint."""
    return json.dumps(value, sort_keys=True, default=str)

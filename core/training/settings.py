"""The settings of a training: the fields of the model's config and of its training config, as one list."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from core.config import Config, Field, settable
from core.config.reading import parse_value
from core.errors import ConfigError
from core.models.train_config import TrainConfig

if TYPE_CHECKING:
    from core.models.latent_model import LatentModel


def fields_of(model: type[LatentModel], preset: str | None = None) -> tuple[Field, ...]:
    """Return the settable fields of a model's config, then of its training config (none for a closed form).

    Their defaults are those of the model, or of its preset.
    """
    config, training = _defaults(model, preset)
    values = vars(config) | (vars(training) if training else {})
    fields = settable(model.Config) + (settable(TrainConfig) if training else ())
    return tuple(dataclasses.replace(field, default=values[field.name]) for field in fields)


def list_settings(model: type[LatentModel], preset: str | None = None) -> dict[str, Any]:
    """Return the default of every setting, or its value in a preset."""
    return {field.name: field.default for field in fields_of(model, preset)}


def parse_settings(model: type[LatentModel], settings: dict[str, str]) -> tuple[Config, TrainConfig | None]:
    """Return the model's config and its training config (None for a closed form) with ``settings`` applied.

    The setting ``preset`` of a model with presets is applied before the others.

    Raises
    ------
    ConfigError
        For an unknown name (lists the known ones), or a value that can't be read or is out of range.
    """
    fields = {field.name: field for field in fields_of(model)}
    if unknown := sorted(set(settings) - set(fields)):
        known = ", ".join(f"{name}={default}" for name, default in list_settings(model).items())
        raise ConfigError(f"{model.name} has no setting {unknown[0]!r}; there are: {known}")
    values = {name: parse_value(fields[name], text) for name, text in settings.items()}
    config, training = _defaults(model, values.get("preset"))
    own, loops = _split(model, values)
    return dataclasses.replace(config, **own), dataclasses.replace(training, **loops) if training else None


def _defaults(model: type[LatentModel], preset: str | None) -> tuple[Config, TrainConfig | None]:
    """Return config and training config of a preset; the plain defaults for None or an unknown preset."""
    values = model.presets.get(preset or "", {})
    own, loops = _split(model, values | ({"preset": preset} if values else {}))
    return model.Config(**own), dataclasses.replace(
        model.train_config, **loops
    ) if model.train_config else None


def _split(model: type[LatentModel], values: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Split values into those of the model's config and those of its training config."""
    names = {field.name for field in settable(model.Config)}
    own = {name: value for name, value in values.items() if name in names}
    return own, {name: value for name, value in values.items() if name not in own}

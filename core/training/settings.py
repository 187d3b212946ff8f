"""The settings of a training: those of a model's config and those of its training loop, as one list.

``train --set name=value`` and the form on the page read and show these.
"""

import dataclasses
from typing import Any

from core.config import Config, Field, settable
from core.config.reading import parse_value
from core.errors import ConfigError
from core.models.train_config import TrainConfig


def fields_of(model: type, preset: str | None = None) -> tuple[Field, ...]:
    """Return every field that somebody may set: the model's own, then its training's (none for a closed form).

    Their defaults are the model's, or what its preset makes of them.
    """
    config, training = _defaults(model, preset)
    values = vars(config) | (vars(training) if training else {})
    fields = settable(model.Config) + (settable(TrainConfig) if training else ())
    return tuple(dataclasses.replace(field, default=values[field.name]) for field in fields)


def list_settings(model: type, preset: str | None = None) -> dict[str, Any]:
    """Return every setting with its default, or with what a preset of the model makes of it."""
    return {field.name: field.default for field in fields_of(model, preset)}


def parse_settings(model: type, settings: dict[str, str]) -> tuple[Config, TrainConfig | None]:
    """Return the model's config and its training config (None for a closed form) with ``settings`` applied.

    Where the model has ``presets``, ``preset`` among the settings is applied first, whatever its place.

    Raises
    ------
    ConfigError
        For a name that neither knows (lists those there are), or a value that can't be read or lies out of
        range.
    """
    fields = {field.name: field for field in fields_of(model)}
    if unknown := sorted(set(settings) - set(fields)):
        known = ", ".join(f"{name}={default}" for name, default in list_settings(model).items())
        raise ConfigError(f"{model.name} has no setting {unknown[0]!r}; there are: {known}")
    values = {name: parse_value(fields[name], text) for name, text in settings.items()}
    config, training = _defaults(model, values.get("preset"))
    own, loops = _split(model, values)
    return dataclasses.replace(config, **own), dataclasses.replace(training, **loops) if training else None


def _defaults(model: type, preset: str | None) -> tuple[Config, TrainConfig | None]:
    """Return config and training as a preset has them; without one, or in a model without presets, the plain defaults."""
    values = model.presets.get(preset, {})
    own, loops = _split(model, values | ({"preset": preset} if values else {}))
    return model.Config(**own), dataclasses.replace(model.training, **loops) if model.training else None


def _split(model: type, values: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the values of the model's own fields and those of its training's."""
    names = {field.name for field in settable(model.Config)}
    own = {name: value for name, value in values.items() if name in names}
    return own, {name: value for name, value in values.items() if name not in own}

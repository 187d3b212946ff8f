"""``--set key=value``: text onto a model's config and its training config, by the dataclasses' own annotations."""

import dataclasses
from typing import Any, Literal, get_args, get_origin, get_type_hints

from core.errors import ConfigError
from core.settings import in_words, is_union, parse_fields
from core.training.config import TrainConfig


def list_settings(model: type, preset: str | None = None) -> dict[str, Any]:
    """Return every setting of a model and of its training with its default, or with what a preset of the model makes of it."""
    config, training = _defaults(model, preset)
    return {f.name: getattr(config, f.name) for f in settable(model.Config)} | dataclasses.asdict(training or _Nothing())


def _defaults(model: type, preset: str | None) -> tuple[Any, TrainConfig | None]:
    """Return config and training as a preset has them; without one, or in a model without presets, the plain defaults."""
    values = getattr(model, "presets", {}).get(preset, {})
    own = {key: value for key, value in values.items() if key in model.Config.__dataclass_fields__}
    loops = {key: value for key, value in values.items() if key not in own}
    config = model.Config(**own, **({"preset": preset} if values else {}))
    return config, dataclasses.replace(model.training, **loops) if model.training else None


def settable(config: type) -> list[dataclasses.Field]:
    """Return a config's fields but for those that training fills in."""
    return [f for f in dataclasses.fields(config) if not f.metadata.get("filled_in")]


def parse_settings(model: type, settings: dict[str, str]) -> tuple[Any, TrainConfig | None]:
    """Return the model's config and its training config (None for a closed form) with ``settings`` applied.

    Where the model has ``presets``, ``preset`` among the settings is applied first, whatever its place.

    Raises
    ------
    ConfigError
        For a key that neither knows (lists those there are), or a value that can't be read.
    """
    own = {f.name for f in settable(model.Config)}
    ours = {key: text for key, text in settings.items() if key in own}
    loops = {key: text for key, text in settings.items() if model.training and key in TrainConfig.__dataclass_fields__}
    for key in settings:
        if key not in ours and key not in loops:
            known = ", ".join(f"{name}={default}" for name, default in list_settings(model).items())
            raise ConfigError(f"{model.name} has no setting {key!r}; there are: {known}")
    parsed = parse_fields(model.Config, ours)
    config, training = _defaults(model, parsed.get("preset"))
    config = dataclasses.replace(config, **parsed)
    training = dataclasses.replace(training, **parse_fields(TrainConfig, loops)) if training else None
    return config, training


def config_from_json(cls: type, values: dict) -> Any:
    """Build a config dataclass from what JSON kept of it.

    Raises
    ------
    ConfigError
        As :func:`values_from_json`, and for values out of range.
    """
    return cls(**values_from_json(cls, values))


def values_from_json(cls: type, values: dict) -> dict:
    """Return what JSON kept of some of a config's fields; lists become tuples again.

    Raises
    ------
    ConfigError
        For unknown keys and for values of another type than the field's.
    """
    hints = get_type_hints(cls)
    hints = {field.name: hints[field.name] for field in dataclasses.fields(cls) if field.init}
    if not isinstance(values, dict) or (unknown := set(values) - set(hints)):
        raise ConfigError(f"{cls.__name__} doesn't know {sorted(unknown) if isinstance(values, dict) else values!r}")
    read = {key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}
    for key, value in read.items():
        if not _fits(value, hints[key]):
            raise ConfigError(f"{cls.__name__}: {key}={value!r} must be {in_words(hints[key])}")
    return read


@dataclasses.dataclass(frozen=True)
class _Nothing:
    """The training settings of a closed form."""


def _fits(value: Any, kind: Any) -> bool:
    """Say whether a value that came from JSON is of the annotated type."""
    if is_union(kind):
        return any(_fits(value, option) for option in get_args(kind))
    if get_origin(kind) is Literal:
        return value in get_args(kind)
    if get_origin(kind) is tuple:
        return isinstance(value, tuple) and all(_fits(part, get_args(kind)[0]) for part in value)
    if kind is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return isinstance(value, kind) and (kind is bool or not isinstance(value, bool))

"""``--set key=value``: text onto a model's config and its training config, by the dataclasses' own annotations."""

import dataclasses
import types
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from core.errors import ConfigError
from core.training.config import TrainConfig


def list_settings(model: type) -> dict[str, Any]:
    """Return every setting of a model and of its training with its default."""
    return {f.name: f.default for f in dataclasses.fields(model.Config)} | dataclasses.asdict(
        model.training or _Nothing()
    )


def parse_settings(model: type, settings: dict[str, str]) -> tuple[Any, TrainConfig | None]:
    """Return the model's config and its training config (None for a closed form) with ``settings`` applied.

    Raises
    ------
    ConfigError
        For a key that neither knows (lists those there are), or a value that can't be read.
    """
    ours = {key: text for key, text in settings.items() if key in model.Config.__dataclass_fields__}
    loops = {key: text for key, text in settings.items() if model.training and key in TrainConfig.__dataclass_fields__}
    for key in settings:
        if key not in ours and key not in loops:
            known = ", ".join(f"{name}={default}" for name, default in list_settings(model).items())
            raise ConfigError(f"{model.name} has no setting {key!r}; there are: {known}")
    config = dataclasses.replace(model.Config(), **_read_all(model.Config, ours))
    training = dataclasses.replace(model.training, **_read_all(TrainConfig, loops)) if model.training else None
    return config, training


def config_from_json(cls: type, values: dict) -> Any:
    """Build a config dataclass from what JSON kept of it; lists become tuples again.

    Raises
    ------
    ConfigError
        For unknown keys and for values of another type than the field's.
    """
    hints = get_type_hints(cls)
    if not isinstance(values, dict) or (unknown := set(values) - set(hints)):
        raise ConfigError(f"{cls.__name__} doesn't know {sorted(unknown) if isinstance(values, dict) else values!r}")
    read = {key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}
    for key, value in read.items():
        if not _fits(value, hints[key]):
            raise ConfigError(f"{cls.__name__}: {key}={value!r} must be {_say(hints[key])}")
    return cls(**read)


@dataclasses.dataclass(frozen=True)
class _Nothing:
    """The training settings of a closed form."""


def _read_all(cls: type, texts: dict[str, str]) -> dict[str, Any]:
    """Read each text as its field's type."""
    hints, values = get_type_hints(cls), {}
    for key, text in texts.items():
        try:
            values[key] = _read(str(text).strip(), hints[key])
        except ValueError:
            raise ConfigError(f"{key}={text!r} must be {_say(hints[key])}") from None
    return values


def _read(text: str, kind: Any) -> Any:
    """Read text as one of the types that configs use."""
    if get_origin(kind) in (types.UnionType, Union):
        if text.lower() in ("none", ""):
            return None
        return _read(text, next(option for option in get_args(kind) if option is not type(None)))
    if get_origin(kind) is Literal:
        if text not in get_args(kind):
            raise ValueError(text)
        return text
    if get_origin(kind) is tuple:
        return tuple(_read(part.strip(), get_args(kind)[0]) for part in text.strip("()[] ").split(",") if part.strip())
    if kind is bool:
        if text.lower() not in ("true", "yes", "1", "false", "no", "0"):
            raise ValueError(text)
        return text.lower() in ("true", "yes", "1")
    return kind(text)


def _fits(value: Any, kind: Any) -> bool:
    """Say whether a value that came from JSON is of the annotated type."""
    if get_origin(kind) in (types.UnionType, Union):
        return any(_fits(value, option) for option in get_args(kind))
    if get_origin(kind) is Literal:
        return value in get_args(kind)
    if get_origin(kind) is tuple:
        return isinstance(value, tuple) and all(_fits(part, get_args(kind)[0]) for part in value)
    if kind is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return isinstance(value, kind) and (kind is bool or not isinstance(value, bool))


def _say(kind: Any) -> str:
    """Name a type in words."""
    if get_origin(kind) in (types.UnionType, Union):
        return " or ".join("none" if option is type(None) else _say(option) for option in get_args(kind))
    if get_origin(kind) is Literal:
        return " or ".join(get_args(kind))
    if get_origin(kind) is tuple:
        return "whole numbers with commas between"
    return {int: "a whole number", float: "a number", bool: "true or false"}.get(kind, kind.__name__)

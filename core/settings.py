"""Text to config: what ``--set name=value`` and forms share."""

import dataclasses
import types
import typing

from core.errors import ConfigError


def parse_fields(config: type, settings: dict[str, str], leave_out: tuple[str, ...] = ()) -> dict:
    """Return typed values for fields of a config dataclass.

    Parameters
    ----------
    config : dataclass type
    settings : dict of str
        Values as typed, by field name.
    leave_out : tuple of str
        Fields that are set elsewhere.

    Raises
    ------
    ConfigError
        When a name is no field (lists those there are) or a value isn't of the field's type.
    """
    kinds = typing.get_type_hints(config)
    names = [f.name for f in dataclasses.fields(config) if f.init and f.name not in leave_out]
    unknown = sorted(set(settings) - set(names))
    if unknown:
        raise ConfigError(f"there is no setting {unknown[0]!r} here; choose from {', '.join(names) or 'none'}")
    return {name: parse_value(name, value, kinds[name]) for name, value in settings.items()}


def parse_value(name: str, value: str, kind) -> object:
    """Turn text into a value of the annotated type (int, float, bool, str, a choice, tuples of them, or None).

    Raises
    ------
    ConfigError
        When it can't be read as that type.
    """
    try:
        return _read(str(value).strip(), kind)
    except ValueError:
        raise ConfigError(f"{name}={value!r} must be {in_words(kind)}") from None


def _read(text: str, kind) -> object:
    """Read text as one of the types that configs use."""
    if is_union(kind):
        if text.lower() in ("none", ""):
            return None
        return _read(text, next(option for option in typing.get_args(kind) if option is not type(None)))
    if typing.get_origin(kind) is typing.Literal:
        if text not in typing.get_args(kind):
            raise ValueError(text)
        return text
    if typing.get_origin(kind) is tuple:
        inner = typing.get_args(kind)[0]
        return tuple(_read(part.strip(), inner) for part in text.strip("()[] ").split(",") if part.strip())
    if kind is bool:
        if text.lower() not in ("true", "yes", "1", "false", "no", "0"):
            raise ValueError(text)
        return text.lower() in ("true", "yes", "1")
    return kind(text)


def is_union(kind) -> bool:
    """Say whether a type is "this or that"."""
    return typing.get_origin(kind) in (types.UnionType, typing.Union)


def in_words(kind) -> str:
    """Name a type in words."""
    if is_union(kind):
        return " or ".join("none" if option is type(None) else in_words(option) for option in typing.get_args(kind))
    if typing.get_origin(kind) is typing.Literal:
        return " or ".join(typing.get_args(kind))
    if typing.get_origin(kind) is tuple:
        return "whole numbers with commas between"
    return {int: "a whole number", float: "a number", bool: "true or false"}.get(kind, kind.__name__)

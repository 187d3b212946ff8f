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
    """Turn text into a value of the annotated type (int, float, bool, str, tuples of them, or None).

    Raises
    ------
    ConfigError
        When it can't be read as that type.
    """
    options = typing.get_args(kind) if isinstance(kind, types.UnionType) or typing.get_origin(kind) is typing.Union else (kind,)
    if type(None) in options and value.lower() in ("none", ""):
        return None
    for option in options:
        try:
            if option is bool:
                return {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}[value.lower()]
            if typing.get_origin(option) is tuple:
                inner = typing.get_args(option)[0]
                return tuple(parse_value(name, part.strip(), inner) for part in value.split(",") if part.strip())
            if typing.get_origin(option) is typing.Literal:
                return {str(allowed): allowed for allowed in typing.get_args(option)}[value]
            if option in (int, float, str):
                return option(value)
        except (ValueError, KeyError):
            continue
    raise ConfigError(f"{name}={value!r} can't be read; it takes {_in_words(kind)}")


def _in_words(kind) -> str:
    """Say what a type takes."""
    if typing.get_origin(kind) is typing.Literal:
        return " or ".join(map(repr, typing.get_args(kind)))
    return {int: "a whole number", float: "a number", bool: "true or false"}.get(kind, str(kind))

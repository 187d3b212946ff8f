"""Parsing of configs from ``--set name=value`` and from the JSON in a checkpoint."""

import dataclasses
import typing
from collections.abc import Callable

from core.config import Field, check_value, describe_fields, describe_kind, element_kind, is_union, settable
from core.errors import ConfigError

BOOLEANS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def parse_fields(config: type, texts: dict[str, str], leave_out: tuple[str, ...] = ()) -> dict:
    """Read ``name=value`` texts as values of a config's fields.

    Parameters
    ----------
    leave_out : tuple of str
        Fields that are set elsewhere.

    Raises
    ------
    ConfigError
        When a name is no field (lists those there are), a value can't be read, or lies out of range.
    """
    fields = {field.name: field for field in settable(config) if field.name not in leave_out}
    unknown = sorted(set(texts) - set(fields))
    if unknown:
        raise ConfigError(
            f"there is no setting {unknown[0]!r} here; choose from {', '.join(fields) or 'none'}"
        )
    return {name: parse_value(fields[name], text) for name, text in texts.items()}


def parse_value(field: Field, text: str):
    """Read text as a value of one field.

    Raises
    ------
    ConfigError
        When it can't be read, or lies out of range.
    """
    try:
        value = _read(str(text).strip(), field.kind)
    except (ValueError, KeyError):
        raise ConfigError(f"{field.name}={text!r} must be {describe_kind(field.kind)}") from None
    check_value(field, value)
    return value


def _read(text: str, kind):
    """Read text as one of the types that configs use."""
    if is_union(kind):
        if text.lower() in ("none", ""):
            return None
        return _read(text, next(option for option in typing.get_args(kind) if option is not type(None)))
    if typing.get_origin(kind) is typing.Literal:
        return {str(choice): choice for choice in typing.get_args(kind)}[text]
    if typing.get_origin(kind) is tuple:
        return tuple(
            _read(part.strip(), element_kind(kind)) for part in text.strip("()[] ").split(",") if part.strip()
        )
    if kind is bool:
        return BOOLEANS[text.lower()]
    return kind(text)


def format_value(value) -> str:
    """Write a value as ``--set`` takes it: :func:`parse_value` reads it again."""
    if isinstance(value, tuple):
        return ", ".join(map(format_value, value))
    return str(value).lower() if value is None or isinstance(value, bool) else str(value)


def values_from_json(config: type, values: dict) -> dict:
    """Return values of a config's fields from JSON; lists become tuples again.

    Raises
    ------
    ConfigError
        When it is no dictionary, has unknown fields, or a value is refused.
    """
    if not isinstance(values, dict):
        raise ConfigError(f"{config.__name__} can't be made of {values!r}")
    if unknown := sorted(set(values) - {f.name for f in dataclasses.fields(config) if f.init}):
        raise ConfigError(f"{config.__name__} has no field {unknown[0]!r}")
    read = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
    for field in describe_fields(config):
        if field.name in read:
            _check_named(config, lambda field=field: check_value(field, read[field.name]))
    return read


def _check_named(config: type, check: Callable):
    """Return the result of a check; its error names the config."""
    try:
        return check()
    except ConfigError as reason:
        raise ConfigError(f"{config.__name__}: {reason}") from None


def from_json(config: type, values: dict):
    """Build a config dataclass from JSON.

    Raises
    ------
    ConfigError
        As :func:`values_from_json`, and where values don't go together.
    """
    read = values_from_json(config, values)
    return _check_named(config, lambda: config(**read))

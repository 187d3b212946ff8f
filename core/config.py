"""Configs: frozen dataclasses whose fields carry their range, choices, title and help.

One checker refuses a bad value and names it, one reader turns ``--set name=value`` and one turns JSON into values, and
:func:`describe_fields` is what a form on a page is made from.

    @dataclass(frozen=True)
    class SmoothingConfig(Config):
        width: int = setting(5, low=1, title="Width", help="Frames that are averaged.")
        window: Literal["hann", "flat"] = setting("hann", title="Window", help="Weights of these frames.")
"""

import dataclasses
import functools
import math
import types
import typing
from collections.abc import Callable
from dataclasses import dataclass

from core.errors import ConfigError

KEY = "setting"


@dataclass(frozen=True)
class Setting:
    """What a field says of itself.

    Attributes
    ----------
    title, help : str
        The standard term, and one sentence; for pages.
    low, high : float or None
        Bounds that are allowed themselves; of each element where the field is a tuple.
    above, below : float or None
        Bounds that are not.
    advanced : bool
        Shown behind a fold.
    filled_in : bool
        Nobody sets it by hand: training fills it in, so that a checkpoint needs no other file.
    """

    title: str
    help: str
    low: float | None = None
    high: float | None = None
    above: float | None = None
    below: float | None = None
    advanced: bool = True
    filled_in: bool = False


def setting(default, *, title: str, help: str, **facts):
    """Return a dataclass field with a default and what :class:`Setting` holds.

    Titles and helps are for people and no part of a source's hash (see :mod:`core.source`).
    """
    return dataclasses.field(default=default, metadata={KEY: Setting(title, help, **facts)})


@dataclass(frozen=True)
class Config:
    """A config whose values are checked when it is made; one with rules between its fields adds them after ``super()``."""

    def __post_init__(self):
        for field in describe_fields(type(self)):
            check_value(field, getattr(self, field.name))


@dataclass(frozen=True)
class Field:
    """A field of a config, as checkers, readers and forms see it.

    Attributes
    ----------
    name : str
    kind : type or generic alias
        As annotated.
    default : object
    setting : Setting
    """

    name: str
    kind: typing.Any
    default: typing.Any
    setting: Setting

    @property
    def plain_kind(self) -> typing.Any:
        """The annotated type without None."""
        return next(k for k in typing.get_args(self.kind) if k is not type(None)) if _is_union(self.kind) else self.kind

    @property
    def allows_none(self) -> bool:
        return _is_union(self.kind)

    @property
    def choices(self) -> tuple:
        """Values that a field annotated as a literal takes, () where it takes any."""
        return typing.get_args(self.plain_kind) if typing.get_origin(self.plain_kind) is typing.Literal else ()


@functools.cache
def describe_fields(config: type) -> tuple[Field, ...]:
    """Return the fields of a config class that carry a setting, in order."""
    kinds = typing.get_type_hints(config)
    return tuple(
        Field(f.name, kinds[f.name], f.default, f.metadata[KEY]) for f in dataclasses.fields(config) if KEY in f.metadata
    )


def settable(config: type) -> tuple[Field, ...]:
    """Return the fields that somebody may set."""
    return tuple(field for field in describe_fields(config) if not field.setting.filled_in)


# Checking


def check_value(field: Field, value) -> None:
    """Refuse a value of another type than the field's, outside its range, or not among its choices.

    Raises
    ------
    ConfigError
        Names the field, the value and what is allowed.
    """
    if not _fits(value, field.kind):
        raise ConfigError(f"{field.name}={value!r} must be {kind_in_words(field)}")
    if value is None:
        return
    for number in value if isinstance(value, tuple) else (value,):
        if isinstance(number, (int, float)) and not isinstance(number, bool) and not _lies_in(number, field.setting):
            raise ConfigError(f"{field.name}={value!r} must {range_in_words(field)}")
    if field.default and _is_blank(value):
        raise ConfigError(f"{field.name}={value!r} must be {kind_in_words(field)}{', not blank' if isinstance(value, str) else ''}")


def _is_blank(value) -> bool:
    """Say whether a value is a tuple without elements or text without characters; only a default that is one allows it."""
    return value == () or (isinstance(value, str) and not value.strip())


def _lies_in(number: float, s: Setting) -> bool:
    """Say whether a number is finite and within the bounds."""
    return (
        math.isfinite(number)
        and (s.low is None or number >= s.low)
        and (s.high is None or number <= s.high)
        and (s.above is None or number > s.above)
        and (s.below is None or number < s.below)
    )


def range_in_words(field: Field) -> str:
    """Say the range of a number, after "must": ``lie in [0, 1)``, ``be 1 or more``."""
    s, whole = field.setting, "a whole number, " if _element_kind(field.plain_kind) is int else ""
    has_least, has_most = (s.low, s.above) != (None, None), (s.high, s.below) != (None, None)
    if has_least and has_most:
        left = f"[{s.low:g}" if s.above is None else f"({s.above:g}"
        return f"lie in {left}, " + (f"{s.high:g}]" if s.below is None else f"{s.below:g})")
    if has_least:
        return f"be {whole}{s.low:g} or more" if s.above is None else f"be above {s.above:g}"
    if has_most:
        return f"be {whole}{s.high:g} or less" if s.below is None else f"be below {s.below:g}"
    return "be a finite number"


def kind_in_words(field: Field) -> str:
    """Name what a field takes: ``a whole number, 1 or more``, ``cosine or as-published``."""
    return _in_words(field.kind)


def _in_words(kind) -> str:
    if _is_union(kind):
        return " or ".join("none" if option is type(None) else _in_words(option) for option in typing.get_args(kind))
    if typing.get_origin(kind) is typing.Literal:
        return " or ".join(map(str, typing.get_args(kind)))
    if typing.get_origin(kind) is tuple:
        return "one or more whole numbers with commas between" if _element_kind(kind) is int else "one or more values with commas between"
    return {int: "a whole number", float: "a number", bool: "true or false", str: "text"}.get(kind, kind.__name__)


def _fits(value, kind) -> bool:
    """Say whether a value is of an annotated type; a whole number is a number, and true is none."""
    if _is_union(kind):
        return any(_fits(value, option) for option in typing.get_args(kind))
    if typing.get_origin(kind) is typing.Literal:
        return value in typing.get_args(kind)
    if typing.get_origin(kind) is tuple:
        return isinstance(value, tuple) and all(_fits(part, _element_kind(kind)) for part in value)
    if kind is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return isinstance(value, kind) and (kind is bool or not isinstance(value, bool))


def _element_kind(kind):
    """Return the type of a tuple's elements, or the type itself."""
    return typing.get_args(kind)[0] if typing.get_origin(kind) is tuple else kind


def _is_union(kind) -> bool:
    """Say whether a type is "this or that"."""
    return typing.get_origin(kind) in (types.UnionType, typing.Union)


# Reading


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
        raise ConfigError(f"there is no setting {unknown[0]!r} here; choose from {', '.join(fields) or 'none'}")
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
    except ValueError:
        raise ConfigError(f"{field.name}={text!r} must be {kind_in_words(field)}") from None
    check_value(field, value)
    return value


def _read(text: str, kind):
    """Read text as one of the types that configs use."""
    if _is_union(kind):
        if text.lower() in ("none", ""):
            return None
        return _read(text, next(option for option in typing.get_args(kind) if option is not type(None)))
    if typing.get_origin(kind) is typing.Literal:
        choices = {str(choice): choice for choice in typing.get_args(kind)}
        return choices[text] if text in choices else _refuse(text)
    if typing.get_origin(kind) is tuple:
        return tuple(_read(part.strip(), _element_kind(kind)) for part in text.strip("()[] ").split(",") if part.strip())
    if kind is bool:
        return text.lower() in ("true", "yes", "1") if text.lower() in ("true", "yes", "1", "false", "no", "0") else _refuse(text)
    return kind(text)


def format_value(value) -> str:
    """Write a value as ``--set`` takes it: :func:`parse_value` reads it again."""
    if isinstance(value, tuple):
        return ", ".join(map(format_value, value))
    return str(value).lower() if value is None or isinstance(value, bool) else str(value)


def _refuse(text: str):
    raise ValueError(text)


def values_from_json(config: type, values: dict) -> dict:
    """Return what JSON kept of some of a config's fields; lists become tuples again.

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
    """Return what a check gives; what it refuses names the config."""
    try:
        return check()
    except ConfigError as reason:
        raise ConfigError(f"{config.__name__}: {reason}") from None


def from_json(config: type, values: dict):
    """Build a config dataclass from what JSON kept of it.

    Raises
    ------
    ConfigError
        As :func:`values_from_json`, and where values don't go together.
    """
    read = values_from_json(config, values)
    return _check_named(config, lambda: config(**read))

"""Configs: frozen dataclasses whose fields carry their range, choices, title and help.

One checker refuses a bad value and names it; :mod:`core.config.reading` turns ``--set name=value`` and JSON
into values; and :func:`describe_fields` is what a form on a page is made from.

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
from dataclasses import dataclass

from core.errors import ConfigError

KEY = "setting"


@dataclass(frozen=True)
class Setting:
    """Metadata of a field.

    Attributes
    ----------
    title, help : str
        The standard term, and one sentence; for pages.
    low, high : float or None
        Inclusive bounds; of each element if the field is a tuple.
    above, below : float or None
        Exclusive bounds.
    advanced : bool
        Shown in an expander.
    filled_in : bool
        Filled in by training, not by users, so that a checkpoint needs no other file.
    multiple_of : tuple of str or int
        Divisors of a whole number: numbers, or names of other fields.
    """

    title: str
    help: str
    low: float | None = None
    high: float | None = None
    above: float | None = None
    below: float | None = None
    advanced: bool = True
    filled_in: bool = False
    multiple_of: tuple[str | int, ...] = ()


def setting(default, *, title: str, help: str, **facts):
    """Return a dataclass field with a default and what :class:`Setting` holds.

    Titles and helps are for people and no part of a source's hash (see :mod:`core.store.hashing.source`).
    """
    return dataclasses.field(default=default, metadata={KEY: Setting(title, help, **facts)})


@dataclass(frozen=True)
class Config:
    """Config whose values are checked on creation; subclasses add rules between fields."""

    def __post_init__(self):
        for field in describe_fields(type(self)):
            check_value(field, getattr(self, field.name))
        for field in describe_fields(type(self)):
            for factor in field.setting.multiple_of:
                value, divisor = getattr(self, field.name), getattr(self, str(factor), factor)
                if value % divisor:
                    named = f"{factor}={divisor}" if isinstance(factor, str) else factor
                    raise ConfigError(f"{field.name}={value} must be a multiple of {named}")


@dataclass(frozen=True)
class Field:
    """A field of a config, for checkers, parsers and forms.

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
        return (
            next(k for k in typing.get_args(self.kind) if k is not type(None))
            if is_union(self.kind)
            else self.kind
        )

    @property
    def allows_none(self) -> bool:
        """Whether None is allowed."""
        return is_union(self.kind)

    @property
    def choices(self) -> tuple:
        """Allowed values of a field annotated as a literal, () for any."""
        return (
            typing.get_args(self.plain_kind) if typing.get_origin(self.plain_kind) is typing.Literal else ()
        )


@functools.cache
def describe_fields(config: type) -> tuple[Field, ...]:
    """Return the fields of a config class that carry a setting, in order."""
    kinds = typing.get_type_hints(config)
    return tuple(
        Field(f.name, kinds[f.name], f.default, f.metadata[KEY])
        for f in dataclasses.fields(config)
        if KEY in f.metadata
    )


def settable(config: type) -> tuple[Field, ...]:
    """Return the fields that users may set."""
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
        raise ConfigError(f"{field.name}={value!r} must be {describe_kind(field.kind)}")
    if value is None:
        return
    for number in value if isinstance(value, tuple) else (value,):
        if (
            isinstance(number, (int, float))
            and not isinstance(number, bool)
            and not _is_within(number, field.setting)
        ):
            raise ConfigError(f"{field.name}={value!r} must {describe_range(field)}")
    is_blank = not value.strip() if isinstance(value, str) else value == ()
    if field.default and is_blank:
        raise ConfigError(
            f"{field.name}={value!r} must be "
            f"{describe_kind(field.kind)}{', not blank' if isinstance(value, str) else ''}"
        )


def _is_within(number: float, s: Setting) -> bool:
    """Return whether a number is finite and within the bounds."""
    return (
        math.isfinite(number)
        and (s.low is None or number >= s.low)
        and (s.high is None or number <= s.high)
        and (s.above is None or number > s.above)
        and (s.below is None or number < s.below)
    )


def describe_range(field: Field) -> str:
    """Describe the range of a number, after "must": ``lie in [0, 1)``, ``be 1 or more``."""
    s, whole = field.setting, "a whole number, " if element_kind(field.plain_kind) is int else ""
    has_least, has_most = (s.low, s.above) != (None, None), (s.high, s.below) != (None, None)
    if has_least and has_most:
        left = f"[{s.low:g}" if s.above is None else f"({s.above:g}"
        return f"lie in {left}, " + (f"{s.high:g}]" if s.below is None else f"{s.below:g})")
    if has_least:
        return f"be {whole}{s.low:g} or more" if s.above is None else f"be above {s.above:g}"
    if has_most:
        return f"be {whole}{s.high:g} or less" if s.below is None else f"be below {s.below:g}"
    return "be a finite number"


def describe_kind(kind) -> str:
    """Describe the allowed values of an annotated type: ``a whole number``, ``cosine or as-published``."""
    if is_union(kind):
        return " or ".join(
            "none" if option is type(None) else describe_kind(option) for option in typing.get_args(kind)
        )
    if typing.get_origin(kind) is typing.Literal:
        return " or ".join(map(str, typing.get_args(kind)))
    if typing.get_origin(kind) is tuple:
        return (
            "one or more whole numbers with commas between"
            if element_kind(kind) is int
            else "one or more values with commas between"
        )
    return {int: "a whole number", float: "a number", bool: "true or false", str: "text"}.get(
        kind, kind.__name__
    )


def _fits(value, kind) -> bool:
    """Return whether a value has an annotated type; an int is a float, but a bool is neither."""
    if is_union(kind):
        return any(_fits(value, option) for option in typing.get_args(kind))
    if typing.get_origin(kind) is typing.Literal:
        return value in typing.get_args(kind)
    if typing.get_origin(kind) is tuple:
        return isinstance(value, tuple) and all(_fits(part, element_kind(kind)) for part in value)
    if kind is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return isinstance(value, kind) and (kind is bool or not isinstance(value, bool))


def element_kind(kind):
    """Return the type of a tuple's elements, or the type itself."""
    return typing.get_args(kind)[0] if typing.get_origin(kind) is tuple else kind


def is_union(kind) -> bool:
    """Return whether a type is a union."""
    return typing.get_origin(kind) in (types.UnionType, typing.Union)

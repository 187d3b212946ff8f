"""Checks of JSON values, combined to a description of what a field may hold."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

Check = Callable[[Any, str], None]
"""Takes a value and the name of its field; raises ValueError for an invalid value."""


def format_value(value: Any) -> str:
    """Return a value as part of a sentence, truncated."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:60]}…"


def must(is_valid: Callable[[Any], bool], requirement: str) -> Check:
    """Return a check from a condition and its description."""

    def check(value: Any, field: str) -> None:
        if not is_valid(value):
            raise ValueError(f"has {field}={format_value(value)}, which must be {requirement}")

    return check


def or_null(check: Check) -> Check:
    """Return a check that also allows null."""
    return lambda value, field: None if value is None else check(value, field)


def list_of(check: Check) -> Check:
    """Return a check of each item of a list."""

    def check_items(value: Any, field: str) -> None:
        LIST(value, field)
        for i, item in enumerate(value):
            check(item, f"{field}[{i}]")

    return check_items


def record(
    optional: dict[str, Check] | None = None,
    *,
    required: dict[str, Check] | None = None,
    rest: Check | None = None,
) -> Check:
    """Return a check of a dictionary by its keys; ``rest`` checks all other keys."""
    optional, required = optional or {}, required or {}
    named = optional | required

    def check_values(value: Any, field: str) -> None:
        DICTIONARY(value, field)
        if missing := [key for key in required if key not in value]:
            raise ValueError(f"lacks {', '.join(f'{field}.{key}' for key in missing)}")
        for key, item in value.items():
            if check := named.get(key, rest):
                check(item, f"{field}.{format_value(key)[1:-1]}")

    return check_values


def is_number(value: Any) -> bool:
    """Return whether JSON has a number here."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_integer(value: Any, least: int, most: int | None = None) -> bool:
    """Return whether JSON has an integer within limits here."""
    return type(value) is int and least <= value and (most is None or value <= most)


def is_plain(value: Any) -> bool:
    """Return whether a value neither is nor contains a dictionary."""
    return not isinstance(value, dict) and (not isinstance(value, list) or all(map(is_plain, value)))


def _is_date(value: Any) -> bool:
    """Return whether a value is a date in ISO 8601."""
    try:
        return bool(datetime.fromisoformat(value))
    except (TypeError, ValueError):
        return False


LIST = must(lambda value: isinstance(value, list), "a list")
DICTIONARY = must(lambda value: isinstance(value, dict), "a dictionary")
TEXT = must(lambda value: isinstance(value, str), "text")
FLAG = must(lambda value: isinstance(value, bool), "true or false")
COUNT = must(lambda value: is_integer(value, 0), "an integer, 0 or more")
SIZE = must(lambda value: is_integer(value, 1), "an integer, 1 or more")
NUMBER = must(is_number, "a number")
FIGURE = or_null(NUMBER)  # JSON has no NaN
DATE = must(_is_date, "a date in ISO 8601")
PLAIN = must(is_plain, "a number, text, true, false, null, or a list of these")

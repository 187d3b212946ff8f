"""One widget per field of a config, made from what the field says of itself."""

import math

import streamlit as st

from core.config import Field
from core.ui.url_state import record, start_number, start_widget

SMALL = 0.01
"""What a number that must be above a bound lies above it at least."""


def choose_setting(owner: str, field: Field, *, is_suggested: bool = False):
    """Draw the widget of one field and return its value.

    Parameters
    ----------
    owner : str
        Name of the algorithm; the value is remembered as ``owner.field``.
    field : Field
        Of a config, see :func:`core.config.describe_fields`.
    is_suggested : bool
        Starts with None (the data's suggestion) whatever its default.
    """
    name, title, told = f"{owner}.{field.name}", field.setting.title, f"**{field.name}**: {field.setting.help}"
    default = None if is_suggested else field.default
    if field.allows_none:
        own = st.toggle(
            f"Set the {title.lower()}", help=told + "\n\nOff: suggested by the data.",
            key=start_widget(f"{name}.own", [True, False], default is not None, lambda text: text == "1"),
        )  # fmt: skip
        record(f"{name}.own", int(own) if own is not (default is not None) else None)
        if not own:
            return None
        plain = field.default if field.default is not None else _least(field) + 4
        default = max(_least(field), st.session_state.get(suggestion_key(field.name), plain))
    value = _draw(name, field, told, default)
    record(name, value if value != default else None)
    return value


def suggestion_key(field_name: str) -> str:
    """Name where the page keeps what the data suggested for a field."""
    return f"suggested-{field_name}"


def _draw(name: str, field: Field, told: str, default):
    """Draw the widget that fits the type."""
    title, kind = field.setting.title, field.plain_kind
    if kind is bool:
        return st.toggle(title, help=told, key=start_widget(name, [True, False], default, lambda text: text == "True"))
    if kind in (int, float):
        start = start_number(name, None, default, lambda text: _number(text, field))
        return st.number_input(
            title, min_value=_least(field), max_value=_most(field), step=1 if kind is int else 0.05, help=told, **start
        )  # fmt: skip
    if field.choices:
        return st.selectbox(title, field.choices, help=told, key=start_widget(name, field.choices, default))
    return st.text_input(title, help=told, key=start_widget(name, None, default))


def _least(field: Field):
    """Return the least value of a number, None where it has none."""
    low, above = field.setting.low, field.setting.above
    least = low if above is None else above + (1 if field.plain_kind is int else SMALL)
    return None if least is None else field.plain_kind(least)


def _most(field: Field):
    """Return the greatest value of a number, None where it has none."""
    high, below = field.setting.high, field.setting.below
    most = high if below is None else below - (1 if field.plain_kind is int else SMALL)
    return None if most is None else field.plain_kind(most)


def _number(text: str, field: Field):
    """Read a number within the field's range."""
    value, least, most = field.plain_kind(text), _least(field), _most(field)
    if not math.isfinite(value) or (least is not None and value < least) or (most is not None and value > most):
        raise ValueError(text)
    return value

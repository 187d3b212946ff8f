"""The widget of one config field, made from its metadata."""

from collections.abc import Sequence

import streamlit as st

from core.config import Config, Field
from core.config.reading import format_value, parse_value
from core.errors import ConfigError
from core.ui.shared.url_state import record, start_with_value

AUTOMATIC = "Automatic"
"""Represents None among choices."""
NONE_IN_0_1 = (AUTOMATIC, "By itself")
"""Represent None in addresses of version 0.1.0."""
EDGE = 1e-9
"""Distance of a number from a bound that is excluded."""
SHARE_STEP = 0.05
"""Step of a share of 1."""


def draw_setting(field: Field, default, name: str):
    """Show the widget of a field and return its value, which is in the page's URL state.

    Parameters
    ----------
    field : Field
        See :func:`core.config.settable`.
    default : object
        Initial value where the state holds nothing valid; the address holds only values that differ from it.
    name : str
        The name in the address, and the widget's key.

    Returns
    -------
    object
        A value of the field's type; text that can't be parsed is returned as it is, for the config to refuse.
    """
    value = _show_widget(
        field,
        **start_with_value(
            name, None, _shown(field, default), lambda text: _shown(field, _read(field, text))
        ),
    )
    record(name, format_value(value) if value != default else None)
    return value


def draw_settings(
    fields: Sequence[Field], prefix: str, n_columns: int, defaults: Config | None = None
) -> dict[str, str]:
    """Show settings side by side; return those that were changed, as texts.

    Parameters
    ----------
    fields : sequence of Field
    prefix : str
        The address holds each as ``prefix.field``.
    n_columns : int
    defaults : Config, optional
        An object with the default values, where they are not those of the fields.
    """
    changed, columns = {}, st.columns(max(n_columns, 1))
    for position, field in enumerate(fields):
        default = field.default if defaults is None else getattr(defaults, field.name)
        with columns[position % n_columns]:
            value = draw_setting(field, default, f"{prefix}.{field.name}")
        if value != default:
            changed[field.name] = format_value(value)
    return changed


def draw_plain_setting(field: Field, key: str):
    """Show the widget of a field that no address holds, from its default; return its value."""
    return _show_widget(field, _shown(field, field.default), key=key)


def suggestion_key(field_name: str) -> str:
    """Return the session key of the value that the data suggests for a field."""
    return f"suggested-{field_name}"


def help_of(field: Field) -> str:
    """Return a field's help after its name for ``--set``."""
    return f"**{field.name}**: {field.setting.help}"


def bounds_of(field: Field) -> tuple:
    """Return the smallest and the largest number of a widget, each None if unbounded."""
    s, kind = field.setting, field.plain_kind
    edge = 1 if kind is int else EDGE
    least = s.low if s.above is None else s.above + edge
    most = s.high if s.below is None else s.below - edge
    return tuple(None if bound is None else kind(bound) for bound in (least, most))


def step_of(field: Field, value: float | None) -> float:
    """Return the step of a number's buttons.

    Parameters
    ----------
    field : Field
    value : float or None
        The value that the step has to suit, usually the field's default.

    Returns
    -------
    float
        1 for integers; 0.05 for shares of 1, and less for values nearer to 0 or 1; otherwise a power of ten,
        one order below the value's.
    """
    if field.plain_kind is int:
        return 1
    if value is None:
        return 0.1
    least, most = bounds_of(field)
    if (
        least is not None
        and most is not None
        and least >= 0
        and most <= 1
        and (value == 0 or value >= SHARE_STEP)
    ):
        return _power_of_ten(1 - value) if 0 < round(1 - value, 9) < SHARE_STEP else SHARE_STEP
    return 0.01 if value == 0 else _power_of_ten(value, -1)


def _power_of_ten(value: float, orders: int = 0) -> float:
    """Return the power of ten of a number's first digit, shifted by some orders."""
    return float(f"1e{int(f'{value:.6e}'.split('e')[1]) + orders}")


def _read(field: Field, text: str):
    """Parse a field's value in an address; those of version 0.1.0 hold the title in the list."""
    return None if field.allows_none and text in NONE_IN_0_1 else parse_value(field, text)


def _options(field: Field) -> dict:
    """Return the values of a field by their titles in a list, {} for a field without choices."""
    if field.plain_kind is bool:
        options = {"Yes": True, "No": False} if field.allows_none else {}
    else:
        options = {choice: choice for choice in field.choices}
    return {AUTOMATIC: None} | options if options and field.allows_none else options


def _shown(field: Field, value):
    """Return the widget's value for a field's value: a title in a list, a number, a boolean, or text."""
    if options := _options(field):
        return next(name for name, option in options.items() if option == value)
    if field.plain_kind in (int, float):
        return None if value is None else _clip(field, field.plain_kind(value))
    return value if field.plain_kind is bool else format_value(value)


def _clip(field: Field, number):
    """Return the nearest number within a widget's bounds."""
    least, most = bounds_of(field)
    number = number if least is None else max(number, least)
    return number if most is None else min(number, most)


def _show_widget(field: Field, value, **given):
    """Show a widget that starts at a value of :func:`_shown`; return the field's value."""
    title, given = field.setting.title, {"help": help_of(field)} | given
    if options := _options(field):
        return options[st.selectbox(title, list(options), index=list(options).index(value), **given)]
    if field.plain_kind is bool:
        return st.toggle(title, value=value, **given)
    if field.plain_kind in (int, float):
        least, most = bounds_of(field)
        number_format = {"step": step_of(field, field.default)} | (
            {} if field.plain_kind is int else {"format": "%g"}
        )
        empty = AUTOMATIC.lower()
        return st.number_input(
            title, min_value=least, max_value=most, value=value, placeholder=empty, **number_format, **given
        )
    text = st.text_input(title, value=value, **given)
    try:
        return parse_value(field, text)
    except ConfigError:
        return text

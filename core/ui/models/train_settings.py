"""The form of a model's settings and of its training."""

import streamlit as st

from core.config import Field
from core.config.reading import format_value
from core.training.settings import fields_of
from core.ui.shared.fields.setting_form import draw_setting


def choose_settings(name: str, kind: type) -> dict[str, str]:
    """Show every setting of a model; return those that differ from its defaults, as for ``train --set``.

    The address holds each of them as ``model.field``. For a model with presets the preset comes first and
    sets the defaults of the others, which are ``model.preset.field`` in the address, so that values of one
    preset don't carry over to another.

    Parameters
    ----------
    name : str
        Registered name of the model.
    kind : type
        Its class.
    """
    changed, preset, prefix = {}, None, name
    if kind.presets:
        field = next(field for field in fields_of(kind) if field.name == "preset")
        preset = draw_setting(field, field.default, f"{name}.preset")
        if preset != field.default:
            changed["preset"], prefix = preset, f"{name}.{preset}"
    fields = [field for field in fields_of(kind, preset) if field.name != "preset"]
    shown = [field for field in fields if not field.setting.advanced]
    advanced = [field for field in fields if field.setting.advanced]
    changed |= _draw_row(prefix, shown, len(shown))
    if advanced:
        with st.expander("Advanced settings", key=f"models-more-{name}"):
            changed |= _draw_row(prefix, advanced, 3)
    return changed


def _draw_row(prefix: str, fields: list[Field], n_columns: int) -> dict[str, str]:
    """Show settings side by side; return those that were changed."""
    changed, columns = {}, st.columns(max(n_columns, 1))
    for position, field in enumerate(fields):
        with columns[position % n_columns]:
            value = draw_setting(field, field.default, f"{prefix}.{field.name}")
        if value != field.default:
            changed[field.name] = format_value(value)
    return changed

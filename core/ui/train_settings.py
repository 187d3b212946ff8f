"""The settings of a model and of its training as widgets, made from their dataclasses."""

import types
import typing

import streamlit as st

from core.training.settings import list_settings, settable
from core.ui.setting_words import SETTING_WORDS
from core.ui.words import Words

FIRST = ("epochs", "latent_dim", "n_components", "beta", "lr", "batch_size")
"""Settings shown at once; the others stand behind a fold."""
BY_ITSELF = "By itself"


def choose_settings(name: str, kind: type) -> dict[str, str]:
    """Draw every setting of a model and return those that differ from its defaults, as ``train --set`` takes them.

    Each value that differs stands in the page's address as ``model.field``. Where a model has presets, the preset comes first, and the
    others start at what it makes of them (``model.preset.field`` in the address, so that one preset's values don't become another's).

    Parameters
    ----------
    name : str
        Registered name of the model.
    kind : type
        Its class.
    """
    changed, preset, prefix = {}, None, name
    if presets := getattr(kind, "presets", None):
        usual = next(f.default for f in settable(kind.Config) if f.name == "preset")
        words = SETTING_WORDS["preset"]
        preset = st.selectbox(words.title, list(presets), index=list(presets).index(usual), key=f"{name}.preset", help=words.help, bind="query-params")
        if preset != usual:
            changed["preset"], prefix = preset, f"{name}.{preset}"
    hints = typing.get_type_hints(kind.Config) | (typing.get_type_hints(type(kind.training)) if kind.training else {})
    fields = {field: (default, hints[field]) for field, default in list_settings(kind, preset).items() if field != "preset"}
    first = [f for f in FIRST if f in fields]
    changed |= _row(prefix, first, fields, max(len(first), 1))
    rest = [f for f in fields if f not in first]
    if rest:
        with st.expander("More settings", key=f"models-more-{name}"):
            changed |= _row(prefix, rest, fields, 3)
    return changed


def _row(model: str, names: list[str], fields: dict, n_columns: int) -> dict[str, str]:
    """Draw some settings side by side; return those that were changed."""
    changed, columns = {}, st.columns(n_columns)
    for position, field in enumerate(names):
        default, kind = fields[field]
        with columns[position % n_columns]:
            value = _widget(f"{model}.{field}", SETTING_WORDS.get(f"{model.partition('.')[0]}.{field}") or SETTING_WORDS.get(field) or Words(field.replace("_", " ").capitalize(), f"**{field}**"), default, kind)
        if value != default:
            changed[field] = str(value)
    return changed


def _widget(key: str, words: Words, default, kind):
    """Draw the widget that fits a setting's type."""
    given = {"key": key, "help": words.help, "bind": "query-params"}
    options = typing.get_args(kind)
    if typing.get_origin(kind) is typing.Literal:
        return st.selectbox(words.title, options, index=options.index(default), **given)
    is_optional = typing.get_origin(kind) in (types.UnionType, typing.Union) and type(None) in options
    if kind is bool or (is_optional and bool in options):
        if not is_optional:
            return st.toggle(words.title, value=default, **given)
        choices = {BY_ITSELF: None, "Yes": True, "No": False}
        return choices[st.selectbox(words.title, list(choices), index=list(choices.values()).index(default), **given)]
    if kind is float:
        return st.number_input(words.title, value=float(default), format="%g", step=default / 2 or 0.05, **given)
    if kind is int or (is_optional and int in options):
        return st.number_input(words.title, value=default, step=1, placeholder=BY_ITSELF.lower(), **given)
    written = ", ".join(map(str, default)) if isinstance(default, tuple) else str(default)
    text = st.text_input(words.title, value=written, **given)
    return default if text.strip() == written else text

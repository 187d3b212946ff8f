"""One widget per field of a config dataclass, in words."""

import dataclasses
import math
import types
import typing

import streamlit as st

from core.ui.memory import begin, note, started
from core.ui.words import Words

FIELD_WORDS = {
    "eps": Words("Radius", "**eps**: tracks nearer than this are neighbours. Suggested: the knee of the sorted neighbour distances. *Ester et al. 1996*"),
    "min_samples": Words("Neighbours of a dense place", "**min_samples**: so many tracks within reach make a place dense. More means more noise."),
    "min_cluster_size": Words("Smallest group", "**min_cluster_size**: fewer tracks than this are noise, not a group."),
    "n_init": Words("Starts", "**n_init**: runs from different starts; the best is kept."),
    "covariance": Words("Shape of a group", "**covariance**: *diag* stretched along the axes, *full* any direction, *tied* all alike, *spherical* round."),
    "regularisation": Words("Least width", "**regularisation**: added to every variance, so that no group collapses onto a few tracks."),
    "n_neighbors": Words("Neighbours", "**n_neighbors**: edges per track in the neighbour graph."),
}  # fmt: skip
WAYS = {"covariance": ("diag", "full", "tied", "spherical")}
"""What a text field may say."""
SUGGESTED = {"eps": None}
"""Fields that start with "suggested" rather than with the paper's value, which belongs to the paper's scale."""
LEAST = {"min_cluster_size": 2}


def choose_setting(owner: str, field: dataclasses.Field):
    """Draw the widget of one field and return its value.

    Parameters
    ----------
    owner : str
        Name of the algorithm; the value is remembered as ``owner.field``.
    field : dataclasses.Field
        Of type int, float, str or bool, or one of them or None (None: the algorithm's own suggestion).
    """
    name, words = f"{owner}.{field.name}", FIELD_WORDS.get(field.name, Words(field.name.replace("_", " ").capitalize(), f"`{field.name}`"))
    kind, none_allowed = _kind_of(field)
    default = SUGGESTED.get(field.name, field.default)
    if none_allowed:
        own = st.toggle(
            f"Set the {words.title.lower()}", help=words.help + "\n\nOff: suggested by the data.",
            key=begin(f"{name}.own", [True, False], default is not None, lambda text: text == "1"),
        )  # fmt: skip
        note(f"{name}.own", int(own) if own is not (default is not None) else None)
        if not own:
            return None
        plain = field.default if field.default is not None else _least(field.name, kind) + 4
        default = max(_least(field.name, kind), st.session_state.get(suggestion_key(field.name), plain))
    value = _draw(name, field.name, words, kind, default)
    note(name, value if value != default else None)
    return value


def suggestion_key(field_name: str) -> str:
    """Name where the page keeps what the data suggested for a field."""
    return f"suggested-{field_name}"


def _draw(name: str, field_name: str, words: Words, kind: type, default):
    """Draw the widget that fits the type."""
    if kind is bool:
        return st.toggle(words.title, help=words.help, key=begin(name, [True, False], default, lambda text: text == "True"))
    if kind in (int, float):
        least = _least(field_name, kind)
        step = 1 if kind is int else 0.05
        start = started(name, None, default, lambda text: _number(text, kind, least))
        return st.number_input(words.title, min_value=least, step=step, help=words.help, **start)
    if field_name in WAYS:
        return st.selectbox(words.title, WAYS[field_name], help=words.help, key=begin(name, WAYS[field_name], default))
    return st.text_input(words.title, help=words.help, key=begin(name, None, default))


def _kind_of(field: dataclasses.Field) -> tuple[type, bool]:
    """Return the type of a field and whether None is allowed."""
    options = typing.get_args(field.type) if isinstance(field.type, types.UnionType) else (field.type,)
    return next(option for option in options if option is not type(None)), type(None) in options


def _least(field_name: str, kind: type):
    """Return the least value of a number."""
    return LEAST.get(field_name, 1) if kind is int else 0.01


def _number(text: str, kind: type, least):
    """Read a number that is not below the least."""
    value = kind(text)
    if not (math.isfinite(value) and value >= least):
        raise ValueError(text)
    return value

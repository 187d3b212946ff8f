"""The choice of names that stand side by side with a first one, joined by "+" in the address."""

from collections.abc import Callable, Container, Sequence

import streamlit as st

from core.errors import ConfigError
from core.inputs.weighted_parts import JOIN, Part
from core.ui.shared.url_state import record, start_widget

NOTHING = "none"
"""In the address: nothing beside the first, where the default is something."""


def choose_beside(
    name: str,
    label: str,
    offers: Sequence[str],
    default: Sequence[str] = (),
    *,
    split: Callable[[str], list[Part]],
    title_of: Callable[[str], str],
    help: str,
) -> list[str]:
    """Choose any number of ``offers`` and return them.

    Parameters
    ----------
    name, label, help : str
        The name in the address, and the widget's texts.
    split : callable
        Splits a joined name into its parts.
    title_of : callable
        Returns the title of an offer.
    """
    default = list(default)
    key = start_widget(name, None, default, lambda text: read_names(text, offers, split))
    known = [other for other in st.session_state[key] if other in offers]
    if known != st.session_state[key]:  # another collection or input offers others
        st.session_state[key] = known
    beside = st.multiselect(
        label, list(offers), known, key=key, format_func=title_of, placeholder="None", help=help
    )
    record(name, None if beside == default else JOIN.join(beside) or NOTHING)
    return beside


def read_names(text: str, offers: Container[str], split: Callable[[str], list[Part]]) -> list[str]:
    """Parse names joined by "+".

    >>> read_names("mfcc+descriptors", {"mfcc", "descriptors"}, lambda text: list(map(Part, text.split("+"))))
    ['mfcc', 'descriptors']

    Raises
    ------
    ValueError
        When one is not offered, or has a weight, which no widget shows.
    """
    if text == NOTHING:
        return []
    try:
        names = [part.rep for part in split(text)]
    except ConfigError as reason:
        raise ValueError(text) from reason
    if JOIN.join(names) != text or any(name not in offers for name in names):
        raise ValueError(text)
    return names

"""The control of the map's colours."""

import streamlit as st

from core.collection import Collection
from core.collection.saved import version_of
from core.pipeline.choice import Choice
from core.ui.explore.colours import colourings  # noqa: F401  enters them
from core.ui.explore.colours.colouring_spec import find_colouring, list_colourings
from core.ui.shared.fields.genre_choice import GENRE
from core.ui.shared.url_state import choose_option

FIRST = "cluster"
_OFFERS = "explore-colour-offers"


def choose_colours(collection: Collection, choice: Choice) -> tuple[str, str]:
    """Choose what colours the points, and the genre to highlight where that is one genre."""
    options = _list_once(collection, choice)
    chosen = choose_option(
        "colour", "Colour", list(options), FIRST, format_func=options.get, help=lambda name: describe(name)
    )
    return chosen, _choose_genre(collection) if chosen == GENRE else ""


def _list_once(collection: Collection, choice: Choice) -> dict[str, str]:
    """Return the colourings, listed anew when the collection or the choice changes: it reads every column."""
    key = (*version_of(collection.name), choice)
    last = st.session_state.get(_OFFERS)
    if last is None or last[0] != key:
        last = st.session_state[_OFFERS] = (key, list_colourings(collection, choice))
    return last[1]


def describe(name: str) -> str:
    """Return the help of a colouring by its name in the address."""
    entry, option = find_colouring(name)
    meaning = entry.meaning_of(option)
    return f"What the colours of the map show: {entry.help}." + (f"\n\n{meaning}" if meaning else "")


def _choose_genre(collection: Collection) -> str:
    """Choose the genre whose tracks are highlighted."""
    names, has = collection.genre_matrix()
    counts = dict(zip(names, has.sum(0).tolist(), strict=True))
    return choose_option(
        "genre",
        "Genre",
        names,
        names[0],
        format_func=lambda name: f"{name} ({counts[name]:,})",
        help="Highlights the tracks that have this genre, whether or not it is their main one.",
    )

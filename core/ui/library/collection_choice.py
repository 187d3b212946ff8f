"""The choice of a collection, which holds for every page."""

import streamlit as st

from core import collection as collections
from core.errors import SongscapeError
from core.ui.shared.frame import plain_markdown, refuse_link
from core.ui.shared.url_state import get, record

SIDE_BY_SIDE = 6
"""Collections that are shown side by side; more are chosen from a list."""


def choose_collection(names: list[str], *, as_list: bool = False) -> str:
    """Choose a collection; the choice is in the page's address and holds for every page.

    Parameters
    ----------
    names : list of str
        At least one.
    as_list : bool
        Always offer a list.
    """
    if get("on") not in names:
        default = "demo" if "demo" in names else names[0]
        if get("on"):
            refuse_link("on", f"There is no collection “{get('on')}” in this library; “{default}” is shown.")
        record("on", default)
    is_list = as_list or len(names) > SIDE_BY_SIDE
    # Streamlit keeps no value from one kind of widget to another: the state leads, and the widget follows it.
    key = f"library-on-{'list' if is_list else 'tiles'}"
    st.session_state[key] = get("on")
    given = {"key": key, "on_change": lambda: record("on", st.session_state[key] or get("on"))}
    if is_list:
        st.selectbox("Collection", names, format_func=lambda n: f"{n} ({_count(n)})", **given)
    else:
        st.segmented_control(
            "Collection",
            names,
            required=True,
            format_func=lambda n: f"{plain_markdown(n)} :gray[{_count(n)}]",
            **given,
        )
    return get("on")


def _count(name: str) -> str:
    """Return the number of tracks of a collection, "damaged" where it can't be read."""
    try:
        return f"{collections.load(name).n_tracks:,}"
    except SongscapeError:
        return "damaged"

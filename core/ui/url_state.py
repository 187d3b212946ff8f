"""State of the pages in their URL: it survives a change of page, a reload, and is what a link shares.

Streamlit forgets a widget's value when the widget is not drawn. So each widget here starts from a dictionary of strings in
the session, and writes to it; the dictionary is the query of the page's address (``?on=demo&audio=conv-vae&weight=0.4``), from
which a new tab or another person's browser starts.
"""

from collections.abc import Callable, Sequence

import streamlit as st

URL_STATE = "explore"
_WRITTEN = "explore-addresses"


def read_address() -> dict[str, str]:
    """Return the state, updated from an address that this session did not write (a link, a reload, a typed query).

    Call it once, before the widgets.
    """
    state = st.session_state.setdefault(URL_STATE, {})
    written = st.session_state.setdefault(_WRITTEN, set())
    query = st.query_params.to_dict()
    # A run may still carry an address of ours that has been overtaken; only a foreign one counts.
    if query and _frozen(query) not in written:
        state.update(query)
        for name in query:
            st.session_state.pop(widget_key(name), None)
        written.add(_frozen(query))
    return state


def write_address() -> None:
    """Make the state the query of the page's address."""
    state = {name: value for name, value in st.session_state.get(URL_STATE, {}).items() if value != ""}
    st.session_state.setdefault(_WRITTEN, set()).add(_frozen(state))
    if st.query_params.to_dict() != state:
        st.query_params.from_dict(state)


def open_on_explore(collection: str) -> None:
    """Let Explore show this collection at its next run; for the other pages, before they go there."""
    put("on", collection)
    for name in ("track", "group"):
        put(name, "")


def put(name: str, value: str) -> None:
    """Change one entry from outside its widget."""
    st.session_state.setdefault(URL_STATE, {})[name] = value
    st.session_state.pop(widget_key(name), None)


def widget_key(name: str) -> str:
    """Name the widget of an entry."""
    return f"choose-{name}"


def start_widget(name: str, options: Sequence, default, read: Callable = str):
    """Give a widget its starting value and return its key; a value in the state that is no option is dropped.

    Parameters
    ----------
    name : str
        The name in the address.
    options : sequence or None
        What the widget allows; None: whatever ``read`` accepts.
    default
        Where the state holds nothing valid.
    read : callable
        Turns its text into a value; ValueError where it can't.
    """
    key = widget_key(name)
    if key in st.session_state and (options is None or st.session_state[key] in options):
        return key
    value = default
    text = st.session_state.get(URL_STATE, {}).get(name)
    if text is not None:
        try:
            known = read(text)
            value = known if options is None or known in options else default
        except ValueError:
            pass
    st.session_state[key] = value
    return key


def start_number(name: str, options: Sequence, default, read: Callable = str) -> dict:
    """Return ``key`` and ``value`` of a number's widget, as :func:`start_widget` starts it.

    The value is told twice, in the session and to the widget: a run that is overtaken by the next before the browser heard of it takes
    the session's word with it, and a number that knows no other value then stands at its least.
    """
    key = start_widget(name, options, default, read)
    return {"key": key, "value": st.session_state[key]}


def record(name: str, value):
    """Write a widget's value to the state and return it."""
    st.session_state.setdefault(URL_STATE, {})[name] = "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
    return value


def _frozen(query: dict[str, str]) -> tuple:
    """Make a query comparable."""
    return tuple(sorted(query.items()))

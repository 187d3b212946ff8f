"""What survives changing the page and reloading the tab: plain words, kept in the session and in the page's address.

Streamlit forgets a widget's value when the widget is not drawn. So each widget here starts from a small dictionary
of strings, and writes to it; the dictionary is put into the address's query (``?on=demo&audio=conv-vae&weight=0.4``),
which brings it back in a new tab or on another person's screen.
"""

from collections.abc import Callable, Sequence

import streamlit as st

MEMORY = "explore"
_WRITTEN = "explore-addresses"


def recall() -> dict[str, str]:
    """Return the memory, after taking up an address that someone else wrote (a link, a reload, a typed query).

    Call it once, before the widgets.
    """
    memory = st.session_state.setdefault(MEMORY, {})
    written = st.session_state.setdefault(_WRITTEN, set())
    query = st.query_params.to_dict()
    # A run may still carry an address of ours that has been overtaken; only a foreign one counts.
    if query and _frozen(query) not in written:
        memory.update(query)
        for name in query:
            st.session_state.pop(widget_key(name), None)
        written.add(_frozen(query))
    return memory


def keep() -> None:
    """Put the memory into the page's address."""
    memory = {name: value for name, value in st.session_state.get(MEMORY, {}).items() if value != ""}
    st.session_state.setdefault(_WRITTEN, set()).add(_frozen(memory))
    if st.query_params.to_dict() != memory:
        st.query_params.from_dict(memory)


def open_on_explore(collection: str) -> None:
    """Let Explore show this collection at its next run; for the other pages, before they go there."""
    put("on", collection)
    for name in ("track", "group"):
        put(name, "")


def put(name: str, value: str) -> None:
    """Change one entry from outside its widget."""
    st.session_state.setdefault(MEMORY, {})[name] = value
    st.session_state.pop(widget_key(name), None)


def widget_key(name: str) -> str:
    """Name the widget that shows an entry."""
    return f"choose-{name}"


def begin(name: str, options: Sequence, default, read: Callable = str):
    """Give a widget its starting value and return its key; a remembered value that is no option is dropped.

    Parameters
    ----------
    name : str
        The entry of the memory.
    options : sequence or None
        What the widget allows; None: whatever ``read`` accepts.
    default
        Where nothing valid is remembered.
    read : callable
        Turns the remembered text into a value; ValueError where it can't.
    """
    key = widget_key(name)
    if key in st.session_state and (options is None or st.session_state[key] in options):
        return key
    value = default
    remembered = st.session_state.get(MEMORY, {}).get(name)
    if remembered is not None:
        try:
            known = read(remembered)
            value = known if options is None or known in options else default
        except ValueError:
            pass
    st.session_state[key] = value
    return key


def started(name: str, options: Sequence, default, read: Callable = str) -> dict:
    """Return ``key`` and ``value`` of a number's widget, as :func:`begin` starts it.

    The value is told twice, in the session and to the widget: a run that is overtaken by the next before the browser heard of it takes
    the session's word with it, and a number that knows no other value then stands at its least.
    """
    key = begin(name, options, default, read)
    return {"key": key, "value": st.session_state[key]}


def note(name: str, value):
    """Remember a widget's value and return it."""
    st.session_state.setdefault(MEMORY, {})[name] = "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
    return value


def _frozen(query: dict[str, str]) -> tuple:
    """Make a query comparable."""
    return tuple(sorted(query.items()))

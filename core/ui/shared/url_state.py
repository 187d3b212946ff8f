"""State of the pages in their URL: it survives a change of page, a reload, and is what a link shares.

Streamlit forgets a widget's value when the widget is not drawn. So each widget here starts from a dictionary
of strings in the session, and writes to it; the dictionary is the query of the page's address
(``?on=demo&audio=conv-vae&weight=0.4``), from which a new tab or another person's browser starts. Each page
has a dictionary of its own, so that one name may mean two things; what holds for all of them (:data:`SHARED`)
is kept once.

Streamlit's own ``bind="query-params"`` writes what a widget shows, so that a link breaks when a title
changes, and knows widgets alone, while a selected track or a folder that was walked to is none.
"""

from collections.abc import Callable, Sequence

import streamlit as st

URL_STATE = "url-state"
"""The session's entry that holds a dictionary per page, by the page's name."""
SHARED = ("on",)
"""Names that mean the same on every page: the collection."""
_PAGE = "url-state-page"
_WRITTEN = "url-state-written"
_WIDGETS = "url-state-widgets"
_KINDS = "url-state-kinds"


def read_address(page: str) -> None:
    """Make ``page`` the page whose state is meant, and update it from an address that this session did not write.

    Such an address is a link, a reload, or a typed query. Call it once, before the widgets.
    """
    if st.session_state.get(_PAGE) != page:
        _restart(
            st.session_state.get(_WIDGETS, set())
        )  # another page may call another widget by the same name
        st.session_state[_PAGE] = page
    written = st.session_state.setdefault(_WRITTEN, set())
    query = st.query_params.to_dict()
    # A run may still carry an address of ours that has been overtaken; only a foreign one counts.
    if query and _frozen(query) not in written:
        for name, value in query.items():
            put(name, value)
        written.add(_frozen(query))


def write_address() -> None:
    """Make the page's state the query of its address."""
    state = {name: value for name, value in (_state("") | _state(_current_page())).items() if value != ""}
    st.session_state.setdefault(_WRITTEN, set()).add(_frozen(state))
    if st.query_params.to_dict() != state:
        st.query_params.from_dict(state)


def get(name: str) -> str:
    """Return an entry of the page's state, "" where there is none."""
    return _state(_owner(name)).get(name, "")


def put(name: str, value: str, page: str | None = None) -> None:
    """Change an entry from outside its widget; ``page`` is another page than this one."""
    _state(_owner(name, page))[name] = value
    if page in (None, _current_page()):
        _restart({name})


def open_on_explore(collection: str) -> None:
    """Let Explore show this collection at its next run; for the other pages, before they go there."""
    put("on", collection)
    for name in ("track", "group"):
        put(name, "", page="explore")


def start_widget(
    name: str, options: Sequence | None, default, read: Callable = str, *, kind: str = ""
) -> str:
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
        Turns text into a value; ValueError where it can't.
    kind : str
        The kind of widget, where one name is drawn as several: Streamlit keeps no value from one kind to
        another, so that the other starts from the state.
    """
    st.session_state.setdefault(_WIDGETS, set()).add(name)
    kinds = st.session_state.setdefault(_KINDS, {})
    if kinds.get(name, kind) != kind:
        _restart({name})
    kinds[name] = kind
    if name in st.session_state and (options is None or st.session_state[name] in options):
        return name
    value, text = default, _state(_owner(name)).get(name)
    if text is not None:
        try:
            known = read(text)
            value = known if options is None or known in options else default
        except ValueError:
            pass
    st.session_state[name] = value
    return name


def start_number(name: str, options: Sequence | None, default, read: Callable = str) -> dict:
    """Return ``key`` and ``value`` of a number's widget, as :func:`start_widget` starts it.

    The value is told twice, in the session and to the widget: a run that is overtaken by the next before the
    browser heard of it takes the session's word with it, and a number that knows no other value then stands
    at its least.
    """
    key = start_widget(name, options, default, read)
    return {"key": key, "value": st.session_state[key]}


def record(name: str, value):
    """Write a widget's value to the state and return it."""
    text = "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
    _state(_owner(name))[name] = text
    return value


def toggle(label: str, name: str, **given) -> bool:
    """Draw a toggle that is off at first and return whether it is on; in the address, ``1`` is on, and in old ones ``true``."""
    key = start_widget(name, [True, False], False, lambda text: text in ("1", "true"))
    is_on = st.toggle(label, key=key, **given)
    record(name, 1 if is_on else None)
    return is_on


def _state(page: str) -> dict[str, str]:
    """Return the entries of a page, or with "" those of all pages."""
    return st.session_state.setdefault(URL_STATE, {}).setdefault(page, {})


def _owner(name: str, page: str | None = None) -> str:
    """Return the page whose entry this is, "" for all."""
    return "" if name in SHARED else _current_page() if page is None else page


def _current_page() -> str:
    """Return the page that is drawn, "" before there is one."""
    return st.session_state.get(_PAGE, "")


def _restart(names: set[str]) -> None:
    """Let widgets start from the state when they are drawn next."""
    for name in st.session_state.get(_WIDGETS, set()).intersection(names):
        st.session_state.pop(name, None)


def _frozen(query: dict[str, str]) -> tuple:
    """Make a query hashable."""
    return tuple(sorted(query.items()))

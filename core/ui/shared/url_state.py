"""State of the pages in their URL: it survives a change of page and a reload, and is what a link shares.

Streamlit drops the value of a widget that is not rendered. So each widget here starts from a dictionary of
strings in the session and writes to it; the dictionary is the query string of the page's address
(``?on=demo&audio=conv-vae&weight=0.4``), from which a new tab or another person's browser starts. Each page
has its own dictionary, so one name may mean two things; what holds for all pages (:data:`SHARED`) is stored
once. Streamlit pushes one entry to the browser's history per changed query string, so Back and Forward undo
and redo settings.

A value goes both to the session and to the widget: when a run is interrupted before the browser receives the
session's value, a widget without a value of its own would fall back to its first option or its minimum.

Streamlit's own ``bind="query-params"`` writes what a widget displays, so a link breaks when a title changes,
and it knows only widgets, while a selected track or an opened folder is none.
"""

from collections.abc import Callable, Sequence

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

URL_STATE = "url-state"
"""The session's entry that holds a dictionary per page, by the page's name."""
SHARED = ("on", "link")
"""Names that mean the same on every page: the collection, and the token of a read-only link."""
_PAGE = "url-state-page"
_WRITTEN = "url-state-written"
_WIDGETS = "url-state-widgets"
_KINDS = "url-state-kinds"
_UNREAD = "url-state-unread"
_REFUSED = "url-state-refused"


def read_address(page: str) -> None:
    """Make ``page`` the current page, and update its state from an address that this session did not write.

    Such an address is a link, a reload or a typed query. After Back or Forward the address replaces the
    state, also where this session wrote it. Call this once, before the widgets.
    """
    if st.session_state.get(_PAGE) != page:
        _restart(st.session_state.get(_WIDGETS, set()))  # another page may use a widget's name differently
        st.session_state[_PAGE] = page
    written = st.session_state.setdefault(_WRITTEN, set())
    query = st.query_params.to_dict()
    is_history = is_history_navigation()
    # A run may still carry an outdated address of this session, so outside history only a foreign one counts.
    if not query or (_frozen(query) in written and not is_history):
        return
    if is_history:
        _state(page).clear()
        _restart(st.session_state.get(_WIDGETS, set()))
    for name, value in query.items():
        put(name, value)
    st.session_state[_UNREAD] = {(_owner(name), name) for name in query}
    st.session_state[_REFUSED] = {}
    written.add(_frozen(query))


def is_history_navigation() -> bool:
    """Return whether the browser's Back or Forward caused this run."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def write_address() -> None:
    """Write the page's state to the query string of its address."""
    state = address_entries()
    st.session_state.setdefault(_WRITTEN, set()).add(_frozen(state))
    if st.query_params.to_dict() != state:
        st.query_params.from_dict(state)


def address_entries() -> dict[str, str]:
    """Return what the page's address holds."""
    entries = _state("") | _state(_current_page())
    return {name: value for name, value in entries.items() if value != ""}


def replace_state(query: dict[str, str], page: str | None = None) -> None:
    """Make a page, by default the current one, show what an address holds, and nothing else."""
    _state(_current_page() if page is None else page).clear()
    _restart(st.session_state.get(_WIDGETS, set()))
    for name, value in query.items():
        put(name, value, page)


def get(name: str) -> str:
    """Return an entry of the page's state, "" if missing."""
    return _state(_owner(name)).get(name, "")


def put(name: str, value: str, page: str | None = None) -> None:
    """Set an entry from outside its widget; ``page`` is another page than the current one."""
    _state(_owner(name, page))[name] = value
    if page in (None, _current_page()):
        _restart({name})


def open_on_explore(collection: str) -> None:
    """Make Explore show this collection on its next run; call it before switching to that page."""
    put("on", collection)
    for name in ("track", "group"):
        put(name, "", page="explore")


def refused_values() -> dict[str, str]:
    """Return the values of the current address that no widget of this page could take, by name."""
    owners = ("", _current_page())
    return {
        name: text for (owner, name), text in st.session_state.get(_REFUSED, {}).items() if owner in owners
    }


def dismiss_refused() -> None:
    """Forget the values that could not be taken."""
    st.session_state[_REFUSED] = {}


def start_widget(
    name: str, options: Sequence | None, default, read: Callable = str, *, kind: str = ""
) -> str:
    """Set a widget's initial value and return its key.

    Parameters
    ----------
    name : str
        The name in the address, and the widget's key.
    options : sequence or None
        What the widget allows; None: whatever ``read`` accepts.
    default
        Used where the state holds nothing valid; :func:`refused_values` lists invalid values of a link.
    read : callable
        Parses text into a value; ValueError where it can't.
    kind : str
        The kind of widget, where one name is rendered as several: Streamlit keeps no value from one kind to
        another, so the other one starts from the state.
    """
    st.session_state.setdefault(_WIDGETS, set()).add(name)
    kinds = st.session_state.setdefault(_KINDS, {})
    if kinds.get(name, kind) != kind:
        _restart({name})
    kinds[name] = kind
    if name in st.session_state and (options is None or st.session_state[name] in options):
        return name
    owner = _owner(name)
    value, text = default, _state(owner).get(name)
    if text is not None:
        try:
            known = read(text)
            is_taken = options is None or known in options
        except ValueError:
            known, is_taken = None, False
        value = known if is_taken else default
        if not is_taken and text and (owner, name) in st.session_state.get(_UNREAD, set()):
            st.session_state[_REFUSED][owner, name] = text
    st.session_state.get(_UNREAD, set()).discard((owner, name))
    st.session_state[name] = value
    return name


def start_with_value(name: str, options: Sequence | None, default, read: Callable = str) -> dict:
    """Return ``key`` and ``value`` of a widget of one value, initialised as by :func:`start_widget`."""
    key = start_widget(name, options, default, read)
    return {"key": key, "value": st.session_state[key]}


def record(name: str, value):
    """Write a widget's value to the state and return it."""
    text = "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
    _state(_owner(name))[name] = text
    return value


def choose_option(
    name: str,
    label: str,
    options: Sequence,
    default,
    *,
    draw: Callable = st.selectbox,
    read: Callable = str,
    kind: str = "",
    omit_default: bool = False,
    help: str | Callable | None = None,
    **given,
):
    """Render a choice and return it.

    Parameters
    ----------
    name, options, default, read, kind
        See :func:`start_widget`.
    draw : callable
        The widget: ``st.selectbox``, ``st.segmented_control`` or ``st.pills``.
    omit_default : bool
        True: the address holds only a value that differs from the default.
    help : str or callable
        The widget's help, or what returns it for the present value.
    """
    key = start_widget(name, options, default, read, kind=kind)
    value = st.session_state[key]
    is_option = value in options
    if draw is st.selectbox:
        given["index"] = list(options).index(value) if is_option else 0
    else:
        given["default"] = value if is_option else None
    chosen = draw(label, options, key=key, help=help(value) if callable(help) else help, **given)
    record(name, None if omit_default and chosen == default else chosen)
    return chosen


def type_text(name: str, label: str, **given) -> str:
    """Render a text field and return its text without surrounding spaces."""
    start = start_with_value(name, None, "")
    return record(name, (st.text_input(label, **start, **given) or "").strip())


def toggle(label: str, name: str, **kwargs) -> bool:
    """Render a toggle, off by default, and return its value; the address holds ``1``, old ones ``true``."""
    start = start_with_value(name, [True, False], False, lambda text: text in ("1", "true"))
    is_on = st.toggle(label, **start, **kwargs)
    record(name, 1 if is_on else None)
    return is_on


def _state(page: str) -> dict[str, str]:
    """Return the entries of a page, or with "" those shared by all pages."""
    return st.session_state.setdefault(URL_STATE, {}).setdefault(page, {})


def _owner(name: str, page: str | None = None) -> str:
    """Return the page that owns this entry, "" for all."""
    return "" if name in SHARED else _current_page() if page is None else page


def _current_page() -> str:
    """Return the current page, "" before :func:`read_address`."""
    return st.session_state.get(_PAGE, "")


def _restart(names: set[str]) -> None:
    """Make widgets start from the state when they are rendered next."""
    for name in st.session_state.get(_WIDGETS, set()).intersection(names):
        st.session_state.pop(name, None)


def _frozen(query: dict[str, str]) -> tuple:
    """Make a query hashable."""
    return tuple(sorted(query.items()))

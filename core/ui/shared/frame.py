"""The frame of every page: title, errors that a user can fix, and links to the next step.

with page("Library", "Where your music comes from"):
    ...
    next_step("The map of this collection is ready.", "Explore it", to="explore")
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import streamlit as st

from core.errors import SongscapeError
from core.jobs.owner import owner
from core.ui.shared.server_access import session_tag
from core.ui.shared.url_state import dismiss_refused, read_address, refused_values, write_address

ROOT = Path(__file__).resolve().parents[3]
ASSETS = ROOT / "assets"
PAGES_KEY = "songscape-pages"
"""Session key: the pages of this run by name, set by :mod:`core.ui.navigation`."""
_REASONS = "link-notice-reasons"
_REFUSED_CALLBACK = "refused-callback"


@contextmanager
def page(title: str, lead: str = "") -> Iterator[None]:
    """Show a page's title, then its body; an error that the user can fix ends the body with its message.

    The address is read before the body and written after it.

    Parameters
    ----------
    title : str
        In lower case it is the page's name in the URL state.
    lead : str
        One sentence under the title on the page's purpose.

    Raises
    ------
    Exception
        Any other than :class:`SongscapeError`: a bug, shown by :func:`show_defect`.
    """
    st.html(ASSETS / "style.css")
    st.title(title, anchor=False)
    if lead:
        st.caption(lead)
    read_address(title.lower())
    with friendly():
        yield
    write_address()


@contextmanager
def friendly() -> Iterator[None]:
    """Show an error that the user can fix where it happened; for fragments, which run without their page."""
    owner.set(session_tag())
    if refused := st.session_state.pop(_REFUSED_CALLBACK, None):
        show_error(refused)
    try:
        yield
    except SongscapeError as error:
        show_error(error)


def callback(action: Callable) -> Callable:
    """Return a widget's callback whose error, if the user can fix it, is shown once the page runs again."""

    def run(*args) -> None:
        try:
            action(*args)
        except SongscapeError as error:
            st.session_state[_REFUSED_CALLBACK] = error

    return run


def lazy_section(title: str, icon: str, key: str, show: Callable[[], None]) -> None:
    """Show a section whose content is computed when it is opened."""
    section = st.expander(title, icon=f":material/{icon}:", key=key, on_change="rerun")
    if section.open:
        with section:
            show()


def offer_deletion(name: str, about: str, key: str, delete: Callable[[], None]) -> None:
    """Show the popover that says what is deleted, and deletes it after a second click."""
    with st.popover("Delete", icon=":material/delete:", key=key.replace("delete", "delete-open")), friendly():
        st.markdown(about)
        if st.button(f"Delete {plain_markdown(name)}", type="primary", key=key):
            delete()
            st.toast(f"{plain_markdown(name)} is deleted.")
            st.rerun()


def show_error(error: SongscapeError) -> None:
    """Show the message of an error that the user can fix."""
    st.error(plain_markdown(str(error)), icon=":material/info:")


def show_failure(what: str, error: Exception) -> None:
    """Show that a part of the page failed; a bug is logged with its traceback."""
    if isinstance(error, SongscapeError):
        show_error(error)
        return
    logging.getLogger("songscape").error("%s failed", what, exc_info=error)
    st.error(
        f"{what} failed because of a bug in Songscape ({type(error).__name__}). Its terminal has the "
        "details; the rest of this page is not affected.",
        icon=":material/error:",
    )


def show_defect(error: Exception) -> bool:
    """Show that a page failed because of a bug; Streamlit has logged the traceback.

    Returns
    -------
    bool
        True: the page shows nothing else of the error.
    """
    st.error(
        f"Songscape has a bug here ({type(error).__name__}). Its terminal has the details. Your collections "
        "and checkpoints are safe; reload the page to continue.",
        icon=":material/error:",
    )
    return True


def next_step(hint: str, label: str, *, to: str) -> None:
    """Show the next step and link to its page.

    Parameters
    ----------
    hint : str
        Reason for this step, one sentence of plain text.
    label : str
        The link's text.
    to : {"explore", "library", "models"}
        Nothing is shown where the visitor may not open this page.
    """
    if to not in st.session_state.get(PAGES_KEY, {to}):
        return
    with st.container(horizontal=True, vertical_alignment="center", key=f"next-step-{to}"):
        st.markdown(plain_markdown(hint), width="content")
        target = _page(to)
        if target is None:  # the page runs without navigation
            st.markdown(f"**{plain_markdown(label)}**", width="content")
        else:
            st.page_link(target, label=label, icon=":material/arrow_forward:", width="content")


def go_to(name: str) -> None:
    """Leave this page for another one."""
    target = _page(name)
    if target is not None:
        st.switch_page(target)


def _page(name: str):
    """Return the page of this run by name, None without navigation."""
    return st.session_state.get(PAGES_KEY, {}).get(name)


def plain_markdown(text: str) -> str:
    """Escape formatting, HTML, maths and icons of Markdown, so that names are shown verbatim."""
    for mark in "\\`*_{}[]()#+-.!|~$:":
        text = text.replace(mark, f"\\{mark}")
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def as_sentence(text: str) -> str:
    """Return a clause as a sentence.

    >>> as_sentence("nothing found")
    'Nothing found.'
    """
    return f"{text[:1].upper()}{text[1:]}" + ("" if text.endswith((".", "…", "!", "?")) else ".")


def refuse_link(name: str, reason: str) -> None:
    """Add the reason, one plain sentence, why the value of ``name`` in the address is not honoured."""
    st.session_state.setdefault(_REASONS, {})[name] = reason


def describe_refused(name: str, value: str) -> str:
    """Describe a value of the address that no widget could take."""
    return f"{name}={value[:80]!r} is not available here; the default is used."


def show_link_notice(describe: Callable[[str, str], str] = describe_refused) -> None:
    """Show every reason until the notice is dismissed; call it after the page's widgets.

    Parameters
    ----------
    describe : callable
        Returns a sentence for a name and its refused value.
    """
    reasons = dict(st.session_state.get(_REASONS, {}))
    for name, value in refused_values().items():
        reasons.setdefault(name, describe(name, value))
    if not reasons:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="link-notice"):
        st.warning(
            "This link could not be honoured in full. " + plain_markdown(" ".join(reasons.values())),
            icon=":material/link_off:",
            width="stretch",
        )
        st.button("Dismiss", key="link-notice-dismiss", type="tertiary", on_click=_dismiss)


def _dismiss() -> None:
    """Forget the reasons."""
    st.session_state.pop(_REASONS, None)
    dismiss_refused()

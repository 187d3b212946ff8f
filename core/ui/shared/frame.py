"""The frame of every page: its head, its one place for errors a user can mend, and the way to the next step.

with page("Library", "Where your music comes from"):
    ...
    next_step("The map of this collection is ready.", "Explore it", to="explore")
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import streamlit as st

from core.errors import SongscapeError
from core.ui.shared.url_state import read_address, write_address

ROOT = Path(__file__).resolve().parents[3]
ASSETS = ROOT / "assets"
PAGES_KEY = "songscape-pages"
"""Where :mod:`core.ui.shared.navigation` leaves the pages of this run, by name."""


@contextmanager
def page(title: str, lead: str = "") -> Iterator[None]:
    """Draw a page's head, then its body; an error that the user can mend ends the body in words.

    Its address is read before the body, and written after it.

    Parameters
    ----------
    title : str
        In lower case, it names the page's part of the URL state.
    lead : str
        One sentence under the title: what this page is for.

    Raises
    ------
    Exception
        Anything that is no :class:`SongscapeError`: a defect, shown by :func:`show_defect`.
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
    """Show an error that the user can mend where it happened; for fragments, which run without their page."""
    try:
        yield
    except SongscapeError as error:
        show_error(error)


def show_error(error: SongscapeError) -> None:
    """Say in words what went wrong and what mends it."""
    st.error(plain_markdown(str(error)), icon=":material/info:")


def show_failure(what: str, error: Exception) -> None:
    """Say in one sentence that a part of the page failed, while the rest stands; a defect is logged in full."""
    if isinstance(error, SongscapeError):
        show_error(error)
        return
    logging.getLogger("songscape").error("%s failed", what, exc_info=error)
    st.error(
        f"{what} failed because of a defect in Songscape itself ({type(error).__name__}); the terminal that "
        "runs it has the details, and "
        "everything else on this page is as it was.",
        icon=":material/error:",
    )


def show_defect(error: Exception) -> bool:
    """Take over when a page fails in a way that no user can mend: words on the page; Streamlit has logged the rest.

    Returns
    -------
    bool
        True: the page shows nothing else of it.
    """
    st.error(
        f"Something in Songscape itself failed ({type(error).__name__}). The terminal that runs it has the "
        "details. "
        "Your collections and checkpoints are safe; reload the page to go on.",
        icon=":material/error:",
    )
    return True


def next_step(hint: str, label: str, *, to: str) -> None:
    """Name the next sensible step and link to the page where it is taken.

    Parameters
    ----------
    hint : str
        Why this is the next step, one sentence, plain text.
    label : str
        The link's text.
    to : {"explore", "library", "models"}
    """
    with st.container(horizontal=True, vertical_alignment="center", key=f"next-step-{to}"):
        st.markdown(plain_markdown(hint), width="content")
        target = _page(to)
        if target is None:  # the page runs on its own, without navigation
            st.markdown(f"**{plain_markdown(label)}**", width="content")
        else:
            st.page_link(target, label=label, icon=":material/arrow_forward:", width="content")


def go_to(name: str) -> None:
    """Leave this page for another one."""
    target = _page(name)
    if target is not None:
        st.switch_page(target)


def _page(name: str):
    """Return the page of this run by name, None where no navigation was set up."""
    return st.session_state.get(PAGES_KEY, {}).get(name)


def plain_markdown(text: str) -> str:
    """Escape what Markdown would read as formatting, HTML, maths or an icon, so that names show as they are."""
    for mark in "\\`*_{}[]()#+-.!|~$:":
        text = text.replace(mark, f"\\{mark}")
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

"""The script of every run: define the pages, add the demo to an empty library, run the chosen page.

Nothing heavy is imported before the first page is shown; what pages are likely to need next is then loaded in
the background.
"""

import logging
import threading

import streamlit as st

from core.access.viewer import is_enforced
from core.ui.shared.first_page import add_demo
from core.ui.shared.frame import ASSETS, PAGES_KEY, ROOT, friendly


def define_pages() -> dict[str, "st.Page"]:
    """Return the pages by name, in the order of the menu."""
    folder = ROOT / "pages"
    return {
        "explore": st.Page(
            folder / "explore.py",
            title="Explore",
            icon=":material/scatter_plot:",
            default=True,
            help="The map of a collection: choose representation and clustering, play tracks, see scores.",
        ),
        "compare": st.Page(
            folder / "compare.py",
            title="Compare",
            icon=":material/compare:",
            help="Saved views with all scores and paired differences; two settings side by side.",
        ),
        "library": st.Page(
            folder / "library.py",
            title="Library",
            icon=":material/library_music:",
            help="Add a folder, a table or single files; check their tracks and problems.",
        ),
        "models": st.Page(
            folder / "models.py",
            title="Models",
            icon=":material/neurology:",
            help="Train a model on a collection and follow its loss; load and delete checkpoints.",
        ),
        "papers": st.Page(
            folder / "papers.py",
            title="Papers",
            icon=":material/science:",
            help="Run published experiments on a collection; their tables beside the published numbers.",
        ),
        "help": st.Page(
            folder / "help.py",
            title="Help",
            icon=":material/help:",
            help="Methods with formulas and sources, every setting and option, glossary.",
        ),
    }


def open_demo() -> None:
    """Add the demo collection to an empty library."""
    from core import collection

    if not collection.names():
        with st.spinner("Opening the demo collection …"):
            add_demo()


WARM_UP_AFTER_S = 12.0
"""The browser renders the first map on the same processor: the worker's imports must not delay it."""


@st.cache_resource(show_spinner=False)
def warm_up() -> threading.Timer:
    """Start the projection worker, once per server and with a delay, so that maps need not wait for it."""

    def start() -> None:
        try:
            from core.projection.worker import warm

            warm()
        except Exception:  # nobody waits for it; the first map starts the worker again and shows the error
            logging.getLogger("songscape").warning("the projection worker failed to start", exc_info=True)

    timer = threading.Timer(WARM_UP_AFTER_S, start)
    timer.name, timer.daemon = "warm-up", True
    timer.start()
    return timer


def main() -> None:
    """Run the chosen page."""
    st.set_page_config(page_title="Songscape", page_icon=str(ASSETS / "mark.svg"), layout="wide")
    st.logo(ASSETS / "wordmark.svg", size="large")
    pages = define_pages()
    if is_enforced():
        from core.ui.team.sign_in import admit

        pages = admit(pages)
    st.session_state[PAGES_KEY] = pages
    chosen = st.navigation(list(pages.values()), position="top")
    with friendly():
        open_demo()
    chosen.run()
    warm_up()


main()

"""Explore: choose what the map is computed from, listen to it, and read how reliable its clusters are."""

import streamlit as st

from core import collection as collections
from core.ui.explore.controls import choose, choose_collection, describe_refused
from core.ui.explore.explore_body import show_space
from core.ui.shared.frame import next_step, page, show_link_notice
from core.ui.shared.prepare import is_prepared
from core.ui.shared.url_state import write_address


def main() -> None:
    """Run the page."""
    names = collections.names()
    if not names:
        st.info("This library is empty. Open the demo or add a folder, and its map appears here.")
        next_step("Start by adding a collection.", "Open the Library", to="library")
        return
    with st.sidebar:
        name = choose_collection(names)
    try:
        collection = collections.load(name)
        with st.sidebar:
            choice, view = choose(collection)
    finally:
        write_address()  # before the map, which may take long
        show_link_notice(lambda key, value: describe_refused(key, value, name))
    if is_prepared(collection, choice):
        show_space(collection, choice, view)


with page(
    "Explore",
    "Map a collection by its audio, its text or both, listen to it, and read how reliable its clusters are.",
):
    main()

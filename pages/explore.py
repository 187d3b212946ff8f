"""Explore: choose what a map is made from, see it, hear it, and read how far its clusters can be trusted."""

import streamlit as st

from core import collection as collections
from core.ui.explore.choice import choose, choose_collection
from core.ui.explore.map.soundmap import read_ahead
from core.ui.explore.page import show_space
from core.ui.shared.frame import next_step, page
from core.ui.shared.prepare import is_prepared
from core.ui.shared.url_state import write_address


def main() -> None:
    """Run the page."""
    names = collections.names()
    if not names:
        st.info(
            "There is no music here yet. Open the demo or add a folder of your own, and its map appears here."
        )
        next_step("A collection is where everything begins.", "Open the Library", to="library")
        return
    with st.sidebar:
        read_ahead()
        name = choose_collection(names)
    try:
        collection = collections.load(name)
        with st.sidebar:
            choice, view = choose(collection)
    finally:
        write_address()  # before the map, which may take long
    if is_prepared(collection, choice):
        show_space(collection, choice, view)


with page(
    "Explore",
    "See the space that a model hears in this music, listen to it, and read how far its clusters can be "
    "trusted.",
):
    main()

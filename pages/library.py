"""Library: where music comes from, what was read of it, and what could not be."""

import streamlit as st

from core import collection as collections
from core.ui.add_music import show_ways_to_add
from core.ui.frame import page
from core.ui.job_panel import show_jobs
from core.ui.library import added_in_words, choose_from_library, show_collection, show_store


def main() -> None:
    """Run the page."""
    names = collections.names()
    show_jobs("add", says=added_in_words)
    if names:
        show_collection(choose_from_library(names))
    else:
        st.info("There is no music here yet. Open the demo to look around, or add your own below.", icon=":material/library_music:")
    show_ways_to_add(names)
    show_store()


with page("Library", "Point Songscape at music: a folder, a table of numbers, or a few files."):
    main()

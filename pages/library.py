"""Library: where music comes from, what was read of it, and what could not be."""

import streamlit as st

from core import collection as collections
from core.errors import CollectionError
from core.jobs import job as jobs
from core.ui.library.add_music import EXPECTED, show_demo_button, show_ways_to_add
from core.ui.library.captioning import show_captions
from core.ui.library.collection_panel import added_in_words, choose_from_library, show_collection
from core.ui.library.origin import show_deleting
from core.ui.library.transcription import show_lyrics
from core.ui.shared.frame import page, show_error
from core.ui.shared.job_panel import show_jobs
from core.ui.shared.storage import show_store
from core.ui.shared.url_state import put


def main() -> None:
    """Run the page."""
    names = collections.names()
    show_what_was_added(names)
    show_jobs("add", says=added_in_words)
    if names:
        name = choose_from_library(names)
        try:
            collection = collections.load(name)
        except (
            CollectionError
        ) as reason:  # what is kept of it is damaged: it can be deleted, the others be chosen
            show_error(reason)
            show_deleting(name)
        else:
            show_collection(collection)
            show_lyrics(collection)
            show_captions(collection)
    else:
        st.info(
            "There is no music here yet. Open the demo to look around, or add your own below.",
            icon=":material/library_music:",
        )
    if "demo" not in names:
        show_demo_button()
    show_ways_to_add(names)
    show_store()


def show_what_was_added(names: list[str]) -> None:
    """Choose the collection that this visitor added last, once it is there."""
    expected = st.session_state.get(EXPECTED)
    if expected in names and not any(
        job.is_alive and job.args.get("name") == expected for job in jobs.list_jobs("add")
    ):
        put("on", expected)
        del st.session_state[EXPECTED]


with page("Library", "Point Songscape at music: a folder, a table of numbers, or a few files."):
    main()

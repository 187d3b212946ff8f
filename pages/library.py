"""Library: the collections, what was read of them, and where music is added."""

import streamlit as st

from core import collection as collections
from core.access.rules import has_every_right, may_change
from core.access.viewer import is_enforced
from core.errors import CollectionError
from core.jobs import job as jobs
from core.messages.collection.add_messages import describe_added
from core.ui.library.add.add_fields import EXPECTED
from core.ui.library.add.add_forms import show_add_buttons, show_add_form
from core.ui.library.captioning import show_captions
from core.ui.library.collection_panel import choose_collection, show_collection, show_delete
from core.ui.library.transcription import show_lyrics
from core.ui.library.versions_panel import show_versions
from core.ui.shared.frame import page, show_error, show_link_notice
from core.ui.shared.job_panel import show_jobs
from core.ui.shared.storage import show_store
from core.ui.shared.url_state import put


def main() -> None:
    """Run the page."""
    names = collections.names()
    choose_added(names)
    if not names:
        st.info(
            "The library is empty. Open the demo to look around, or add your own music.",
            icon=":material/library_music:",
        )
    with st.container(horizontal=True, vertical_alignment="bottom", key="library-top"):
        name = choose_collection(names) if names else None
        show_add_buttons(names)
    notice = st.container()
    show_add_form(names)
    show_jobs("add", describe=describe_added)
    if name is not None:
        show_chosen(name)
    if is_enforced():
        from core.ui.team.uploads_panel import show_uploads

        show_uploads()
    if has_every_right():
        show_store()
    with notice:
        show_link_notice()


def show_chosen(name: str) -> None:
    """Show the chosen collection; one with damaged files can still be deleted."""
    try:
        collection = collections.load(name)
    except CollectionError as reason:
        show_error(reason)
        if may_change(name):
            show_delete(name)
        return
    show_collection(collection)
    if may_change(collection.name):
        show_lyrics(collection)
        show_captions(collection)
    show_versions(collection)


def choose_added(names: list[str]) -> None:
    """Choose the collection that this visitor added last, once its job has ended."""
    expected = st.session_state.get(EXPECTED)
    if expected in names and not jobs.running_on(expected, "add"):
        put("on", expected)
        del st.session_state[EXPECTED]


with page(
    "Library", "Your collections: add music, check what was read, transcribe lyrics, generate captions."
):
    main()

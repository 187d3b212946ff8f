"""Saved views of a collection, and the link to the present one."""

import streamlit as st

from core.access.rules import may_change_made
from core.collection import Collection
from core.export.export_job import describe_fields_of
from core.export.saved_view import KIND, LONGEST, SavedView, delete_view, list_views, save_view
from core.pipeline.choice import Choice
from core.ui.shared.frame import callback, friendly, plain_markdown
from core.ui.shared.url_state import address_entries, replace_state

_KEY = "explore-view"


def show_views(collection: Collection, choice: Choice) -> None:
    """Show the field that saves the present view, and the views saved before."""
    form = st.form(f"{_KEY}-form", border=False, clear_on_submit=True)
    with form, friendly(), st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input(
            "Save this view as",
            key=f"{_KEY}-name",
            max_chars=LONGEST,
            help="Collection, representation, clustering, colours, selection and search, under a name.",
        )
        if st.form_submit_button("Save view", icon=":material/bookmark_add:"):
            save_view(name, collection.name, address_entries(), describe_fields_of(choice))
    for view in list_views(collection.name):
        _show_view(view)
    st.caption(
        "The page's address is a link to this view. *Copy a link* among the map's tools also holds the zoom."
    )


def _show_view(view: SavedView) -> None:
    """Show the buttons that open and delete a view."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            plain_markdown(view.name),
            key=f"{_KEY}-open-{view.key}",
            icon=":material/bookmark:",
            type="tertiary",
            on_click=replace_state,
            args=(view.query,),
            width="stretch",
        )
        if not may_change_made(KIND, view.key, [view.collection]):
            return
        st.button(
            "Delete",
            key=f"{_KEY}-delete-{view.key}",
            icon=":material/close:",
            type="tertiary",
            on_click=callback(delete_view),
            args=(view,),
            help=f"Deletes the view {plain_markdown(view.name)}.",
        )

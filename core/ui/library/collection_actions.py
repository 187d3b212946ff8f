"""What can be done with a collection: rename, refresh and delete it."""

import streamlit as st

from core import collection as collections
from core.collection import Collection
from core.jobs import job as jobs
from core.ui.shared.frame import friendly, offer_deletion, plain_markdown
from core.ui.shared.url_state import put


def show_actions(collection: Collection) -> None:
    """Show the buttons that rename, refresh and delete a collection."""
    show_rename(collection.name)
    show_refresh(collection)
    show_delete(collection.name)


def show_rename(name: str) -> None:
    """Show the popover in which a collection gets another name."""
    with st.popover("Rename", icon=":material/edit:", key="library-rename-open"), friendly():
        new = st.text_input("New name", value=name, key=f"library-rename-to-{name}").strip()
        if st.button("Rename", type="primary", key="library-rename", disabled=not new or new == name):
            jobs.check_idle(name)
            collections.rename(name, new)
            put("on", new)
            st.toast(f"{plain_markdown(name)} is now {plain_markdown(new)}.")
            st.rerun()


def show_refresh(collection: Collection) -> None:
    """Show the button that reads the source again; its job reports what is new and what is gone."""
    if st.button(
        "Refresh",
        icon=":material/refresh:",
        key="library-refresh",
        help="Reads the source again: adds new files and removes those that are gone. Unchanged files are "
        "not opened.",
    ):
        info = collection.info
        jobs.start(
            "add",
            f"Refresh {collection.name}",
            source=info["source"],
            name=collection.name,
            **info.get("arguments", {}),
        )
        st.rerun()


def show_delete(name: str) -> None:
    """Show the popover that asks before it deletes a collection."""

    def delete() -> None:
        jobs.check_idle(name)
        collections.remove(name)
        put("on", "")

    about = "Removes the collection from the library. Your files stay, and so do checkpoints trained on it."
    offer_deletion(name, about, "library-delete", delete)

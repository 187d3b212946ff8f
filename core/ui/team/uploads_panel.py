"""A person's uploads on the Library page: how much is stored of how much, and deleting them."""

import streamlit as st

from core.access.quotas import UPLOADS, read_limit, uploaded_bytes
from core.access.uploaded_files import delete_upload, list_uploads
from core.messages.quantities import count, format_size
from core.ui.shared.frame import friendly, lazy_section, offer_deletion, plain_markdown


def show_uploads() -> None:
    """Show a section with the uploads, measured when it is opened."""
    lazy_section("Your uploads", "hard_drive", "library-uploads", _show)


@st.fragment
def _show() -> None:
    """Show the uploads."""
    with friendly():
        limit = read_limit(UPLOADS) * 1_000_000
        st.markdown(f"{format_size(uploaded_bytes())} of {format_size(limit)} are stored.")
        for upload in list_uploads():
            with st.container(horizontal=True, vertical_alignment="center"):
                about = f"{count(upload.n_files, 'file')}, {format_size(upload.size)}"
                st.markdown(f"**{plain_markdown(upload.name)}** {plain_markdown(about)}", width="stretch")
                offer_deletion(
                    upload.name,
                    "Deletes these files from the server. A collection that was read from them stays, "
                    "without its audio.",
                    f"library-upload-delete-{upload.name}",
                    lambda name=upload.name: delete_upload(name),
                )

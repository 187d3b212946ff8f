"""Compare: saved views with their scores, two settings side by side, representations by clusterings."""

import streamlit as st

from core import collection as collections
from core.ui.compare.compare_body import show_comparison
from core.ui.shared.frame import next_step, page, show_link_notice


def main() -> None:
    """Run the page."""
    notice = st.container()
    names = collections.names()
    if not names:
        st.info(
            "This library is empty. Add a collection, save views of it on Explore, and compare them here."
        )
        next_step("Start by adding a collection.", "Open the Library", to="library")
        return
    show_comparison(names)
    with notice:
        show_link_notice()


with page(
    "Compare", "Settings beside each other: scores with paired differences, aligned maps, flows of tracks."
):
    main()

"""The body of Compare: which collection, and what is compared of it."""

import streamlit as st

from core import collection as collections
from core.collection import Collection
from core.export.saved_view import list_views
from core.ui.compare.board_view import show_board
from core.ui.compare.gallery import show_gallery
from core.ui.compare.matrix import show_matrix
from core.ui.compare.two_settings import show_two_settings
from core.ui.shared.first_page import first_of
from core.ui.shared.frame import friendly, next_step
from core.ui.shared.url_state import choose_option

SECTIONS = {"views": "Saved views", "pair": "Two settings", "matrix": "Representations × clusterings"}


def show_comparison(names: list[str]) -> None:
    """Choose a collection and a section, and show it."""
    with st.container(horizontal=True, vertical_alignment="top"):
        name = choose_option("on", "Collection", names, first_of(names), width=280)
        section = choose_option(
            "show",
            "Compare",
            list(SECTIONS),
            "views",
            draw=st.segmented_control,
            omit_default=True,
            format_func=SECTIONS.get,
            required=True,
        )
    with friendly():
        collection = collections.load(name)
        if section == "matrix":
            show_matrix(collection)
        elif not list_views(name):
            _show_how_to_begin(collection, section)
        elif section == "pair":
            show_two_settings(collection)
        else:
            show_board(collection)
    if section == "views":
        show_gallery()


def _show_how_to_begin(collection: Collection, section: str) -> None:
    """Say how views are saved."""
    many = "two settings" if section == "pair" else "settings"
    st.info(
        f"To compare {many}, save them first: on Explore, choose one and press *Pin* among its scores.",
        icon=":material/keep:",
    )
    next_step(f"Choose settings of {collection.name}.", "Open Explore", to="explore")

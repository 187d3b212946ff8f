"""The names of labels and genres, and the label that scores compare clusters with."""

import streamlit as st

from core.collection import Collection
from core.ui.shared.url_state import choose_option

MAIN, COARSE = "main", "coarse"
LABEL_TITLES = {MAIN: "Main genre", COARSE: "Coarse group"}
"""The two labels of tracks with several genres."""
FIELDS = {"label": "Label", COARSE: LABEL_TITLES[COARSE]}
"""Titles by field."""
GENRE = "genre"
WEIGHT = "text_weight"


def title_of(field: str, collection: Collection) -> str:
    """Return the title of a field; the label of tracks with several genres is their main one."""
    is_main = field == "label" and collection.has_several_genres
    return LABEL_TITLES[MAIN] if is_main else FIELDS[field]


def choose_comparison(collection: Collection) -> str:
    """Choose the label that clusters are compared with, for collections with coarse groups."""
    if not collection.groups_genres:
        return MAIN
    details = (
        "The label that scores compare clusters with: each track's **main genre**, or the **coarse group** "
        "that most of its genres belong to. Tracks without one are left out of these scores."
    )
    titles = {**LABEL_TITLES, MAIN: title_of("label", collection)}
    return choose_option(
        "compare",
        "Reference labels",
        list(titles),
        MAIN,
        draw=st.segmented_control,
        format_func=titles.get,
        required=True,
        width="stretch",
        help=details,
    )

"""What the points of a map can be coloured by, and the label that scores compare clusters with."""

import streamlit as st

from core.collection import Collection
from core.ui.shared.url_state import choose_option, record

MAIN, COARSE = "main", "coarse"
LABEL_TITLES = {MAIN: "Main genre", COARSE: "Coarse group"}
"""The two labels of tracks with several genres."""
GENRE = "genre"
WEIGHT = "text_weight"
FIELDS = {
    "cluster": "Cluster",
    "label": "Label",
    COARSE: LABEL_TITLES[COARSE],
    GENRE: "Genre …",
    "language": "Language",
    WEIGHT: "Text weight",
}
"""Titles by field; genres for tracks with several, the text weight for fusions that weight each track."""
IN_A_ROW = 3
"""More options than this are in a list, not side by side."""


def title_of(field: str, collection: Collection) -> str:
    """Return the title of a field; the label of tracks with several genres is their main one."""
    is_main = field == "label" and collection.has_several_genres
    return LABEL_TITLES[MAIN] if is_main else FIELDS[field]


def colourings_of(collection: Collection, has_text_weights: bool) -> list[str]:
    """Return the fields that points of a collection can be coloured by.

    Parameters
    ----------
    collection : Collection
    has_text_weights : bool
        Whether the fusion gives each track a text weight.
    """
    is_available = {
        "cluster": True,
        "label": collection.labelled.any(),
        COARSE: collection.groups_genres,
        GENRE: collection.has_several_genres,
        "language": (collection.tracks["language"] != "").any(),
        WEIGHT: has_text_weights,
    }
    return [name for name in FIELDS if is_available[name]]


def choose_colours(collection: Collection, has_text_weights: bool) -> tuple[str, str]:
    """Choose the field that colours the points, and the genre to highlight where the field is one genre."""
    options = colourings_of(collection, has_text_weights)
    colour = options[0]
    if len(options) > 1:
        is_list = has_text_weights or len(options) > IN_A_ROW
        details = (
            "Clusters come from the clustering algorithm; labels, genres and languages from the collection's "
            "metadata."
        )
        details += (
            " The text weight is the one that the fusion gave to each track." if has_text_weights else ""
        )
        draw, row = (
            (st.selectbox, {}) if is_list else (st.segmented_control, {"required": True, "width": "stretch"})
        )
        colour = choose_option(
            "colour",
            "Colour",
            options,
            options[0],
            draw=draw,
            kind="list" if is_list else "row",
            format_func=lambda name: title_of(name, collection),
            help=details,
            **row,
        )
    record("colour", colour)
    return colour, _choose_genre(collection) if colour == GENRE else ""


def _choose_genre(collection: Collection) -> str:
    """Choose the genre whose tracks are highlighted."""
    names, has = collection.genre_matrix()
    counts = dict(zip(names, has.sum(0).tolist(), strict=True))
    return choose_option(
        "genre",
        "Genre",
        names,
        names[0],
        format_func=lambda name: f"{name} ({counts[name]:,})",
        help="Highlights the tracks that have this genre, whether or not it is their main one.",
    )


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

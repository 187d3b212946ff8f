"""The controls that several genres per track bring to Explore: what the colours mean, and what clusters are compared with."""

import streamlit as st

from core.collection import Collection
from core.ui.explore.map.figure import FIELDS, GENRE, WEIGHT
from core.ui.shared.url_state import record, start_widget

MAIN, COARSE = "main", "coarse"
COMPARED = {MAIN: "Main genre", COARSE: "Coarse group"}
IN_A_ROW = 3
"""More choices than this stand in a list, not side by side."""


def title_of(field: str, collection: Collection) -> str:
    """Name a colouring; the label of tracks with several genres is their main one."""
    return COMPARED[MAIN] if field == "label" and collection.has_several_genres else FIELDS[field]


def colours_of(collection: Collection, weighs: bool) -> list[str]:
    """Return what points of a collection can be coloured by; ``weighs``: the fusion may give each track a weight."""
    able = {
        "cluster": True,
        "label": collection.labelled.any(),
        COARSE: collection.groups_genres,
        GENRE: collection.has_several_genres,
        "language": (collection.tracks["language"] != "").any(),
        WEIGHT: weighs,
    }
    return [name for name in FIELDS if able[name]]


def choose_colours(collection: Collection, weighs: bool) -> tuple[str, str]:
    """Choose what the colours mean, and the genre that is looked for where they show one."""
    able = colours_of(collection, weighs)
    colour = able[0]
    if len(able) > 1:
        is_list = weighs or len(able) > IN_A_ROW
        key = start_widget("colour", able, able[0], kind="list" if is_list else "row")
        told = (
            "Clusters are what the algorithm found. Labels, genres and languages are what the collection "
            "says of itself."
        )
        told += " The share of words is what the fusion gave to each track." if weighs else ""
        draw, row = (
            (st.selectbox, {}) if is_list else (st.segmented_control, {"required": True, "width": "stretch"})
        )
        colour = draw(
            "Colour by", able, format_func=lambda name: title_of(name, collection), key=key, help=told, **row
        )
    record("colour", colour)
    return colour, _choose_genre(collection) if colour == GENRE else ""


def _choose_genre(collection: Collection) -> str:
    """Choose the genre whose tracks stand out."""
    names, has = collection.genre_matrix()
    counts = dict(zip(names, has.sum(0).tolist()))
    key = start_widget("genre", names, names[0])
    told = "Tracks that have this genre among theirs, whatever their main one is."
    return record(
        "genre",
        st.selectbox(
            "Which genre", names, format_func=lambda name: f"{name} ({counts[name]:,})", key=key, help=told
        ),
    )


def choose_comparison(collection: Collection) -> str:
    """Choose what clusters are compared with, where there are coarse groups."""
    if not collection.groups_genres:
        return MAIN
    told = (
        "What the scores against labels compare clusters with: each track's **main genre** (its label), or "
        "the **coarse group** that most "
        "of its genres belong to. Tracks without one are left out there."
    )
    key = start_widget("compare", list(COMPARED), MAIN)
    names = {**COMPARED, MAIN: title_of("label", collection)}
    return record(
        "compare",
        st.segmented_control(
            "Compare with",
            list(names),
            format_func=names.get,
            key=key,
            required=True,
            width="stretch",
            help=told,
        ),
    )

"""Choosing the published dataset that a folder holds."""

from pathlib import Path

import streamlit as st

from core.collection.datasets import LAYOUTS, PLAIN, locate, recognise
from core.collection.sources.roots import resolve_within
from core.errors import CollectionError
from core.ui.shared.frame import plain_markdown

HELP = (
    "How the files of a published dataset are read as they lie after the download: its labels, genres, "
    "lyrics and splits. “None” reads every audio file, with its tags and folders."
)


def choose_layout(folder: Path) -> str | None:
    """Choose the dataset in a folder, by default the one it looks like; None where it looks like none.

    Raises
    ------
    CollectionError
        When the folder doesn't look like the chosen dataset, or a part of it is where the browser may not
        read.
    """
    found = recognise(folder)
    if found is not None and not _is_allowed(found, folder):
        found = None
    names = [PLAIN, *LAYOUTS]
    chosen = st.selectbox(
        "Dataset layout",
        names,
        index=names.index(found or PLAIN),
        format_func=lambda name: LAYOUTS[name].title if name in LAYOUTS else "None: a folder of audio",
        key=f"library-layout-{found or PLAIN}",
        help=HELP,
    )
    if found is not None:
        st.caption(plain_markdown(f"This folder looks like {LAYOUTS[found].title}. {LAYOUTS[found].help}"))
    if chosen == PLAIN:
        return PLAIN if found else None
    _check_allowed(chosen, folder)
    return chosen


def _check_allowed(name: str, folder: Path) -> None:
    """Refuse a dataset of which a part lies outside the folders that the browser may read."""
    for place in locate(name, folder).values():
        resolve_within(place if place.is_dir() else place.parent)


def _is_allowed(name: str, folder: Path) -> bool:
    """Return whether all parts of a dataset lie where the browser may read."""
    try:
        _check_allowed(name, folder)
    except CollectionError:
        return False
    return True

"""What a form asks about several genres per track, for those who don't leave it to Songscape."""

import streamlit as st

from core.ui.library.table_upload import take_table
from core.ui.shared.url_state import toggle

MAP = "groups"
"""Under which name the table of groups stands in the page's address."""


def choose_genres(columns: list[str], tags: bool = False) -> dict[str, str | None]:
    """Ask where genres come from, what the main ones are, and for a table of coarse groups; return arguments of ``add``.

    Parameters
    ----------
    columns : list of str
        Of the table that is added or joined.
    tags : bool
        Whether genres may come from the tags of files.
    """
    if not toggle(
        "Tracks have several genres: let me say more",
        "several",
        help="A column named genres, or several genres in a cell or tag (“rock; garage rock”), are found "
        "without this. The label is then "
        "the main genre, the one that most of a track's genres name: “garage rock” and “hard rock” both say "
        "rock.",
    ):
        return {}
    options = ["", *(["tags"] if tags else []), "none", *(f"column:{c}" for c in columns)]
    told = {
        "": "Choose for me",
        "tags": "The genre tags of each file",
        "none": "Nowhere: a cell is one genre",
    }
    left, right = st.columns(2)
    with left:
        chosen = st.selectbox(
            "Genres come from",
            options,
            format_func=lambda o: told.get(o) or f"The column {o.removeprefix('column:')}",
            key=f"library-genres-{len(options)}",
        )
    if chosen == "none":
        return {"genres": "none"}
    with right:
        words = st.text_input(
            "Main genres",
            placeholder="country, hip hop, indie, metal, pop, punk, rock",
            key="library-main-genres",
            help="With commas. Left empty they are found: the genres that no other genre stands in.",
        ).strip()
    table = take_table(
        "Coarse groups in a table (optional)",
        MAP,
        help="A CSV or Parquet file with the columns genre and coarse. Left out, a table of about 480 "
        "genres in 13 groups is used.",
    )
    return {
        "genres": chosen.removeprefix("column:") or None,
        "main_genres": words or None,
        "genre_map": str(table) if table else None,
    }

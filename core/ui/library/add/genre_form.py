"""The fields for tracks with several genres, for those who don't leave it to the defaults."""

import streamlit as st

from core.ui.library.add.table_upload import take_table
from core.ui.shared.url_state import toggle

MAP = "groups"
"""The name of the table of coarse groups in the page's address."""
SOURCES = {"": "Automatic", "tags": "Genre tags of each file", "none": "None: one genre per cell"}


def choose_genres(columns: list[str], tags: bool = False) -> dict[str, str | None]:
    """Choose the source of genres, main genres and a table of coarse groups; return arguments of ``add``.

    Parameters
    ----------
    columns : list of str
        Of the table that is added or joined.
    tags : bool
        Whether genres may come from the tags of files.
    """
    if not toggle(
        "Set options for several genres per track",
        "several",
        help="A column named genres, or several genres in a cell or tag (“rock; garage rock”), are "
        "recognised without this. The label is then the main genre, the one that most of a track's genres "
        "name: “garage rock” and “hard rock” both name rock.",
    ):
        return {}
    options = ["", *(["tags"] if tags else []), "none", *(f"column:{c}" for c in columns)]
    left, right = st.columns(2)
    with left:
        source = st.selectbox(
            "Genres",
            options,
            format_func=lambda o: SOURCES.get(o) or f"Column {o.removeprefix('column:')}",
            key=f"library-genres-{len(options)}",
        )
    if source == "none":
        return {"genres": "none"}
    with right:
        main_genres = st.text_input(
            "Main genres",
            placeholder="country, hip hop, indie, metal, pop, punk, rock",
            key="library-main-genres",
            help="Separated by commas. If empty, the genres that contain no other genre's name.",
        ).strip()
    table = take_table(
        "Coarse groups in a table (optional)",
        MAP,
        help="A CSV or Parquet file with the columns genre and coarse. The default is a table of about 480 "
        "genres in 13 groups.",
    )
    return {
        "genres": source.removeprefix("column:") or None,
        "main_genres": main_genres or None,
        "genre_map": str(table) if table else None,
    }

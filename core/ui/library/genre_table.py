"""The Library's look at several genres per track: how the main one was found, and each genre with its tracks and group."""

import pandas as pd
import streamlit as st

from core.collection import Collection
from core.collection.genre_counts import count_genres
from core.collection.genres.splitting import from_text
from core.messages.genre_messages import describe_genres
from core.ui.shared.frame import plain_markdown

LISTS = {"genres": "Genres", "coarse_genres": "Coarse groups"}
"""Columns of tracks that hold lists as text, and their titles."""


def show_genres(collection: Collection) -> None:
    """Draw what the genres are and how they were come by."""
    found = count_genres(collection)
    st.markdown(
        "\n".join(f"- {plain_markdown(line[0].upper() + line[1:])}" for line in describe_genres(found)[1:])
    )
    table = genre_rows(collection)
    columns = {
        "genre": st.column_config.TextColumn("Genre"),
        "tracks": st.column_config.ProgressColumn(
            "Tracks",
            help="Tracks that have it among theirs.",
            format="localized",
            min_value=0,
            max_value=int(table["tracks"].max()),
        ),
        "main": st.column_config.TextColumn(
            "As main genre", help="Tracks whose main genre it is.", alignment="right"
        ),
        "group": st.column_config.TextColumn(
            "Coarse group", help="By the table of groups, or by a listed name that stands in the genre's."
        ),
    }
    st.dataframe(table, hide_index=True, column_config=columns, height=min(380, 38 + 35 * len(table)))


def genre_rows(collection: Collection) -> pd.DataFrame:
    """Return a row per genre, the most frequent first: its tracks, on how many it is the main one ("" for none), its group."""
    names, has = collection.genre_matrix()
    main = collection.tracks["label"].value_counts()
    group = collection.info["genres"]["coarse"].get("group", {})
    return pd.DataFrame(
        {
            "genre": names,
            "tracks": has.sum(0),
            "main": [f"{main[name]:,}" if name in main else "" for name in names],
            "group": [group.get(name, "") for name in names],
        }
    )


def with_lists(tracks: pd.DataFrame) -> pd.DataFrame:
    """Return tracks whose lists as text are lists, which a table draws as one mark each."""
    return tracks.assign(
        **{name: [list(from_text(text)) for text in tracks[name]] for name in LISTS if name in tracks}
    )

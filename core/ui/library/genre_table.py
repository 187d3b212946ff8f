"""The genres of a collection: where they come from, and a table of their tracks and groups."""

import pandas as pd
import streamlit as st

from core.collection import Collection
from core.collection.genre_counts import count_genres
from core.collection.genres.splitting import parse_genres
from core.messages.genre_messages import describe_genres
from core.ui.shared.frame import plain_markdown

LISTS = {"genres": "Genres", "coarse_genres": "Coarse groups"}
"""Titles of the columns of tracks that hold lists as text."""


def show_genres(collection: Collection) -> None:
    """Show the genres of a collection, and where they come from."""
    found = count_genres(collection)
    st.markdown(
        "\n".join(f"- {plain_markdown(line[0].upper() + line[1:])}" for line in describe_genres(found)[1:])
    )
    table = genre_rows(collection)
    columns = {
        "genre": st.column_config.TextColumn("Genre"),
        "tracks": st.column_config.ProgressColumn(
            "Tracks",
            help="Tracks with this genre.",
            format="localized",
            min_value=0,
            max_value=int(table["tracks"].max()),
        ),
        "main": st.column_config.TextColumn(
            "As main genre", help="Tracks with this main genre.", alignment="right"
        ),
        "group": st.column_config.TextColumn(
            "Coarse group", help="From the table of groups, or by a listed name within the genre's name."
        ),
    }
    st.dataframe(table, hide_index=True, column_config=columns, height=min(380, 38 + 35 * len(table)))


def genre_rows(collection: Collection) -> pd.DataFrame:
    """Return genre, tracks, tracks with this main genre ("" for none) and group, most frequent first."""
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
    """Return the tracks with text columns that hold lists parsed into lists."""
    return tracks.assign(
        **{name: [list(parse_genres(text)) for text in tracks[name]] for name in LISTS if name in tracks}
    )

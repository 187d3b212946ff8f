"""The tables of a collection's tracks, of its genres and of its problems."""

import pandas as pd
import streamlit as st

from core.collection import Collection
from core.collection.genre_counts import count_genres
from core.collection.genres.splitting import parse_genres
from core.messages.collection.genre_messages import describe_genres
from core.ui.shared.fields.genre_choice import title_of
from core.ui.shared.frame import as_sentence, friendly, plain_markdown
from core.ui.shared.url_state import type_text, write_address

LISTS = {"genres": "Genres", "coarse_genres": "Coarse groups"}
"""Titles of the columns of tracks that hold lists as text."""
TITLES = {
    "title": "Title",
    "artist": "Artist",
    "label": "Label",
    **LISTS,
    "language": "Language",
    "duration_s": "Duration (s)",
    "lyrics": "Lyrics",
    "lyrics_from": "Lyrics source",
    "lyrics_language": "Transcribed language",
    "lyrics_confidence": "Confidence",
    "caption": "Caption",
    "path": "File",
}
HIDDEN = ("track_id", "title_from", "file", "sound_file", "row", "table_title", "size", "original_label")
"""Columns of tracks that are not for people."""
NUMBERS = ("duration_s", "lyrics_confidence")
LONG = ("lyrics", "caption")
CONFIDENCE = "Geometric mean of the token probabilities of the transcription; 1 is certain."
MAX_ROWS = 5_000
MAX_CHARS = 160
PROBLEMS = {"error": "unusable", "duplicate": "duplicate", "note": "partly used"}


@st.fragment
def show_tracks(collection: Collection) -> None:
    """Show the table of tracks, filtered by a search."""
    with friendly():
        tracks = collection.tracks
        query = type_text(
            "find",
            "Search",
            placeholder="Search titles, artists, labels, text …",
            label_visibility="collapsed",
            icon=":material/search:",
        )
        write_address()
        found = search_tracks(tracks, query)
        if found.empty:
            st.info("No track matches this search.", icon=":material/search_off:")
            return
        if query or len(found) > MAX_ROWS:
            counted = f"{len(found):,} of {len(tracks):,} tracks" if query else f"{len(tracks):,} tracks"
            more = f"; the first {MAX_ROWS:,} are shown, a search covers all" if len(found) > MAX_ROWS else ""
            st.caption(counted + more)
        shown = _shown_columns(found.head(MAX_ROWS))
        st.dataframe(
            with_lists(shown),
            hide_index=True,
            column_config=_column_config(shown, collection),
            height=table_height(len(shown)),
        )


def search_tracks(tracks: pd.DataFrame, query: str) -> pd.DataFrame:
    """Return the tracks of which a text column contains the query, whatever its case."""
    if not query:
        return tracks
    found = pd.Series(False, index=tracks.index)
    for column in _text_columns(tracks):
        found |= tracks[column].fillna("").str.contains(query, case=False, regex=False)
    return tracks[found]


def _text_columns(tracks: pd.DataFrame) -> list[str]:
    """Return the columns of text that people may read."""
    return [c for c in tracks if c not in HIDDEN and pd.api.types.is_string_dtype(tracks[c])]


def _shown_columns(tracks: pd.DataFrame) -> pd.DataFrame:
    """Return the columns that have values, in the order of their titles, with long texts cut."""
    more = [c for c in _text_columns(tracks) if c not in TITLES and not tracks[c].equals(tracks["label"])]
    columns = [*(c for c in TITLES if c != "path" and c in tracks), *more, "path"]
    has_values = {
        c: tracks[c].notna().any() if c in NUMBERS else (tracks[c].fillna("") != "").any() for c in columns
    }
    shown = tracks[[c for c in columns if has_values[c]]]
    return shown.assign(
        **{c: shown[c].str.slice(0, MAX_CHARS).str.replace("\n", " / ") for c in LONG if c in shown}
    )


def _column_config(shown: pd.DataFrame, collection: Collection) -> dict:
    """Return the titles and formats of the columns."""
    titles = {c: TITLES.get(c, c.replace("_", " ").capitalize()) for c in shown}
    if collection.has_several_genres:
        titles["label"] = title_of("label", collection)
    columns = {
        c: st.column_config.TextColumn(title, width="medium" if c in (*LONG, "path") else None)
        for c, title in titles.items()
    }
    columns |= {c: st.column_config.ListColumn(LISTS[c], width="medium") for c in LISTS if c in shown}
    columns["duration_s"] = st.column_config.NumberColumn(TITLES["duration_s"], format="%.1f")
    columns["lyrics_confidence"] = st.column_config.NumberColumn(
        TITLES["lyrics_confidence"], format="%.2f", help=CONFIDENCE
    )
    return columns


def show_problems(problems: pd.DataFrame) -> None:
    """Show the table of what is unusable, a duplicate, or used in part."""
    if problems.empty:
        st.success("Every file and row was read.", icon=":material/check_circle:")
        return
    st.caption(
        "Problems don't affect the other tracks. After fixing a file, press **Refresh**: only new and "
        "changed files are read again."
    )
    kinds = problems["kind"] if "kind" in problems else pd.Series("error", index=problems.index)
    shown = problems.assign(kind=kinds.map(PROBLEMS).fillna(kinds))[["kind", "path", "reason"]].head(MAX_ROWS)
    columns = {
        "kind": st.column_config.TextColumn("Problem", width="small"),
        "path": st.column_config.TextColumn("File or row", width="medium"),
        "reason": st.column_config.TextColumn("Reason", width="large"),
    }
    st.dataframe(shown, hide_index=True, column_config=columns, height=table_height(len(shown)))


def table_height(n_rows: int) -> int:
    """Return the height of a table in pixels, at most about ten rows."""
    return min(380, 38 + 35 * n_rows)


def show_genres(collection: Collection) -> None:
    """Show the genres of a collection, and where they come from."""
    st.markdown(
        "\n".join(
            f"- {plain_markdown(as_sentence(line))}" for line in describe_genres(count_genres(collection))[1:]
        )
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

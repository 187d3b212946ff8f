"""What the Library shows of a collection: counts, where its words come from, its tracks and its problems."""

import pandas as pd
import streamlit as st

from core import collection as collections
from core.collection import TRANSCRIBED, Collection
from core.collection.genre_counts import count_genres
from core.errors import SongscapeError
from core.features.failures import problems_of
from core.messages.genre_messages import describe_genres
from core.ui.library.genre_table import LISTS, show_genres, with_lists
from core.ui.library.origin import show_origin
from core.ui.shared.frame import friendly, go_to, next_step, plain_markdown
from core.ui.shared.genre_choice import title_of
from core.ui.shared.url_state import get, open_on_explore, record, start_widget, write_address

TITLES = {
    "title": "Title",
    "artist": "Artist",
    "label": "Label",
    **LISTS,
    "language": "Language",
    "duration_s": "Seconds",
    "lyrics": "Lyrics",
    "lyrics_from": "Lyrics from",
    "lyrics_language": "Heard language",
    "lyrics_confidence": "Confidence",
    "caption": "Caption",
    "path": "File",
}
HIDDEN = ("track_id", "title_from", "file", "sound_file", "row", "table_title", "size")
"""Columns of tracks that say nothing to people."""
NUMBERS = ("duration_s", "lyrics_confidence")
CONFIDENCE = (
    "The geometric mean of the probabilities that the model gave each piece of the words it wrote "
    "down; 1 is sure."
)
MOST_ROWS = 5_000
MOST_LETTERS = 160
FEW = 6
"""Genres that are named at the top."""
SEVERAL = 6
"""Collections that stand side by side; more are chosen from a list."""
SOURCES = {
    "lyrics": "lyrics",
    TRANSCRIBED: "lyrics from the sound",
    "caption": "captions",
    "title – artist": "title and artist",
    "file name": "only a file name",
    "nothing": "no words",
}
PROBLEMS = {"error": "could not be used", "duplicate": "there already", "note": "used in part"}


def added_in_words(result: dict) -> str:
    """Say what a finished reading found."""
    n = result.get("n_problems", 0)
    problems = f" {n:,} {'entry stands' if n == 1 else 'entries stand'} under Problems." if n else ""
    joined = {
        "text": "{:,} found their words, {:,} did not.",
        "audio": "{:,} found their sound, {:,} did not.",
    }
    joins = "".join(
        f" {joined[what].format(join['matched'], join['unmatched'])}"
        for what, join in result.get("joins", {}).items()
    )
    replaced = " It took the place of another source under this name." if result.get("replaced") else ""
    return (
        f"{result.get('n_tracks', 0):,} tracks are in "
        f"“{result.get('collection', '')}”.{joins}{problems}{replaced}"
    )


def choose_from_library(names: list[str], *, as_list: bool = False) -> str:
    """Let the user choose a collection; the choice stands in the page's address and holds for every page."""
    if get("on") not in names:
        record("on", "demo" if "demo" in names else names[0])
    side_by_side = len(names) <= SEVERAL and not as_list
    # The state leads and the widget follows: a key of its own per kind of widget, set before each run.
    key = f"library-on-{'tiles' if side_by_side else 'list'}"
    st.session_state[key] = get("on")
    given = {"key": key, "on_change": lambda: record("on", st.session_state[key] or get("on"))}
    if side_by_side:
        st.segmented_control(
            "Collections",
            names,
            required=True,
            format_func=lambda n: f"{plain_markdown(n)} :gray[{_count(n)}]",
            **given,
        )
    else:
        st.selectbox(
            "Collection" if as_list else "Collections",
            names,
            format_func=lambda n: f"{n} ({_count(n)})",
            **given,
        )
    return get("on")


def _count(name: str) -> str:
    """Return how many tracks a collection has, "damaged" where it can't be read."""
    try:
        return f"{collections.load(name).n_tracks:,}"
    except SongscapeError:
        return "damaged"


def show_collection(collection: Collection) -> None:
    """Draw one collection: counts, what can be done with it, and its tables."""
    tracks, problems = collection.tracks, problems_of(collection)
    kinds = problems["kind"].value_counts() if "kind" in problems else {"error": len(problems)}
    counts = {
        "Tracks": collection.n_tracks,
        "With sound": int((tracks["path"] != "").sum()),
        "With lyrics": int((tracks["lyrics"] != "").sum()),
        "With a label": int(collection.labelled.sum()),
        "Same as another": int(kinds.get("duplicate", 0)),
        "Could not be used": int(kinds.get("error", 0)),
    }
    with st.container(horizontal=True, gap="medium"):  # wraps on a narrow screen
        for title, count in counts.items():
            st.metric(title, f"{count:,}", width=150)
    if collection.has_several_genres:
        st.caption("Genres: " + plain_markdown(describe_genres(count_genres(collection), FEW)[0]))
    _show_words(collection)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        if st.button("See its map", icon=":material/scatter_plot:", type="primary", key="library-explore"):
            open_on_explore(collection.name)
            go_to("explore")
        next_step("Or let a model learn from it:", "Train a model", to="models")
    genres = collection.info.get("genres")
    titles = [f"Tracks ({collection.n_tracks:,})", *([f"Genres ({genres['n_genres']:,})"] if genres else [])]
    tabs = st.tabs(
        [*titles, f"Problems ({len(problems):,})", "Where it comes from"],
        key=f"library-tabs-{collection.name}",
    )
    with tabs[0]:
        _show_tracks(collection)
    if genres:
        with tabs[1]:
            show_genres(collection)
    with tabs[-2]:
        _show_problems(problems)
    with tabs[-1]:
        show_origin(collection)


def _show_words(collection: Collection) -> None:
    """Say where the text of the tracks comes from, and warn where it is a file name, which may hold the label."""
    sources = collection.text_sources()
    if set(sources) == {"nothing"}:
        return
    st.caption(
        "Words: "
        + plain_markdown(" · ".join(f"{n:,} {SOURCES.get(source, source)}" for source, n in sources.items()))
    )
    n = sources.get("file name", 0)
    if n:
        st.caption(
            f":orange[:material/warning:] {n:,} {'track has' if n == 1 else 'tracks have'} no words but a "
            "file name. It counts as text, and "
            "names such as rock.00012 give the label away, so that scores of words against labels prove "
            "nothing there."
        )


@st.fragment
def _show_tracks(collection: Collection) -> None:
    """Draw the table of tracks, narrowed by a search."""
    with friendly():
        tracks = collection.tracks
        texts = [c for c in tracks if c not in HIDDEN and pd.api.types.is_string_dtype(tracks[c])]
        wanted = st.text_input(
            "Search",
            placeholder="Search titles, artists, labels, words …",
            key=start_widget("find", None, ""),
            label_visibility="collapsed",
            icon=":material/search:",
        ).strip()
        record("find", wanted)
        write_address()
        more = [c for c in texts if c not in TITLES and not tracks[c].equals(tracks["label"])]
        shown = tracks[[*(c for c in TITLES if c != "path" and c in tracks), *more, "path"]]
        if wanted:
            found = pd.Series(False, index=tracks.index)
            for column in texts:
                found |= tracks[column].fillna("").str.contains(wanted, case=False, regex=False)
            shown = shown[found]
        if shown.empty:
            st.info("No track has these words.", icon=":material/search_off:")
            return
        if wanted or len(shown) > MOST_ROWS:
            counted = f"{len(shown):,} of {len(tracks):,} tracks" if wanted else f"{len(tracks):,} tracks"
            st.caption(
                counted
                + (
                    f"; the first {MOST_ROWS:,} are shown, a search goes through all"
                    if len(shown) > MOST_ROWS
                    else ""
                )
            )
        shown = shown.head(MOST_ROWS)
        shown = shown.loc[
            :,
            [
                c
                for c in shown
                if (shown[c].notna().any() if c in NUMBERS else (shown[c].fillna("") != "").any())
            ],
        ]
        for column in ("lyrics", "caption"):
            if column in shown:
                shown = shown.assign(
                    **{column: shown[column].str.slice(0, MOST_LETTERS).str.replace("\n", " / ")}
                )
        columns = {
            c: st.column_config.TextColumn(TITLES.get(c, c.replace("_", " ").capitalize())) for c in shown
        }
        columns |= {c: st.column_config.ListColumn(LISTS[c], width="medium") for c in LISTS if c in shown}
        if collection.has_several_genres and "label" in shown:
            columns["label"] = st.column_config.TextColumn(title_of("label", collection))
        columns |= {
            c: st.column_config.TextColumn(TITLES[c], width="medium")
            for c in ("lyrics", "caption", "path")
            if c in shown
        }
        if "duration_s" in shown:
            columns["duration_s"] = st.column_config.NumberColumn(TITLES["duration_s"], format="%.1f")
        if "lyrics_confidence" in shown:
            columns["lyrics_confidence"] = st.column_config.NumberColumn(
                TITLES["lyrics_confidence"], format="%.2f", help=CONFIDENCE
            )
        st.dataframe(
            with_lists(shown), hide_index=True, column_config=columns, height=min(380, 38 + 35 * len(shown))
        )


def _show_problems(problems: pd.DataFrame) -> None:
    """Draw the table of what could not be used, was there already, or was used in part."""
    if problems.empty:
        st.success("Everything was read; there is nothing to mend.", icon=":material/check_circle:")
        return
    st.caption(
        "Nothing here stops the rest. Mend what you can and press “Look for changes”: only new and changed "
        "files are read again."
    )
    kinds = problems["kind"] if "kind" in problems else pd.Series("error", index=problems.index)
    shown = problems.assign(kind=kinds.map(PROBLEMS).fillna(kinds))[["kind", "path", "reason"]].head(
        MOST_ROWS
    )
    columns = {
        "kind": st.column_config.TextColumn("What", width="small"),
        "path": st.column_config.TextColumn("File or row", width="medium"),
        "reason": st.column_config.TextColumn("Why", width="large"),
    }
    st.dataframe(shown, hide_index=True, column_config=columns, height=min(380, 38 + 35 * len(shown)))

"""A collection in the Library: its choice, actions, counts, text sources, next steps, and tables."""

import pandas as pd
import streamlit as st

from core import collection as collections
from core.access.rules import may_change
from core.access.viewer import is_enforced
from core.collection import TRANSCRIBED, Collection
from core.collection.genre_counts import count_genres
from core.errors import SongscapeError
from core.features.extraction.failures import problems_of
from core.jobs import job as jobs
from core.messages.collection.genre_messages import describe_genres
from core.messages.collection.leak_messages import describe_leak
from core.messages.quantities import count
from core.ui.library.label_panel import show_relabel
from core.ui.library.source_details import show_source
from core.ui.library.track_table import show_genres, show_problems, show_tracks
from core.ui.shared.first_page import first_of
from core.ui.shared.frame import friendly, go_to, next_step, offer_deletion, plain_markdown, refuse_link
from core.ui.shared.url_state import get, open_on_explore, put, record

FEW_GENRES = 6
"""Genres that are named above the tables."""
TEXT_SOURCES = {
    "lyrics": "lyrics",
    TRANSCRIBED: "transcribed lyrics",
    "caption": "captions",
    "title – artist": "title and artist",
    "file name": "title in the file name",
    "nothing": "no text",
}
SIDE_BY_SIDE = 6
"""Collections that are shown side by side; more are chosen from a list."""


def show_collection(collection: Collection) -> None:
    """Show one collection: name and actions, counts, next steps, and its tables."""
    problems = problems_of(collection)
    with st.container(horizontal=True, vertical_alignment="center", key="library-head"):
        st.subheader(plain_markdown(collection.name), anchor=False, width="content")
        show_actions(collection)
    _show_counts(collection, problems)
    if collection.has_several_genres:
        st.caption("Genres: " + plain_markdown(describe_genres(count_genres(collection), FEW_GENRES)[0]))
    _show_text_sources(collection)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        if st.button(
            "Open in Explore", icon=":material/scatter_plot:", type="primary", key="library-explore"
        ):
            open_on_explore(collection.name)
            go_to("explore")
        next_step("Or train a model on it:", "Train a model", to="models")
    _show_tables(collection, problems)


def _show_counts(collection: Collection, problems: pd.DataFrame) -> None:
    """Show how many tracks there are and what they have."""
    tracks = collection.tracks
    kinds = problems["kind"].value_counts() if "kind" in problems else {"error": len(problems)}
    counts = {
        "Tracks": collection.n_tracks,
        "With audio": int((tracks["path"] != "").sum()),
        "With lyrics": int((tracks["lyrics"] != "").sum()),
        "With a label": int(collection.labelled.sum()),
        "Duplicates": int(kinds.get("duplicate", 0)),
        "Unusable": int(kinds.get("error", 0)),
    }
    with st.container(horizontal=True, gap="medium", key="library-counts"):  # wraps on a narrow screen
        for title, n in counts.items():
            st.metric(title, f"{n:,}", width=120)


def _show_text_sources(collection: Collection) -> None:
    """Show where the text of the tracks comes from; warn of what holds the label."""
    for leak in collection.info.get("leaks") or []:
        sentence = describe_leak(leak)
        st.caption(f":orange[:material/warning:] {plain_markdown(sentence[:1].upper() + sentence[1:])}.")
    sources = collection.text_sources()
    if set(sources) == {"nothing"}:
        return
    st.caption("Text: " + plain_markdown(describe_text_sources(sources)))
    if n := sources.get("file name", 0):
        st.caption(
            f"The only text of {count(n, 'track')} is the title in the file name. Names that hold a label or "
            "a serial number, such as rock.00012, are not read as text."
        )


def describe_text_sources(sources: dict[str, int]) -> str:
    """Describe how many tracks have text from which source."""
    return " · ".join(f"{n:,} {TEXT_SOURCES.get(source, source)}" for source, n in sources.items())


def _show_tables(collection: Collection, problems: pd.DataFrame) -> None:
    """Show tracks, genres, problems and source in tabs."""
    genres = collection.info.get("genres")
    titles = [f"Tracks ({collection.n_tracks:,})", *([f"Genres ({genres['n_genres']:,})"] if genres else [])]
    tabs = st.tabs(
        [*titles, f"Problems ({len(problems):,})", "Source"], key=f"library-tabs-{collection.name}"
    )
    with tabs[0]:
        show_tracks(collection)
    if genres:
        with tabs[1]:
            show_genres(collection)
    with tabs[-2]:
        show_problems(problems)
    with tabs[-1]:
        show_source(collection)


def show_actions(collection: Collection) -> None:
    """Show the buttons that rename, relabel, refresh and delete a collection, to those who may."""
    if is_enforced():
        from core.ui.team.sharing_panel import show_access

        show_access(collection.name)
        if not may_change(collection.name):
            return
    show_rename(collection.name)
    show_relabel(collection)
    show_refresh(collection)
    show_delete(collection.name)


def show_rename(name: str) -> None:
    """Show the popover in which a collection gets another name."""
    with st.popover("Rename", icon=":material/edit:", key="library-rename-open"), friendly():
        new = st.text_input("New name", value=name, key=f"library-rename-to-{name}").strip()
        if st.button("Rename", type="primary", key="library-rename", disabled=not new or new == name):
            jobs.check_idle(name)
            collections.rename(name, new)
            put("on", new)
            st.toast(f"{plain_markdown(name)} is now {plain_markdown(new)}.")
            st.rerun()


def show_refresh(collection: Collection) -> None:
    """Show the button that reads the source again; its job reports what is new and what is gone."""
    if st.button(
        "Refresh",
        icon=":material/refresh:",
        key="library-refresh",
        help="Reads the source again: adds new files and removes those that are gone. Unchanged files are "
        "not opened.",
    ):
        info = collection.info
        jobs.start(
            "add",
            f"Refresh {collection.name}",
            source=info["source"],
            name=collection.name,
            **info.get("arguments", {}),
        )
        st.rerun()


def show_delete(name: str) -> None:
    """Show the popover that asks before it deletes a collection."""

    def delete() -> None:
        jobs.check_idle(name)
        collections.remove(name)
        put("on", "")

    about = "Removes the collection from the library. Your files stay, and so do checkpoints trained on it."
    offer_deletion(name, about, "library-delete", delete)


def choose_collection(names: list[str], *, as_list: bool = False) -> str:
    """Choose a collection; the choice is in the page's address and holds for every page.

    Parameters
    ----------
    names : list of str
        At least one.
    as_list : bool
        Always offer a list.
    """
    if get("on") not in names:
        default = first_of(names)
        if get("on"):
            refuse_link("on", f"There is no collection “{get('on')}” in this library; “{default}” is shown.")
        record("on", default)
    is_list = as_list or len(names) > SIDE_BY_SIDE
    # Streamlit keeps no value from one kind of widget to another: the state leads, and the widget follows it.
    key = f"library-on-{'list' if is_list else 'tiles'}"
    st.session_state[key] = get("on")
    given = {"key": key, "on_change": lambda: record("on", st.session_state[key] or get("on"))}
    if is_list:
        st.selectbox("Collection", names, format_func=lambda n: f"{n} ({_count(n)})", **given)
    else:
        st.segmented_control(
            "Collection",
            names,
            required=True,
            format_func=lambda n: f"{plain_markdown(n)} :gray[{_count(n)}]",
            **given,
        )
    return get("on")


def _count(name: str) -> str:
    """Return the number of tracks of a collection, "damaged" where it can't be read."""
    try:
        return f"{collections.load(name).n_tracks:,}"
    except SongscapeError:
        return "damaged"

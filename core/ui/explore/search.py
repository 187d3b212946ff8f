"""The search field of Explore: from a phrase, or from the track that is heard, to tracks that are marked on the map."""

from dataclasses import dataclass

import streamlit as st

from core.checkpoints.catalogue import belongs, list_checkpoints
from core.collection import Collection
from core.inputs.input_names import is_joint
from core.pipeline.choice import Choice
from core.pipeline.space import Space
from core.search import WORDS, Found, search
from core.ui.explore import selection
from core.ui.shared.frame import plain_markdown, show_failure
from core.ui.shared.player import play_list
from core.ui.shared.results import state_of
from core.ui.shared.url_state import get, put, record, start_widget

MOST = 20
"""Tracks that a search marks on the map at most."""
BEST = "best"
"""The best there is at hand, which are towers trained here where there are some."""
_MARKED = "explore-found"


@dataclass(frozen=True, eq=False)
class Search:
    """A search that was made: what it found, and the selection that holds it."""

    found: Found
    title: str
    group: str

    @property
    def is_shown(self) -> bool:
        """Whether what it found is still what is selected."""
        return get("group") == self.group


def ask(collection: Collection, space: Space, choice: Choice) -> Search | None:
    """Draw the field, do what it asks for, and say what was searched; None where nothing is searched for, or where that failed.

    A new search becomes the selection; one that was made before stays as it was left. A search that fails
    says so here, in one sentence, and changes nothing else.
    """
    field, rest = st.columns([0.64, 0.36], gap="large", vertical_alignment="bottom")
    with field:
        phrase = st.text_input(
            "Search",
            key=start_widget("find", None, ""),
            icon=":material/search:",
            placeholder="a slow sad song for choir, or a name",
            type="search",
            label_visibility="collapsed",
            on_change=lambda: put("like", ""),
        )
    phrase = record("find", " ".join((phrase or "").split()))
    like = "" if phrase else get("like")
    if like and not (collection.tracks["track_id"] == like).any():
        like = ""
    if not phrase and not like:
        _let_go()
        return None
    with rest:
        through = _choose_through(collection, choice) if phrase else None
    asked = (
        *state_of(collection.name),
        phrase,
        like,
        through,
        *(
            ()
            if phrase
            else (choice.audio, choice.text, choice.text_field, choice.fusion, choice.text_weight)
        ),
    )

    try:
        with st.spinner("Searching …", show_time=True):
            if like:
                found = search(collection, track_id=like, choice=choice, limit=MOST)
            else:
                found = search(
                    collection, phrase, through=through, limit=MOST, thorough=False, names_first=True
                )
    except Exception as reason:  # defects too: whatever a search stumbles over, the map, the scores and the player have no part in it
        show_failure("The search", reason)
        _offer_end()
        return None
    return _mark(collection, space, found, asked, phrase or f"Like {_title_of(collection, like)}")


def _choose_through(collection: Collection, choice: Choice) -> str | None:
    """Let the user choose between sound and words where towers make that possible."""
    towers = choice.audio if choice.audio and choice.audio.split(":")[0] == "clap" else BEST
    if towers == BEST and not any(belongs(c, collection) and is_joint(c.input) for c in list_checkpoints()):
        return None
    offers = {towers: "The sound", WORDS: "The words"}
    chosen = record(
        "in",
        st.segmented_control(
            "Search in",
            list(offers),
            format_func=offers.get,
            key=start_widget("in", list(offers), towers),
            required=True,
            help="**The sound** itself, through two towers that put phrases and sounds into one space; or "
            "**the words** about it: lyrics, "
            "captions, tags and titles, by sentence embedding.",
        ),
    )
    return None if chosen == BEST else chosen


def _mark(collection: Collection, space: Space, found: Found, asked: tuple, title: str) -> Search:
    """Select what a new search found, and say what was searched."""
    ids = list(found.table["track_id"])
    kept = st.session_state.get(_MARKED)
    if kept is None or kept["asked"] != asked:
        group = selection.select_found(ids) if ids else ""
        if not ids:
            put("group", "")
        current = selection.current_track(collection, space)
        if (
            current is not None
            and collection.tracks["track_id"].iloc[space.rows[current]] not in ids
            and not title.startswith("Like ")
        ):
            selection.choose_track(collection, space, None)
        kept = st.session_state[_MARKED] = {"asked": asked, "group": group}
    made = Search(found, title, kept["group"])
    with st.container(horizontal=True, vertical_alignment="center"):
        what = f"{len(ids):,} tracks found" if len(ids) != 1 else "1 track found"
        st.caption(f"{what if ids else 'Nothing found'}. {plain_markdown(found.through)}", width="stretch")
        if ids and not made.is_shown:
            st.button("Mark them again", key="explore-found-again", on_click=put, args=("group", made.group))
        _offer_end()
    return made


def _offer_end() -> None:
    """Offer to end the search."""
    st.button("End the search", key="explore-found-end", icon=":material/close:", on_click=_end)


def _end() -> None:
    """Forget what was searched for."""
    put("find", "")
    put("like", "")


def _let_go() -> None:
    """Drop the selection that an ended search had made."""
    kept = st.session_state.pop(_MARKED, None)
    if kept and get("group") == kept["group"]:
        put("group", "")


def offer_more_like(track_id: str) -> None:
    """Offer to search for tracks like the one that is heard."""

    def begin_search() -> None:
        put("find", "")
        put("like", track_id)

    st.button(
        "More like this",
        key="explore-more-like",
        icon=":material/join_inner:",
        on_click=begin_search,
        help="Finds the tracks nearest to this one in what the map is made from.",
    )


def show_found(collection: Collection, space: Space, made: Search) -> None:
    """List what was found, the best first, each with its score and the reason, and each to be heard."""
    table = made.found.table
    st.subheader(f"Found: {len(table):,} {'track' if len(table) == 1 else 'tracks'}", anchor=False)
    rows = collection.tracks.set_index("track_id", drop=False).loc[table["track_id"]]
    rows = rows.assign(label=[f"{score:.2f}" for score in table["score"]], why=table["why"].tolist())
    absent = len(set(table["track_id"]) - set(collection.tracks["track_id"].to_numpy()[space.rows]))
    if absent:
        st.caption(f"{absent:,} of them {'is' if absent == 1 else 'are'} not on this map.")
    play_list(rows, key="explore-found-list")


def _title_of(collection: Collection, track_id: str) -> str:
    """Return a track's title."""
    return collection.tracks.loc[collection.tracks["track_id"] == track_id, "title"].iloc[0] or "this track"

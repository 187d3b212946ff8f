"""The search field of Explore: from a phrase, or from the current track, to tracks that are selected."""

from dataclasses import dataclass

import streamlit as st

from core.checkpoints.catalogue import is_trained_on, list_checkpoints
from core.collection import Collection
from core.inputs.input_names import is_joint
from core.messages.analysis.search_messages import describe_match, describe_search
from core.pipeline.choice import Choice
from core.pipeline.space import Space
from core.representation.side_by_side import split_parts
from core.search import TEXT, search
from core.search.found import Found
from core.ui.explore import selection
from core.ui.shared.frame import plain_markdown, show_failure
from core.ui.shared.player import play_list
from core.ui.shared.results import state_of
from core.ui.shared.url_state import choose_option, get, put, record, type_text

LIMIT = 20
"""Tracks that a search returns at most."""
BEST = "best"
"""The best audio search available: towers trained on this collection where there are some."""
_RESULT = "explore-found"


@dataclass(frozen=True, eq=False)
class Search:
    """A completed search: what it found, the selection that holds it, and what was searched for."""

    found: Found
    title: str
    group: str
    phrase: str = ""
    like: str = ""
    through: str = ""

    @property
    def is_selected(self) -> bool:
        """Whether its result is still the selection."""
        return get("group") == self.group


def run_search(collection: Collection, space: Space, choice: Choice) -> Search | None:
    """Render the field and run the search; None where the field is empty or the search failed.

    A new search becomes the selection; an earlier one stays as it is. A failed search shows one error
    sentence and changes nothing else.
    """
    typed = type_text(
        "find",
        "Search",
        icon=":material/search:",
        placeholder="a slow sad song for choir",
        type="search",
        label_visibility="collapsed",
        on_change=lambda: put("like", ""),
    )
    phrase = record("find", " ".join(typed.split()))
    like = "" if phrase else get("like")
    if like and not (collection.tracks["track_id"] == like).any():
        like = ""
    if not phrase and not like:
        _clear_result()
        return None
    row = st.container(horizontal=True, vertical_alignment="center", key="explore-found-row")
    with row:
        through = _choose_modality(collection, choice) if phrase else None
    query = (*state_of(collection.name), phrase, like, through)
    if like:
        query += (choice.audio, choice.text, choice.text_field, choice.fusion, choice.text_weight)
    try:
        with st.spinner("Searching …", show_time=True):
            if like:
                found = search(collection, track_id=like, choice=choice, limit=LIMIT)
            else:
                found = search(
                    collection, phrase, through=through, limit=LIMIT, thorough=False, names_first=True
                )
    except Exception as reason:  # defects too: the map, the scores and the player don't depend on the search
        show_failure("The search", reason)
        _offer_clear()
        return None
    titles = collection.tracks.set_index("track_id")["title"]
    title = phrase or f"Like {titles[like] or 'this track'}"
    group = _select_result(collection, space, found, query, title)
    made = Search(found, title, group, phrase, like, through or "")
    with row:
        _describe_result(made)
    return made


def searched(made: Search | None) -> tuple[str, str, str]:
    """Return the phrase, the track and the modality of a search, "" for each without one."""
    return (made.phrase, made.like, made.through) if made else ("", "", "")


def _choose_modality(collection: Collection, choice: Choice) -> str | None:
    """Let the user choose between audio and text where towers make a search of audio possible."""
    audio = [part.rep for part in split_parts(choice.audio)] if choice.audio else []
    towers = next((rep for rep in audio if rep.split(":")[0] == "clap"), BEST)
    if towers == BEST and not any(
        is_trained_on(c, collection.name, collection.info) and is_joint(c.input) for c in list_checkpoints()
    ):
        return None
    offers = {towers: "Audio", TEXT: "Text"}
    chosen = choose_option(
        "in",
        "Search in",
        list(offers),
        towers,
        draw=st.segmented_control,
        format_func=offers.get,
        required=True,
        label_visibility="collapsed",
        help="**Audio**: by two towers that embed phrases and audio in one space. **Text**: lyrics, "
        "captions, tags and titles, by sentence embedding.",
    )
    return None if chosen == BEST else chosen


def _select_result(collection: Collection, space: Space, found: Found, query: tuple, title: str) -> str:
    """Select what a new search found; return the selection that holds it."""
    ids = list(found.table["track_id"])
    result = st.session_state.get(_RESULT)
    if result is None or result["query"] != query:
        group = selection.select_found(ids) if ids else selection.select_group("")
        current = selection.current_track(collection, space)
        if (
            current is not None
            and collection.tracks["track_id"].iloc[space.rows[current]] not in ids
            and not title.startswith("Like ")
        ):
            selection.select_track(collection, space, None)
        result = st.session_state[_RESULT] = {"query": query, "group": group}
    return result["group"]


def _describe_result(made: Search) -> None:
    """Describe what was searched, and what can be done next."""
    n = len(made.found.table)
    nothing = f"Nothing found. Try other words, or a title. {describe_search(made.found.report)}"
    st.caption(plain_markdown(f"{n:,} found" if n else nothing), width="stretch")
    if n and not made.is_selected:
        st.button(
            "Select them again",
            key="explore-found-again",
            on_click=selection.select_group,
            args=(made.group,),
        )
    _offer_clear()


def _offer_clear() -> None:
    """Offer to clear the search."""
    st.button(
        "Clear",
        key="explore-found-end",
        type="tertiary",
        icon=":material/close:",
        on_click=_clear,
        help="Clear the search.",
    )


def _clear() -> None:
    """Clear the search."""
    put("find", "")
    put("like", "")


def _clear_result() -> None:
    """Clear the selection that a cleared search had made."""
    result = st.session_state.pop(_RESULT, None)
    if result and get("group") == result["group"]:
        selection.select_group("")


def offer_more_like(track_id: str) -> None:
    """Offer to search for tracks similar to the current one."""

    def start_search() -> None:
        put("find", "")
        put("like", track_id)

    st.button(
        "More like this",
        key="explore-more-like",
        icon=":material/join_inner:",
        on_click=start_search,
        help="Finds the nearest neighbours of this track in the representation of the map.",
    )


def show_found(collection: Collection, space: Space, made: Search) -> None:
    """List what was found, best first, with score and reason, each with a player."""
    table = made.found.table
    whys = [describe_match(m) if m.kind in ("name", "field") else "" for m in made.found.matches]
    rows = collection.tracks.set_index("track_id", drop=False).loc[table["track_id"]]
    rows = rows.assign(label=[f"{score:.2f}" for score in table["score"]], why=whys)
    absent = len(set(table["track_id"]) - set(collection.tracks["track_id"].to_numpy()[space.rows]))
    if absent:
        st.caption(f"{absent:,} of them {'is' if absent == 1 else 'are'} not on this map.")
    play_list(rows, key="explore-found-list")
    st.caption(plain_markdown(describe_search(made.found.report)))

"""The switch *Keep this map*: places and clusters stay as they were fitted while a collection grows."""

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import nullcontext

import streamlit as st

from core.access.audit import audited
from core.access.rules import is_signed_in, may_change
from core.collection import Collection
from core.messages.analysis.kept_map_messages import describe_kept
from core.pipeline.choice import Choice
from core.pipeline.kept_map import (
    MOST_LOST,
    MOST_PLACED,
    Keep,
    KeptMap,
    keep_map,
    key_of_map,
    version_of_kept,
)
from core.pipeline.space import Space
from core.ui.shared.frame import plain_markdown
from core.ui.shared.results import now_or_why, results
from core.ui.shared.url_state import toggle

PATIENCE_S = 0.8
"""How long a page waits for a kept map before it displays a fitted one meanwhile."""
ANEW = "Fit anew"
_HELD, _ANEW = "explore-kept", "explore-fit-anew"


def choose_keeping() -> tuple[bool, Callable[[Collection, Choice, KeptMap | None], None] | None]:
    """Choose whether the map is kept; return that, and what shows the kept map's status below."""
    is_kept = toggle(
        "Keep this map",
        "keep",
        help="Keeps positions and clusters of the last fit of these settings. Tracks that are added later "
        "are placed between their nearest fitted tracks, and no other track moves. A new fit is due where "
        f"more than {MOST_PLACED:.0%} of the tracks were placed, or trustworthiness fell by more than "
        f"{MOST_LOST}.",
    )
    return is_kept, _show_status_in(st.container()) if is_kept else None


def _show_status_in(slot) -> Callable[[Collection, Choice, KeptMap | None], None]:
    """Return what shows the status of the kept map, and the button that fits it anew."""

    def show_status(collection: Collection, choice: Choice, kept: KeptMap | None) -> None:
        if kept is None:
            slot.caption("The map is kept once it is fitted.")
            return
        slot.caption(plain_markdown(describe_kept(kept.status, f"“{ANEW}”")))
        if not may_change(collection.name):
            return  # the kept map is everybody's who sees the collection
        slot.button(
            ANEW,
            key="explore-keep-anew",
            icon=":material/restart_alt:",
            type="primary" if kept.status["due"] else "secondary",
            on_click=lambda: st.session_state.update({_ANEW: key_of_map(collection.name, choice)}),
            help="Fits positions and clusters to all tracks, and keeps them as the next version.",
        )

    return show_status


def current_kept(
    collection: Collection, space: Space, choice: Choice, pending: list[Future], notes: list[str]
) -> KeptMap | None:
    """Return the kept map of a choice, None while it is fitted for the first time.

    A new fit that was asked for is started; until it is ready the version before is returned. Who did not
    sign in where others have to sees what is kept, and keeps nothing.
    """
    key = (space.key, key_of_map(collection.name, choice), version_of_kept(collection, choice))
    if not key[2] and not is_signed_in():
        notes.append("No map of these settings is kept; sign in to keep one.")
        return None

    def fit(how: Keep) -> KeptMap:
        with audited("keep map", collection.name) if how == "anew" or not key[2] else nullcontext():
            return keep_map(collection, space, choice, how)

    fitting = ("kept-anew", *key)
    if st.session_state.get(_ANEW) == key[1]:
        anew = results().begin(fitting, lambda: fit("anew"), "layouts")
        kept, reason = now_or_why(anew, PATIENCE_S)
        if kept is None and not reason:
            pending.append(anew)
            notes.append("Fitting the map anew …")
        else:
            del st.session_state[_ANEW]
        if reason:
            notes.append(f"The map could not be fitted anew: {reason}.")
        if kept is not None:
            return _hold((*key[:2], kept.status["version"]), kept)
    held = st.session_state.get(_HELD)
    if held is not None and held[0] == key:
        return held[1]
    future = results().begin(("kept", *key), lambda: fit("keep"), "layouts")
    kept, reason = now_or_why(future, PATIENCE_S)
    if reason:
        notes.append(f"The map could not be kept: {reason}.")
    elif kept is None:
        pending.append(future)
        notes.append("Fitting the map that is kept …" if not key[2] else "Placing the new tracks …")
    return None if kept is None else _hold((*key[:2], kept.status["version"]), kept)


def describe_placed(kept: KeptMap) -> list[str]:
    """Return the status of a kept map where tracks were placed, for the caption of the map."""
    return [describe_kept(kept.status, f"“{ANEW}” among the parameters")] if kept.status["n_placed"] else []


def _hold(key: tuple, kept: KeptMap) -> KeptMap:
    """Hold a kept map in the session, so that a rerun doesn't place its tracks again."""
    st.session_state[_HELD] = (key, kept)
    return kept

"""The current track and the selected tracks: by a click, a lasso, a row, a text filter, or an address."""

import numpy as np
import streamlit as st

from core import store
from core.clustering.cluster_summary import order_by_typicality
from core.collection import Collection
from core.pipeline.space import Space
from core.search.containing import tracks_containing
from core.ui.explore.map.soundmap import Pick
from core.ui.shared.frame import plain_markdown
from core.ui.shared.results import version_of
from core.ui.shared.url_state import get, put, record, type_text

FILTER = "filter"
"""Name of the text filter in the address."""
_FILTERED = "explore-filtered"


def current_track(collection: Collection, space: Space) -> int | None:
    """Return the current track's position in the space, None if there is none."""
    wanted = get("track")
    if not wanted:
        return None
    found = np.flatnonzero(collection.tracks["track_id"].to_numpy()[space.rows] == wanted)
    return int(found[0]) if len(found) else None


def selected_tracks(collection: Collection, space: Space) -> np.ndarray | None:
    """Return the positions in the space of selected or found tracks, None if there are none.

    Selected ones are in the collection's order, found ones best first.
    """
    saved = _saved_selection()
    if saved is None:
        return None
    here = collection.tracks["track_id"].to_numpy(str)[space.rows]
    if saved.get("ranked"):
        known = {track_id: position for position, track_id in enumerate(here)}
        positions = np.array([known[i] for i in saved["track_ids"] if i in known], int)
    else:
        positions = np.flatnonzero(np.isin(here, saved.get("track_ids", [])))
    return positions if len(positions) else None


def _saved_selection() -> dict | None:
    """Return the selection that the state names, None where it names none that is stored."""
    key = get("group")
    saved = store.load_owned("selections", key[1:]) if key.startswith("s") and key[1:].isalnum() else None
    return saved if isinstance(saved, dict) else None


def missing_reasons(collection: Collection, space: Space) -> list[str]:
    """Describe the track and the selection of a link that can't be shown."""
    reasons = []
    if track_id := get("track"):
        if track_id not in set(collection.tracks["track_id"]):
            reasons.append(f"The track in this page's address is not in {collection.name}.")
        elif current_track(collection, space) is None:
            reason = space.left_out.get(track_id)
            reasons.append(
                "The track in this page's address is not on this map" + (f": {reason}." if reason else ".")
            )
    if get("group").startswith("s"):
        if _saved_selection() is None:
            reasons.append("The selection in this page's address is not stored on this server.")
        elif selected_tracks(collection, space) is None:
            reasons.append("No track of the selection in this page's address is on this map.")
    return reasons


def select_found(track_ids: list[str]) -> str:
    """Select found tracks, best first; return the ``group`` in the URL state."""
    return _select(store.key_of("found", track_ids), {"track_ids": track_ids, "ranked": True})


def _select(key: str, selection: dict) -> str:
    """Store a selection, so the page's address can name it, and make it the current one."""
    store.save_owned("selections", key, selection)
    return select_group(f"s{key}")


def select_group(group: str) -> str:
    """Select what the ``group`` of an address names, "" for nothing; the text filter ends. Return it."""
    put("group", group)
    put(FILTER, "")
    return group


def is_cluster_selected() -> bool:
    """Return whether a whole cluster is selected, so it is highlighted on the map."""
    return get("group") == "cluster"


def select_track(collection: Collection, space: Space, position: int | None) -> None:
    """Make this track the current one; None clears it."""
    put("track", "" if position is None else collection.tracks["track_id"].iloc[space.rows[position]])


def select_cluster(collection: Collection, space: Space, labels: np.ndarray, cluster: int | None) -> None:
    """Select a whole cluster and its most typical track; None clears the selection."""
    select_group("" if cluster is None else "cluster")
    if cluster is None:
        return
    members = np.flatnonzero(labels == cluster)
    current = current_track(collection, space)
    if len(members) and current not in members:
        select_track(collection, space, order_members(space, members, cluster)[0])


def apply_pick(collection: Collection, space: Space, pick: Pick | None) -> None:
    """Apply a click, box, lasso or clear on the map."""
    if pick is None:
        return
    ids = collection.tracks["track_id"]
    known = [row for row in pick.rows if 0 <= row < len(ids)]
    if pick.kind == "click" and known:
        position = int(np.flatnonzero(space.rows == known[0])[0]) if known[0] in space.rows else None
        selected = selected_tracks(collection, space)
        if selected is None or position not in selected:
            select_group("")
        select_track(collection, space, position)
    elif pick.kind in ("box", "lasso") and known:
        track_ids = sorted(ids.iloc[known])
        _select(store.key_of(track_ids), {"track_ids": track_ids})
        current = current_track(collection, space)
        if current is None or ids.iloc[space.rows[current]] not in track_ids:
            select_track(collection, space, None)
    elif pick.kind == "clear":
        select_group("")
        select_track(collection, space, None)


def apply_filter(collection: Collection) -> None:
    """Select the tracks that contain the words of the text filter, where these are new."""
    typed, last = " ".join(get(FILTER).split()), st.session_state.get(_FILTERED)
    asked = (*version_of(collection.name), typed)
    if last is not None and last["asked"] == asked:
        return
    if not typed:
        st.session_state.pop(_FILTERED, None)
        if last is not None and get("group") == last["group"] != "":
            select_group("")
        return
    ids = collection.tracks["track_id"][tracks_containing(collection, typed)].tolist()
    group = _select(store.key_of(sorted(ids)), {"track_ids": sorted(ids)}) if ids else select_group("")
    put(FILTER, typed)
    if get("track") not in ids:
        put("track", "")
    st.session_state[_FILTERED] = {"asked": asked, "group": group, "n": len(ids)}


def show_filter() -> None:
    """Show the text filter, and how many tracks it selects."""
    typed = type_text(
        FILTER,
        "Text filter",
        icon=":material/filter_alt:",
        type="search",
        placeholder="Tracks whose title, label or text contains …",
        label_visibility="collapsed",
        on_change=_record_filter,
    )
    if typed and has_no_match():
        st.caption(
            plain_markdown(
                f"No track has “{typed}” in its title, artist, label or text. Try part of a word, or search "
                "by meaning in the field above."
            )
        )


def _record_filter() -> None:
    """Record what was typed, unless the field has left the page meanwhile."""
    if FILTER in st.session_state:
        record(FILTER, st.session_state[FILTER])


def has_no_match() -> bool:
    """Return whether no track contains the words of the text filter."""
    last = st.session_state.get(_FILTERED)
    return bool(get(FILTER)) and last is not None and not last["n"]


def order_members(space: Space, members: np.ndarray, cluster: int | None) -> np.ndarray:
    """Return the playing order of a cluster: from its most typical track outward; other groups as given."""
    return order_by_typicality(space.X, members) if cluster is not None and cluster >= 0 else members

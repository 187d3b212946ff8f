"""Which track is heard and which tracks are chosen: by a click, a lasso, a row of the table, or an address."""

import numpy as np

from core import store
from core.clustering.cluster_summary import order_by_typicality
from core.collection import Collection
from core.pipeline.space import Space
from core.ui.explore.map.soundmap import Pick
from core.ui.shared.url_state import get, put


def current_track(collection: Collection, space: Space) -> int | None:
    """Return the place in the space of the track that is heard, None for none."""
    wanted = get("track")
    if not wanted:
        return None
    found = np.flatnonzero(collection.tracks["track_id"].to_numpy()[space.rows] == wanted)
    return int(found[0]) if len(found) else None


def selected_tracks(collection: Collection, space: Space) -> np.ndarray | None:
    """Return the places in the space of the tracks that were circled or found, None where none are.

    Circled ones stand in the collection's order, found ones with the best first.
    """
    key = get("group")
    kept = store.read_owned("selections", key[1:]) if key.startswith("s") and key[1:].isalnum() else None
    if not isinstance(kept, dict):
        return None
    here = collection.tracks["track_id"].to_numpy(str)[space.rows]
    if kept.get("ranked"):
        known = {track_id: place for place, track_id in enumerate(here)}
        places = np.array([known[i] for i in kept["track_ids"] if i in known], int)
    else:
        places = np.flatnonzero(np.isin(here, kept.get("track_ids", [])))
    return places if len(places) else None


def select_found(track_ids: list[str]) -> str:
    """Make found tracks, the best first, the selection; return the ``group`` in the URL state."""
    key = store.key_of("found", track_ids)
    store.keep_owned(
        "selections", key, {"track_ids": track_ids, "ranked": True}
    )  # so that the page's address can name it
    put("group", f"s{key}")
    return f"s{key}"


def cluster_is_chosen() -> bool:
    """Return whether a cluster was chosen as a whole, so that it stands out on the map."""
    return get("group") == "cluster"


def choose_track(collection: Collection, space: Space, place: int | None) -> None:
    """Let this track be heard, or none."""
    put("track", "" if place is None else collection.tracks["track_id"].iloc[space.rows[place]])


def choose_cluster(collection: Collection, space: Space, labels: np.ndarray, cluster: int | None) -> None:
    """Choose a cluster as a whole and its most typical track; None lets go."""
    put("group", "" if cluster is None else "cluster")
    if cluster is None:
        return
    members = np.flatnonzero(labels == cluster)
    current = current_track(collection, space)
    if len(members) and current not in members:
        choose_track(collection, space, walk_of(space, members, cluster)[0])


def take_pick(collection: Collection, space: Space, pick: Pick | None) -> None:
    """Follow what was done on the map."""
    if pick is None:
        return
    ids = collection.tracks["track_id"]
    known = [row for row in pick.rows if 0 <= row < len(ids)]
    if pick.kind == "click" and known:
        place = int(np.flatnonzero(space.rows == known[0])[0]) if known[0] in space.rows else None
        chosen = selected_tracks(collection, space)
        if chosen is None or place not in chosen:
            put("group", "")
        choose_track(collection, space, place)
    elif pick.kind in ("box", "lasso") and known:
        track_ids = sorted(ids.iloc[known])
        key = store.key_of(track_ids)
        store.keep_owned(
            "selections", key, {"track_ids": track_ids}
        )  # so that the page's address can name it
        put("group", f"s{key}")
        current = current_track(collection, space)
        if current is None or ids.iloc[space.rows[current]] not in track_ids:
            choose_track(collection, space, None)
    elif pick.kind == "clear":
        put("group", "")
        choose_track(collection, space, None)


def walk_of(space: Space, members: np.ndarray, cluster: int | None) -> np.ndarray:
    """Return the order in which next and previous walk: a cluster from its most typical track outward."""
    return order_by_typicality(space.X, members) if cluster is not None and cluster >= 0 else members

"""Versions of one recording in a collection: groups with their evidence, and pairs that the user rejected.

Files with the same bytes are one track already (see :mod:`core.collection.sources.folder`); these are other
encodings, edits and other takes. Rejected pairs are user data. They are stored by track id, so they hold in
every collection with these tracks.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from core import store
from core.collection import Collection
from core.errors import SongscapeError
from core.pipeline.choice import Choice
from core.pipeline.space import Space, build_space
from core.progress import Progress, silent
from core.search.similar_tracks import choose_representation
from core.search.version_pairs import VersionPair, find_pairs
from core.store.hashing.source import source_hash

DEFAULT = "musicnn"
"""The representation that finds most versions without a wrong one (see :mod:`core.search.version_pairs`)."""
MOST_TRACKS = 20_000
"""Up to this many tracks versions are counted beside scores; more take too long to compare."""
_KIND, _KEY = "versions", "rejected"


def find_versions(collection: Collection, rep: str | None = None, progress: Progress = silent) -> dict:
    """Group the tracks that are versions of one recording.

    A group are the tracks that pairs connect, without the pairs that were rejected.

    Parameters
    ----------
    rep : str, optional
        A representation; by default MusiCNN where there is audio.

    Returns
    -------
    dict
        JSON-ready: ``collection``, ``representation``, ``n_tracks``, ``n_compared`` (with features),
        ``n_versions`` (tracks in a group), ``groups`` (nearest first; each ``tracks``, ids, and ``pairs``,
        see :class:`core.search.version_pairs.VersionPair`, with the ids of both tracks and None for nan) and
        ``rejected`` (such pairs).

    Raises
    ------
    ConfigError
        When the collection has no input for the representation.
    """
    choice = choose_representation(collection, rep)
    return _find(collection, choice, build_space(collection, choice, progress))


def _find(collection: Collection, choice: Choice, space: Space) -> dict:
    """Return :func:`find_versions` of a space."""
    tracks = collection.tracks.iloc[space.rows].reset_index(drop=True)
    ids = tracks["track_id"].tolist()
    described = (tracks["duration_s"].to_numpy(float), *_names(tracks))
    key = store.key_of(space.key, ids, *described, source_hash(find_pairs))
    columns = list(VersionPair._fields)
    found = store.cached(_KIND, key, lambda: pd.DataFrame(find_pairs(space.X, *described), columns=columns))
    pairs = [
        {name: None if value != value else value for name, value in row.items()}  # nan is no JSON
        | {"first": ids[row["first"]], "second": ids[row["second"]]}
        for row in found.to_dict("records")
    ]
    rejected = _rejected()
    kept = [pair for pair in pairs if _name(pair) not in rejected]
    groups = _connect(kept)
    return {
        "collection": collection.name,
        "representation": choice.audio or choice.text,
        "n_tracks": collection.n_tracks,
        "n_compared": len(ids),
        "n_versions": sum(len(group["tracks"]) for group in groups),
        "groups": groups,
        "rejected": [pair for pair in pairs if _name(pair) in rejected],
    }


def count_known_versions(collection: Collection) -> int | None:
    """Return how many tracks are versions of others, None where finding out would take long.

    Only stored MusiCNN features are used, and of at most :data:`MOST_TRACKS` tracks.
    """
    if collection.n_tracks > MOST_TRACKS or not any(collection.audio_paths()):
        return None
    choice = choose_representation(collection, DEFAULT)
    try:
        with store.cached_only():
            space = build_space(collection, choice)
    except (store.NotCached, SongscapeError):
        return None
    return _find(collection, choice, space)["n_versions"]


def reject(pairs: Iterable[dict]) -> None:
    """Keep that pairs are not the same recording.

    Parameters
    ----------
    pairs : iterable of dict
        With the track ids "first" and "second".
    """
    _change_rejected(lambda rejected: rejected | set(map(_name, pairs)))


def restore(pairs: Iterable[dict]) -> None:
    """Undo :func:`reject`."""
    _change_rejected(lambda rejected: rejected - set(map(_name, pairs)))


def _change_rejected(change) -> None:
    """Replace the rejected pairs by what a function makes of them."""
    with store.lock(_KIND):
        store.save_owned(_KIND, _KEY, {"pairs": sorted(change(_rejected()))})


def _rejected() -> set[str]:
    """Return the names of the rejected pairs."""
    return set((store.load_owned(_KIND, _KEY) or {}).get("pairs", []))


def _name(pair: dict) -> str:
    """Return the name of a pair, whatever the order of its tracks."""
    return " ".join(sorted((pair["first"], pair["second"])))


def _connect(pairs: list[dict]) -> list[dict]:
    """Return the groups of tracks that pairs connect, in the order of their nearest pair."""
    group_of: dict[str, set[str]] = {}
    for pair in pairs:
        both = {pair["first"], pair["second"]}
        merged = both.union(*(group_of.get(track, set()) for track in both))
        group_of |= dict.fromkeys(merged, merged)
    groups: dict[int, dict] = {}
    for pair in pairs:
        members = group_of[pair["first"]]
        group = groups.setdefault(id(members), {"tracks": [], "pairs": []})
        group["pairs"].append(pair)
        for track in (pair["first"], pair["second"]):
            if track not in group["tracks"]:
                group["tracks"].append(track)
    return list(groups.values())


def _names(tracks: pd.DataFrame) -> tuple[list[str], list[str], list[bool]]:
    """Return titles, "" where they are only the number of a row, artists, and which titles were given."""
    origins = tracks["title_from"] if "title_from" in tracks else pd.Series("", index=tracks.index)
    titles = np.where(origins == "row", "", tracks["title"])
    return list(titles), tracks["artist"].tolist(), (origins != "file name").tolist()

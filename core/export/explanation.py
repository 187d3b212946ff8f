"""The report of clusters, of a selection or of two tracks, as ``explain`` and ``compare-tracks`` print it."""

import numpy as np

from core import collection as collections
from core.explain.cluster_names import save_cluster_name
from core.explain.explained import find_confounds, find_map_trust, find_pair, find_stability
from core.explain.groups.group_profile import profile_clusters, profile_selection
from core.export.fusion_report import describe_choice
from core.export.subset import Subset
from core.export.taken import take
from core.pipeline.choice import Choice
from core.pipeline.layouts import layout
from core.progress import Progress, silent
from core.search import find_track


def explain_report(
    name: str,
    choice: Choice,
    subset: Subset,
    *,
    n_boot: int = 50,
    new_name: str | None = None,
    progress: Progress = silent,
) -> dict:
    """Describe the clusters of a choice, one of them, or a selection.

    Parameters
    ----------
    name : str
        Of the collection.
    subset : Subset
        The whole map for every cluster; one cluster; else the tracks of a selection or a search.
    n_boot : int
        Bootstrap samples of the stability; 0 for none. A selection has no stability.
    new_name : str, optional
        Name to give to the one cluster, "" to delete its name.

    Returns
    -------
    dict
        ``collection, n_tracks, n_clusters, choice``; ``groups``, see
        :func:`core.explain.groups.group_profile.profile_group`, with ``cluster`` (from 1 as on the pages,
        None for noise and selections), ``name`` ("" without one that a user gave), ``suggested_name``,
        tracks by ``track_id, title, artist``, and ``stability``, None without; ``stability`` of all clusters,
        None without; ``confounds``, see :func:`core.explain.cluster_confounds.measure_confounds`; ``map``,
        see :func:`core.scoring.quality.trustworthiness.map_trust`; ``lacks``, what nothing is known of.

    Raises
    ------
    ConfigError
        When there is no such cluster or selection.
    """
    collection = collections.load(name)
    taken = subset.take(collection, choice, progress=progress)
    is_of_clusters = subset.is_whole or subset.cluster is not None
    if new_name is not None and subset.cluster is not None:
        save_cluster_name(taken.ids, taken.labels, {subset.cluster - 1: new_name})
    if is_of_clusters:
        found = profile_clusters(collection, taken.space, choice, taken.labels, progress=progress)
    else:
        found = profile_selection(collection, taken.space, choice, taken.members, progress=progress)
    stability = None
    if n_boot and is_of_clusters:
        stability = find_stability(taken.space, choice, taken.labels, n_boot, progress)
    names = taken.names
    groups = [
        group
        for group in label_groups(found["groups"], collection, taken.space.rows, names, stability)
        if subset.cluster in (None, group["cluster"])
    ]
    positions = layout(collection, taken.space, choice, progress)
    return {
        "collection": name,
        "n_tracks": len(taken.labels),
        "n_clusters": len(set(taken.labels[taken.labels >= 0].tolist())),
        "choice": describe_choice(choice),
        "groups": groups,
        "stability": stability
        and {key: stability[key] for key in ("n_boot", "adjusted_rand", "interval", "control")},
        "confounds": find_confounds(collection, taken.space, choice, taken.labels),
        "map": find_map_trust(taken.space, positions, choice.seed, progress) or None,
        "lacks": found["lacks"],
    }


def pair_report(name: str, choice: Choice, first: str, second: str, *, progress: Progress = silent) -> dict:
    """Compare two tracks of a choice; see :func:`core.explain.pairs.track_pair.compare_tracks`.

    Parameters
    ----------
    first, second : str
        Id or title of each.

    Returns
    -------
    dict
        The comparison with ``collection, choice``, the tracks by ``track_id, title, artist``, the ``cluster``
        of both (from 1, None for noise), and ``neighbours``, the tracks nearest to the first in each view.
    """
    collection = collections.load(name)
    ids = [find_track(collection, wanted) for wanted in (first, second)]
    taken = take(collection, choice, progress=progress)
    positions = layout(collection, taken.space, choice, progress)
    found = find_pair(collection, taken.space, choice, positions, *ids, progress=progress)
    places = dict(zip(taken.ids.tolist(), taken.labels.tolist()))
    described = [describe_track(collection, collection.tracks["track_id"].tolist().index(i)) for i in ids]
    for track in described:
        label = places[track["track_id"]]
        track["cluster"] = label + 1 if label >= 0 else None
    return {
        "collection": name,
        "choice": describe_choice(choice),
        **found,
        "first": described[0],
        "second": described[1],
        "neighbours": {
            view: [describe_track(collection, row) for row in rows]
            for view, rows in found["neighbours"].items()
        },
    }


def label_groups(
    groups: list[dict],
    collection: collections.Collection,
    rows: np.ndarray,
    names: dict[int, str],
    stability: dict | None = None,
) -> list[dict]:
    """Return profiles for people: clusters by their numbers on the pages and names, tracks by id and title.

    Parameters
    ----------
    groups : list of dict
        Of :func:`core.explain.groups.group_profile.profile_clusters`.
    rows : ndarray of int, shape=(n,)
        Of the space.
    names : dict
        Of :func:`core.explain.cluster_names.name_clusters`.
    stability : dict, optional
        Of :func:`core.explain.explained.find_stability`.
    """
    return [_with_tracks(_numbered(group, names, stability), collection, rows) for group in groups]


def _with_tracks(group: dict, collection: collections.Collection, rows: np.ndarray) -> dict:
    """Return a profile with its tracks by id, title and artist in place of positions."""

    def named(entry: dict) -> dict:
        facts = {key: value for key, value in entry.items() if key != "position"}
        if "towards" in facts:
            facts["towards"] = _number(facts["towards"])
        return {**describe_track(collection, int(rows[entry["position"]])), **facts}

    medoid = None if group["medoid"] is None else named({"position": group["medoid"]})
    listed = {key: [named(entry) for entry in group[key]] for key in ("boundary", "outliers")}
    return {**group, "medoid": medoid, **listed}


def describe_track(collection: collections.Collection, row: int) -> dict:
    """Return ``track_id, title, artist`` of the track at a row."""
    return {key: str(collection.tracks[key].iloc[row]) for key in ("track_id", "title", "artist")}


def _numbered(group: dict, names: dict[int, str], stability: dict | None) -> dict:
    """Return a profile with the number, the name and the stability of its cluster."""
    cluster = group["cluster"]
    of_cluster = [each for each in (stability or {"clusters": []})["clusters"] if each["cluster"] == cluster]
    return {
        **group,
        "cluster": None if cluster is None else _number(cluster),
        "name": names.get(cluster, "") if cluster is not None else "",
        "stability": {k: v for k, v in of_cluster[0].items() if k != "cluster"} if of_cluster else None,
    }


def _number(cluster: int) -> int | None:
    """Return the number of a cluster on the pages, None for noise."""
    return cluster + 1 if cluster >= 0 else None

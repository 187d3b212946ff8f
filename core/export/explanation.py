"""The report of clusters, of a selection or of two tracks, as ``explain`` and ``compare-tracks`` print it."""

import csv
from pathlib import Path

import numpy as np
import pandas as pd

from core import collection as collections
from core.explain.cluster_names import name_clusters, save_cluster_name
from core.explain.explained import find_confounds, find_map_trust, find_stability
from core.explain.groups.group_profile import profile_clusters, profile_selection
from core.explain.pairs.track_pair import compare_tracks
from core.explain.pairs.track_views import views_of
from core.export.fusion_report import describe_choice
from core.export.spreadsheet_cells import neutralise
from core.export.subset import Subset
from core.export.taken import Taken, take
from core.pipeline.choice import Choice
from core.pipeline.layouts import layout
from core.progress import Progress, silent
from core.search import find_track

TRACKS = ("medoid", "boundary", "outliers")


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
        save_cluster_name(_ids(taken), taken.labels, {subset.cluster - 1: new_name})
    if is_of_clusters:
        found = profile_clusters(collection, taken.space, choice, taken.labels, progress=progress)
    else:
        found = profile_selection(collection, taken.space, choice, taken.members, progress=progress)
    stability = None
    if n_boot and is_of_clusters:
        stability = find_stability(taken.space, choice, taken.labels, n_boot, progress)
    names = name_clusters(_ids(taken), taken.labels)
    groups = [
        name_tracks(_numbered(group, names, stability), taken)
        for group in found["groups"]
        if subset.cluster is None or group["cluster"] == subset.cluster - 1
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


def pair_report(
    name: str, choice: Choice, first: str, second: str, *, n_neighbours: int = 10, progress: Progress = silent
) -> dict:
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
    views = views_of(collection, taken.space, choice, positions, progress)
    found = compare_tracks(collection, choice, views, *ids, progress=progress)
    row = collection.tracks["track_id"].tolist().index(ids[0])
    places = dict(zip(_ids(taken).tolist(), taken.labels.tolist()))
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
            view: [describe_track(collection, near) for near in each.nearest(row, n_neighbours)]
            for view, each in views.items()
        },
    }


def group_table(groups: list[dict]) -> pd.DataFrame:
    """Return the groups of a report as a table: a row per group, with its text weights and their bins."""
    rows = []
    for group in groups:
        label, weight, stability = (
            (group["labels"] or [{}])[0],
            group["text_weight"] or {},
            group["stability"],
        )
        rows.append(
            {
                "cluster": group["cluster"],
                "name": group["name"] or group["suggested_name"],
                "n_tracks": group["n_tracks"],
                "share": group["share"],
                "label": label.get("label", ""),
                "label_share": label.get("share"),
                "words": ", ".join(entry["word"] for entry in group["words"]),
                "tags": ", ".join(entry["title"] for entry in group["tags"]),
                "descriptors": "; ".join(
                    f"{each['title']} {each['text']} (elsewhere {each['text_elsewhere']}, rank-biserial "
                    f"{each['effect']:+.2f})"
                    for each in group["descriptors"]
                ),
                "medoid": group["medoid"]["track_id"] if group["medoid"] else "",
                "jaccard": stability["jaccard"] if stability else None,
                "text_weight_n": weight.get("n"),
                "text_weight_mean": weight.get("mean"),
                "text_weight_low": (weight.get("interval") or [None])[0],
                "text_weight_high": (weight.get("interval") or [None])[-1],
                "text_weight_std": weight.get("std"),
                **{f"text_weight_{p}": weight.get(p) for p in ("p10", "p25", "p50", "p75", "p90")},
                **{
                    f"text_weight_{low / 10:.1f}_to_{(low + 1) / 10:.1f}": (
                        weight.get("counts") or [None] * 10
                    )[low]
                    for low in range(10)
                },
            }
        )
    return pd.DataFrame(rows)


def write_groups(groups: list[dict], out: Path) -> None:
    """Write :func:`group_table` as Parquet where the ending is .parquet, else as CSV for spreadsheets."""
    table = group_table(groups)
    if out.suffix == ".parquet":
        table.to_parquet(out, index=False)
        return
    with open(out, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(table.columns)
        for row in table.itertuples(index=False):
            writer.writerow(
                [neutralise(v) if isinstance(v, str) else "" if v is None or v != v else v for v in row]
            )


def name_tracks(group: dict, taken: Taken) -> dict:
    """Return a profile with its tracks by id, title and artist in place of positions."""

    def named(position: int, **facts) -> dict:
        return {**describe_track(taken.collection, int(taken.space.rows[position])), **facts}

    listed = {
        key: [
            named(entry["position"], **{k: v for k, v in entry.items() if k not in ("position", "towards")})
            | ({"towards": _number(entry["towards"])} if "towards" in entry else {})
            for entry in group[key]
        ]
        for key in ("boundary", "outliers")
    }
    medoid = None if group["medoid"] is None else named(group["medoid"])
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


def _ids(taken: Taken) -> np.ndarray:
    """Return the ids of all tracks of the map."""
    return taken.collection.tracks["track_id"].to_numpy(str)[taken.space.rows]

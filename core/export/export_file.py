"""Export of a collection with its clusters to tables, playlists and an HTML map.

Tables count clusters from 0 (column ``cluster``, -1 is noise). The pages, the map as HTML and
``only_cluster`` count from 1: cluster c of a table is "Cluster c + 1" on the pages.
"""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from core import collection as collections
from core.collection import Collection
from core.errors import CollectionError, ConfigError
from core.export.fusion_report import describe_choice
from core.pipeline.choice import Choice
from core.pipeline.layouts import layout
from core.pipeline.space import Space, build_space
from core.pipeline.stages import find_clusters, score_stability
from core.progress import Progress, silent
from core.store import publish


def map_table(
    collection: Collection, choice: Choice, progress: Progress = silent, only_cluster: int | None = None
) -> tuple[pd.DataFrame, Space]:
    """Return one row per track on the map: its metadata, ``cluster`` (from 0), ``x`` and ``y``.

    With a consensus over seeds also ``stability``, see :func:`core.scoring.stability.track_stability`.

    ``only_cluster`` (from 1) selects one cluster, at its positions on the map of all tracks.
    """
    space = build_space(collection, choice, progress)
    labels = find_clusters(space, choice, progress)
    selected = _in_cluster(labels, only_cluster)
    progress(0, 1, "projecting the map")
    positions = layout(collection, space, choice, progress)
    table = collection.tracks.iloc[space.rows].reset_index(drop=True)
    table = table.assign(cluster=labels, x=positions[:, 0], y=positions[:, 1])
    return _with_stability(table, space, choice)[selected].reset_index(drop=True), space


def write_map(
    name: str, choice: Choice, out: Path, progress: Progress = silent, only_cluster: int | None = None
) -> dict:
    """Write the map as Parquet or as one HTML page that needs no network.

    Returns
    -------
    dict
        ``collection, choice, n_tracks, n_clusters, out``; ``left_out``, how many tracks of the collection are
        not on the map by reason, and their number ``n_left_out``. Tracks of other clusters than
        ``only_cluster`` are not counted.

    Raises
    ------
    ConfigError
        When the extension is neither ``.parquet`` nor ``.html``, or the cluster doesn't exist.
    """
    extension = _check_extension(out, (".parquet", ".html"))
    table, space = map_table(collections.load(name), choice, progress, only_cluster)
    if extension == ".parquet":
        publish(out, lambda path: table.to_parquet(path, index=False))
    else:
        publish(out, lambda path: path.write_text(_page(name, choice, table), encoding="utf-8"))
    clusters = int(table.loc[table["cluster"] >= 0, "cluster"].nunique())
    report = {
        "collection": name,
        "choice": describe_choice(choice),
        "n_tracks": len(table),
        "n_clusters": clusters,
        "out": str(out),
    }
    return report | _count(space.left_out.values())


def export_collection(
    name: str, choice: Choice, out: Path, only_cluster: int | None = None, progress: Progress = silent
) -> dict:
    """Write tracks as a table with vectors (.parquet), a playlist by cluster (.m3u, .m3u8) or a map (.html).

    Parameters
    ----------
    only_cluster : int, optional
        The cluster as the pages number it, from 1; the column ``cluster`` of a table counts from 0.

    Returns
    -------
    dict
        ``collection, choice, out``; ``n_tracks``, how many were written; ``left_out``, how many were not by
        reason, and their number ``n_left_out``. Tracks of other clusters than ``only_cluster`` are not
        counted.

    Raises
    ------
    ConfigError
        When the extension is none of these, or the folder or cluster doesn't exist.
    CollectionError
        When a playlist would be empty.
    """
    extension = _check_extension(out, (".parquet", ".m3u", ".m3u8", ".html"))
    if extension == ".html":
        return write_map(name, choice, out, progress, only_cluster)
    collection = collections.load(name)
    space = build_space(collection, choice, progress)
    table = collection.tracks.iloc[space.rows].reset_index(drop=True)
    table = table.assign(cluster=find_clusters(space, choice, progress), vector=list(space.X))
    table = _with_stability(table, space, choice)
    table, reasons = (
        table[_in_cluster(table["cluster"].to_numpy(), only_cluster)],
        list(space.left_out.values()),
    )
    if extension == ".parquet":
        publish(out, lambda path: table.to_parquet(path, index=False))
    else:
        table = table.sort_values("cluster", kind="stable")
        text = playlist(table)
        publish(out, lambda path: path.write_text(text, encoding="utf-8"))
        problems = [_playlist_problem(path) for path in table["path"]]
        table, reasons = (
            table[[not problem for problem in problems]],
            reasons + list(filter(None, problems)),
        )
    return {
        "collection": name,
        "choice": describe_choice(choice),
        "n_tracks": len(table),
        "out": str(out),
        **_count(reasons),
    }


def _with_stability(table: pd.DataFrame, space: Space, choice: Choice) -> pd.DataFrame:
    """Return the table with the column ``stability`` where the clusters are a consensus over seeds."""
    found = score_stability(space, choice)
    return table if found is None else table.assign(stability=found[1])


def _in_cluster(labels: np.ndarray, number: int | None) -> np.ndarray:
    """Return the mask of tracks in the cluster of a number (from 1), of all tracks for None."""
    if number is None:
        return np.ones(len(labels), bool)
    existing = sorted({int(label) + 1 for label in labels if label >= 0})
    if number not in existing:
        raise ConfigError(
            f"cluster {number} doesn't exist; "
            + (f"choose from {', '.join(map(str, existing))}" if existing else "all tracks are noise")
        )
    return labels == number - 1


def _count(reasons: Iterable[str]) -> dict:
    """Count the tracks left out, by reason and in total."""
    counts = Counter(reasons)
    return {"n_left_out": counts.total(), "left_out": dict(counts.most_common())}


def _playlist_problem(path: str) -> str:
    """Return the reason why a path can't be in a playlist, "" if it can."""
    if not path:
        return "has no audio"
    return "has a line break in its path" if "\n" in path or "\r" in path else ""


def playlist(table: pd.DataFrame) -> str:
    """Return an extended M3U playlist of the tracks with audio.

    A line break inside a title would start a new entry, so it becomes a space; a path with one is left out.
    """
    lines = ["#EXTM3U"]
    for track in table.to_dict("records"):
        if _playlist_problem(track["path"]):
            continue
        seconds = -1 if not np.isfinite(track["duration_s"]) else round(track["duration_s"])
        name = " - ".join(part for part in (track["artist"], track["title"]) if part)
        lines += [f"#EXTINF:{seconds},{' '.join(name.split())}", track["path"]]
    if len(lines) == 1:
        raise CollectionError("none of these tracks has audio, so the playlist would be empty")
    return "\n".join(lines) + "\n"


def _page(name: str, choice: Choice, table: pd.DataFrame) -> str:
    """Return the map as a standalone HTML page."""
    from html import escape

    import plotly.graph_objects as go

    traces = []
    for cluster, part in table.groupby("cluster"):
        texts = [
            escape(" – ".join(filter(None, row)))
            for row in part[["title", "artist", "label"]].itertuples(index=False)
        ]
        cluster_name = "No cluster" if cluster < 0 else f"Cluster {cluster + 1}"
        traces.append(
            go.Scattergl(
                x=part["x"], y=part["y"], mode="markers", name=cluster_name, text=texts, hoverinfo="text+name"
            )
        )
    title = f"{escape(name)}: {escape(describe_choice(choice))}"
    figure = go.Figure(
        traces, go.Layout(title=title, template="plotly_white", xaxis_visible=False, yaxis_visible=False)
    )
    figure.update_yaxes(scaleanchor="x")
    return figure.to_html(include_plotlyjs=True, full_html=True)


def _check_extension(out: Path, allowed: tuple[str, ...]) -> str:
    """Return the lower-case suffix; refuse unknown suffixes and paths that can't be written."""
    extension = out.suffix.lower()
    if extension not in allowed:
        raise ConfigError(f"{str(out)!r} must end in {' or '.join(allowed)}")
    if not out.parent.is_dir():
        raise ConfigError(f"the folder {str(out.parent)!r} doesn't exist")
    if out.is_dir():
        raise ConfigError(f"{str(out)!r} is a folder; give the name of a file in it")
    return extension

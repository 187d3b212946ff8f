"""A collection with its clusters, as files that other programs read."""

from pathlib import Path

import numpy as np
import pandas as pd

from core import collection as collections
from core.collection import Collection
from core.errors import CollectionError, ConfigError
from core.pipeline import Choice, Space, build_space, draw_map, find_clusters
from core.progress import Progress, silent
from core.store import publish


def map_table(collection: Collection, choice: Choice, progress: Progress = silent) -> tuple[pd.DataFrame, Space]:
    """Return one row per track on the map: what is known of it, ``cluster``, ``x`` and ``y``."""
    space = build_space(collection, choice, progress)
    labels = find_clusters(space, choice, progress)
    progress(0, 1, "drawing the map")
    layout = draw_map(space, choice)
    table = collection.tracks.iloc[space.rows].reset_index(drop=True)
    return table.assign(cluster=labels, x=layout[:, 0], y=layout[:, 1]), space


def write_map(name: str, choice: Choice, out: Path, progress: Progress = silent) -> dict:
    """Write the map as Parquet or as one HTML page that needs no network.

    Raises
    ------
    ConfigError
        When the ending is neither ``.parquet`` nor ``.html``.
    """
    _check_ending(out, (".parquet", ".html"))
    table, _ = map_table(collections.load(name), choice, progress)
    if out.suffix == ".parquet":
        publish(out, lambda path: table.to_parquet(path, index=False))
    else:
        publish(out, lambda path: path.write_text(_page(name, choice, table), encoding="utf-8"))
    return {"collection": name, "n_tracks": len(table), "n_clusters": int(table["cluster"].max() + 1), "out": str(out)}


def export_collection(
    name: str, choice: Choice | None, out: Path, only_cluster: int | None = None, progress: Progress = silent
) -> dict:
    """Write tracks: ``.parquet`` with their vectors, ``.m3u`` as a playlist by cluster, ``.html`` as the map.

    Without a choice the tracks stand as they are, with no clusters and no vectors.
    """
    _check_ending(out, (".parquet", ".m3u", ".html"))
    collection = collections.load(name)
    if choice is None:
        if out.suffix == ".html" or only_cluster is not None:
            raise ConfigError("a map and a cluster need a representation: give --audio, --text or both")
        table = collection.tracks
    elif out.suffix == ".html":
        return write_map(name, choice, out, progress)
    else:
        space = build_space(collection, choice, progress)
        table = collection.tracks.iloc[space.rows].reset_index(drop=True)
        table = table.assign(cluster=find_clusters(space, choice, progress), vector=list(space.X))
        if only_cluster is not None:
            table = table[table["cluster"] == only_cluster]
            if table.empty:
                raise ConfigError(f"there is no cluster {only_cluster}")
    if out.suffix == ".parquet":
        publish(out, lambda path: table.to_parquet(path, index=False))
    else:
        table = table.sort_values("cluster", kind="stable") if "cluster" in table else table
        publish(out, lambda path: path.write_text(playlist(table), encoding="utf-8"))
    return {"collection": name, "n_tracks": len(table), "out": str(out)}


def playlist(table: pd.DataFrame) -> str:
    """Return an extended M3U playlist of the tracks that have sound.

    A line break inside a title would start a new entry, so it becomes a blank; a path with one is left out.
    """
    lines = ["#EXTM3U"]
    for track in table.to_dict("records"):
        if not track["path"] or "\n" in track["path"] or "\r" in track["path"]:
            continue
        seconds = -1 if not np.isfinite(track["duration_s"]) else round(track["duration_s"])
        words = " - ".join(part for part in (track["artist"], track["title"]) if part)
        lines += [f"#EXTINF:{seconds},{' '.join(words.split())}", track["path"]]
    if len(lines) == 1:
        raise CollectionError("none of these tracks has sound, so there is nothing for a playlist")
    return "\n".join(lines) + "\n"


def _page(name: str, choice: Choice, table: pd.DataFrame) -> str:
    """Return the map as a page of its own, plotly inside."""
    from html import escape

    import plotly.graph_objects as go

    from core.report import choice_in_words

    traces = []
    for cluster, part in table.groupby("cluster"):
        words = [escape(" – ".join(filter(None, row))) for row in part[["title", "artist", "label"]].itertuples(index=False)]
        called = "noise" if cluster < 0 else f"cluster {cluster + 1}"
        traces.append(go.Scattergl(x=part["x"], y=part["y"], mode="markers", name=called, text=words, hoverinfo="text+name"))
    title = f"{escape(name)}: {escape(choice_in_words(choice))}"
    figure = go.Figure(traces, go.Layout(title=title, template="plotly_white", xaxis_visible=False, yaxis_visible=False))
    figure.update_yaxes(scaleanchor="x")
    return figure.to_html(include_plotlyjs=True, full_html=True)


def _check_ending(out: Path, allowed: tuple[str, ...]) -> None:
    """Refuse an ending that no writer is for, and a folder that isn't there."""
    if out.suffix not in allowed:
        raise ConfigError(f"{str(out)!r} must end in {' or '.join(allowed)}")
    if not out.parent.exists():
        raise ConfigError(f"the folder {str(out.parent)!r} doesn't exist")

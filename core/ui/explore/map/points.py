"""What the map's component gets: references to arrays by content, and a few small values.

A point is a row of the layout. Arrays are held by :data:`core.server.map_arrays.ARRAYS` and fetched by the
browser once each, so that a click, a lasso or other colours send no position again.
"""

import json
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core import store
from core.drawing.colouring import Colours
from core.drawing.legend import describe_legend, number_groups
from core.drawing.palette import Palette
from core.drawing.spread import spread
from core.server.map_arrays import ARRAYS, PAGE, Titles
from core.server.signed_links import link_to
from core.store.hashing.source import source_hash
from core.ui.shared.server_access import base_path, signing_session

TYPES = {"float32": "f4", "int32": "i4", "uint16": "u2", "uint8": "u1"}


@dataclass(frozen=True, eq=False)
class Points:
    """The points of a map.

    Attributes
    ----------
    positions : ndarray, shape=(n, 2)
    rows : ndarray of int, shape=(n,)
        Their positions in the collection.
    tracks : DataFrame
        One row per point: ``track_id, title, artist, label, path`` and the columns that colours need.
    labels : ndarray of int, shape=(n,)
        Cluster per point, -1 is noise.
    version : tuple
        Changes when the collection does.
    fitted : ndarray of bool, shape=(n,), or None
        The points of a kept map that were fitted, not placed; None: all.
    """

    positions: np.ndarray
    rows: np.ndarray
    tracks: pd.DataFrame
    labels: np.ndarray
    version: tuple
    fitted: np.ndarray | None = None


def describe_points(points: Points, colours: Colours, palette: Palette) -> dict:
    """Return the references that draw the points: ``positions, rows, groups, values, legend, titles``."""
    return {
        "positions": _refer_spread(points.positions, points.fitted),
        "rows": refer(points.rows.astype(np.int32)),
        "groups": refer(number_groups(colours, len(points.rows))),
        "legend": _legend(colours, len(points.rows), palette),
        "titles": _titles(points),
    }


def refer(array: np.ndarray) -> dict:
    """Hold an array and return its reference."""
    array = np.ascontiguousarray(array)
    return {"href": _link("map", ARRAYS.put(array.tobytes())), "type": TYPES[array.dtype.name]}


def refer_chain(chain: np.ndarray) -> dict:
    """Hold the layouts of all text weights, shape=(steps, n, 2), and return their reference."""
    return {**_refer_spread(chain), "steps": len(chain)}


def _refer_spread(layouts: np.ndarray, fitted: np.ndarray | None = None) -> dict:
    """Return the reference of layouts as the map shows them, shape=([steps, ]n, 2); they are spread once."""

    def make() -> bytes:
        each = layouts.reshape(-1, *layouts.shape[-2:])
        return np.stack([spread(layout, fitted) for layout in each]).tobytes()

    key = ARRAYS.put_once(store.key_of("spread", layouts, fitted, source_hash(spread)), make)
    return {"href": _link("map", key), "type": "f4"}


def _legend(colours: Colours, n_points: int, palette: Palette) -> dict:
    """Return the reference of names, colours and symbols."""
    data = json.dumps(describe_legend(colours, n_points, palette), ensure_ascii=False).encode()
    return {"href": _link("map", ARRAYS.put(data)), "type": "json"}


def _titles(points: Points) -> dict:
    """Return the reference of titles, fetched a page at a time."""
    key = store.key_of("titles", points.version, points.rows)

    def make() -> Titles:
        tracks = points.tracks
        titles = tracks["title"].where(tracks["title"] != "", tracks["path"].str.rsplit("/", n=1).str[-1])
        ids = tracks["track_id"].where(tracks["path"] != "", "")
        return Titles(
            titles.where(titles != "", "Untitled").tolist(),
            tracks["artist"].tolist(),
            tracks["label"].tolist(),
            ids.tolist(),
        )

    address = _link("titles", ARRAYS.put_titles(key, make))
    path, _, query = address.partition("?")
    return {"href": f"{path}/{{page}}" + (f"?{query}" if query else ""), "size": PAGE}


def _link(route: str, key: str) -> str:
    """Return the address of a key for this visitor."""
    return link_to(f"{route}/{key}", base=base_path(), session=signing_session())

"""The legend of a map as JSON values, for the map's JavaScript, and the size and names of what it shows."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from core.drawing.colouring import Colours, Group
from core.drawing.palette import SYMBOLS, Palette, swatch

NO_NAMES: Mapping[int, str] = MappingProxyType({})
"""Where users named no cluster."""


def describe_legend(colours: Colours, n_points: int, palette: Palette) -> dict:
    """Return names, colours and symbols of the groups of points, as ``assets/map/marks.js`` reads them.

    Returns
    -------
    dict
        ``groups`` (``name, colour, symbol, swatch, count, grey`` each), ``size`` of a point in pixels,
        ``hasNames``, ``scale`` (stops, None for groups) and ``ends``, the names of its ends.
    """
    shown, scale = [], colours.scale
    for group in colours.groups:
        colour, symbol = colours.colour_of(group, palette)
        shown.append(
            {
                "name": group.name,
                "colour": colour,
                "symbol": SYMBOLS.index(symbol),
                "swatch": swatch(group.number, palette) if scale is None else "",
                "count": len(group.members),
                "grey": group.number < 0,
            }
        )
    return {
        "groups": shown,
        "size": marker_size(n_points),
        "hasNames": colours.has_names,
        "scale": None if scale is None else [list(stop) for stop in scale.stops(palette)],
        "ends": ["", ""] if scale is None else list(scale.titled_ends),
    }


def number_groups(colours: Colours, n_points: int) -> np.ndarray:
    """Return the number of each point's group in the legend, shape=(n_points,), uint16."""
    group_of = np.zeros(n_points, np.uint16)
    for number, group in enumerate(colours.groups):
        group_of[group.members] = number
    return group_of


def colour_clusters(labels: np.ndarray, names: Mapping[int, str] = NO_NAMES) -> Colours:
    """Return points coloured by cluster, in the order of the clusters, noise last."""
    order = sorted(set(labels.tolist()), key=lambda cluster: (cluster < 0, cluster))
    return Colours([Group(name_of(c, names), c, np.flatnonzero(labels == c)) for c in order])


def name_of(cluster: int, names: Mapping[int, str] = NO_NAMES) -> str:
    """Return the displayed name of a cluster: the user's, else its number from 1; -1 is "No cluster"."""
    return names.get(cluster) or (f"Cluster {cluster + 1}" if cluster >= 0 else "No cluster")


def marker_size(n: int) -> float:
    """Return the marker size in pixels for n points."""
    sizes = ((200, 11.0), (1_000, 8.0), (5_000, 6.0), (30_000, 4.0), (300_000, 2.5))
    return next((size for most, size in sizes if n <= most), 1.5)

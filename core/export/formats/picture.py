"""The map as a picture, drawn by matplotlib."""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Literal

import numpy as np

from core.config import Config, setting
from core.drawing.colouring import Colours, group_values
from core.drawing.legend import colour_clusters, marker_size
from core.drawing.palette import LIGHT
from core.export.fusion_report import describe_choice
from core.export.taken import Taken
from core.progress import Progress

MARKERS = {"circle": "o", "diamond": "D", "square": "s", "triangle-up": "^", "cross": "P", "x": "X"}
"""matplotlib's markers by the names of the map's symbols."""
MOST_ROWS = 20
"""Rows of a column of the legend."""


@dataclass(frozen=True)
class Picture(Config):
    """The map with title and legend as PNG."""

    kind: ClassVar[Literal["png", "svg"]] = "png"

    colour: Literal["cluster", "label"] = setting(
        "cluster", title="Colours show", help="What the colours show: the clusters, or the labels."
    )
    width: float = setting(
        8.0, title="Width", help="Width in inches; PNG has 200 pixels per inch.", low=3, high=30
    )

    def write(self, taken: Taken, out: Path, progress: Progress) -> list[str]:
        """Draw the tracks at their positions on the map."""
        places = taken.places(progress)
        colours = (
            colour_clusters(taken.labels[taken.members], taken.names)
            if self.colour == "cluster"
            else group_values(taken.tracks["label"].to_numpy(object))
        )
        title = f"{taken.collection.name}: {len(taken.members):,} tracks"
        out.write_bytes(
            draw_map(places, colours, title, describe_choice(taken.choice), self.kind, width=self.width)
        )
        return []


@dataclass(frozen=True)
class VectorGraphic(Picture):
    """The map with title and legend as SVG, whose texts stay texts."""

    kind: ClassVar[Literal["png", "svg"]] = "svg"


def draw_map(
    places: np.ndarray,
    colours: Colours,
    title: str,
    subtitle: str,
    kind: Literal["png", "svg"],
    *,
    width: float = 8.0,
) -> bytes:
    """Return a map as PNG or SVG.

    Parameters
    ----------
    places : ndarray, shape=(n, 2)
    colours : Colours
        Groups of points; each has an entry in the legend.
    width : float
        In inches.
    """
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, width * 0.66), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    size = (0.75 * marker_size(len(places))) ** 2
    for group in colours.groups:
        colour, symbol = colours.colour_of(group, LIGHT)
        style: dict[str, Any] = {"color": colour, "marker": MARKERS[symbol], "edgecolors": "white"}
        name = _plain(f"{group.name} ({len(group.members):,})")
        axes.scatter(
            places[group.members, 0], places[group.members, 1], s=size, linewidths=0.3, label=name, **style
        )
    axes.set_aspect("equal")
    axes.set_axis_off()
    axes.set_title(f"{_plain(title)}\n{_plain(subtitle)}", fontsize=10, loc="left", wrap=True)
    columns = -(-len(colours.groups) // MOST_ROWS)
    figure.legend(loc="outside right upper", fontsize=8, frameon=False, ncols=columns)
    buffer = io.BytesIO()
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "songscape"}):
        figure.savefig(buffer, format=kind, dpi=200, metadata={"Date": None} if kind == "svg" else None)
    return buffer.getvalue()


def _plain(text: str) -> str:
    """Return text on one line in which matplotlib finds no formula, and that XML can hold."""
    line = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(line.split()).replace("$", r"\$")

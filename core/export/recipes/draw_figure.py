"""Drawing of a run's figures by matplotlib, for pages, reports and files."""

import io
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from core.recipes.findings import Figure, Series

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS = (
    "#0072b2",
    "#e69f00",
    "#009e73",
    "#cc79a7",
    "#d55e00",
    "#56b4e9",
    "#6f6f6f",
    "#8c6d1f",
    "#7b3f98",
    "#a10f2b",
)
"""Distinguishable with any colour vision (the first six: Okabe & Ito 2008)."""
MARKERS = "os^Dv<>PX*"
MOST_SERIES = 30
"""Series of a figure that get an entry in its legend."""


def draw(figure: Figure, kind: Literal["svg", "png"] = "svg", *, width: float = 7.0) -> bytes:
    """Return a figure as SVG or PNG.

    Parameters
    ----------
    width : float
        In inches; 7 is the text width of a page.
    """
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as Canvas

    canvas = Canvas(figsize=(width, width * (0.45 if figure.kind == "image" else 0.62)), layout="constrained")
    FigureCanvasAgg(canvas)
    axes = canvas.add_subplot()
    DRAWERS[figure.kind](axes, figure.series)
    axes.set_title(figure.title, fontsize=10, wrap=True)
    axes.set_xlabel(figure.x_title)
    axes.set_ylabel(figure.y_title)
    if figure.log_x:
        axes.set_xscale("log")
    if 1 < len(figure.series) <= MOST_SERIES and figure.kind != "boxes":
        axes.legend(fontsize=8, loc="center left", bbox_to_anchor=(1.01, 0.5), frameon=False)
    buffer = io.BytesIO()
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "songscape"}):
        metadata = {"Date": None} if kind == "svg" else None
        canvas.savefig(buffer, format=kind, dpi=200, metadata=metadata)
    return buffer.getvalue()


def _style(number: int) -> dict[str, Any]:
    """Return colour and marker of the n-th series; beyond ten the marker changes."""
    return {
        "color": COLOURS[number % len(COLOURS)],
        "marker": MARKERS[number // len(COLOURS) % len(MARKERS)],
    }


def _draw_scatter(axes: "Axes", series: tuple[Series, ...]) -> None:
    """Draw points coloured by series."""
    for number, one in enumerate(series):
        axes.scatter(one.x, one.y, s=16, label=one.name, alpha=0.85, linewidths=0, **_style(number))


def _draw_lines(axes: "Axes", series: tuple[Series, ...]) -> None:
    """Draw a line per series; None is a gap."""
    for number, one in enumerate(series):
        values = [np.nan if value is None else value for value in one.y]
        axes.plot(one.x, values, label=one.name, markersize=4, linewidth=1.5, **_style(number))


def _draw_bars(axes: "Axes", series: tuple[Series, ...]) -> None:
    """Draw bars side by side for each name on the x axis."""
    width = 0.8 / max(1, len(series))
    for number, one in enumerate(series):
        values = [np.nan if value is None else value for value in one.y]
        places = np.arange(len(one.x)) + (number - (len(series) - 1) / 2) * width
        axes.bar(places, values, width, label=one.name, color=COLOURS[number % len(COLOURS)])
    names = [str(name) for name in series[0].x]
    turned: dict[str, Any] = {"rotation": 45, "ha": "right"} if len(names) > 4 else {}
    axes.set_xticks(range(len(names)), names, fontsize=8, **turned)


def _draw_boxes(axes: "Axes", series: tuple[Series, ...]) -> None:
    """Draw the distribution of each series."""
    axes.boxplot([one.y for one in series], tick_labels=[one.name for one in series])


def _draw_image(axes: "Axes", series: tuple[Series, ...]) -> None:
    """Draw a matrix; the first row is the lowest, unless rows and columns have names."""
    values = np.array(series[0].y, dtype=float)
    names = [str(name) for name in series[0].x]
    origin: Literal["upper", "lower"] = "upper" if names else "lower"
    picture = axes.imshow(values, aspect="auto", interpolation="none", origin=origin, cmap="cividis")
    if names:
        axes.set_xticks(range(len(names)), names, rotation=90, fontsize=6)
        axes.set_yticks(range(len(names)), names, fontsize=6)
    axes.figure.colorbar(picture, ax=axes)


DRAWERS = {
    "scatter": _draw_scatter,
    "lines": _draw_lines,
    "bars": _draw_bars,
    "boxes": _draw_boxes,
    "image": _draw_image,
}
"""The function that draws each kind of figure."""

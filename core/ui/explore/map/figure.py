"""The map as a plotly figure: positions, colours and hover texts in, figure out; no Streamlit here."""

from collections.abc import Mapping
from html import escape

import numpy as np
import pandas as pd

from core.collection.genres.splitting import SEPARATOR
from core.drawing.colouring import Colours, Group, Scale
from core.drawing.legend import NO_NAMES, marker_size, name_of
from core.drawing.palette import LIGHT, Palette, mark_of

_AXIS = {"visible": False, "fixedrange": False}
_LAYOUT = {
    "template": "none",
    "paper_bgcolor": "rgba(0,0,0,0)",
    "plot_bgcolor": "rgba(0,0,0,0)",
    "autosize": True,
    "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
    "dragmode": "lasso",
    "hovermode": "closest",
    "showlegend": True,
    "xaxis": _AXIS,
    "legend": {
        "orientation": "h",
        "yanchor": "top",
        "y": 0,
        "x": 0,
        "itemsizing": "constant",
        "title": {"text": ""},
    },
}


def hover_texts(
    tracks: pd.DataFrame,
    labels: np.ndarray,
    text_weights: np.ndarray | None = None,
    names: Mapping[int, str] = NO_NAMES,
) -> list[str]:
    """Return a hover text per point, with everything from tags escaped."""
    texts = []
    weights = np.full(len(labels), np.nan) if text_weights is None else text_weights
    for title, artist, label, some, cluster, weight in zip(
        tracks["title"],
        tracks["artist"],
        tracks["label"],
        tracks["genres"] if "genres" in tracks else [""] * len(labels),
        labels,
        weights,
    ):
        first = f"<b>{_short(title) or 'Untitled'}</b>" + (f" – {_short(artist)}" if artist else "")
        weights_line = [f"text weight {weight:.0%}"] if np.isfinite(weight) else []
        every = [f"<i>{_short(some.replace(SEPARATOR, ', '), 90)}</i>"] if some and some != label else []
        texts.append(
            "<br>".join(
                [
                    first,
                    *([_short(label)] if label else []),
                    *every,
                    _short(name_of(int(cluster), names)),
                    *weights_line,
                ]
            )
        )
    return texts


def draw_figure(
    tracks: pd.DataFrame,
    positions: np.ndarray,
    labels: np.ndarray,
    rows: np.ndarray,
    colours: Colours,
    palette: Palette = LIGHT,
    names: Mapping[int, str] = NO_NAMES,
):
    """Return the figure of the map.

    Parameters
    ----------
    tracks : DataFrame
        One row per point: ``title``, ``artist`` and ``label``.
    positions : ndarray, shape=(n, 2)
        The projection; its axes have no unit, so none are shown.
    labels : ndarray of int, shape=(n,)
        Cluster per point.
    rows : ndarray of int, shape=(n,)
        What a click or a lasso returns: the points' positions in the collection (``customdata``).
    colours : Colours
    palette : Palette
        That of the visitor's theme.

    Returns
    -------
    plotly.graph_objects.Figure
        One WebGL trace per colour; on a scale one trace with continuous colours.
    """
    import plotly.graph_objects as go

    positions, rows = np.asarray(positions, np.float32), np.asarray(rows, np.int32)
    texts = np.array(hover_texts(tracks, labels, names=names), object)
    scale, groups = colours.scale, colours.groups
    if scale is not None:
        for group in groups:
            texts[group.members] += f"<br>{_short(group.name)}"
        grey = [group for group in groups if group.number < 0]
        groups = [Group("", 0, np.flatnonzero(np.isfinite(scale.values))), *grey]
    traces = []
    for rank, group in enumerate(groups, start=1):
        colour, symbol = mark_of(group.number, palette)
        has_scale = scale is not None and group.number >= 0
        shades = {"color": colour}
        if scale is not None and group.number >= 0:
            shades = {"color": scale.values[group.members], **_scale(scale, palette)}
        traces.append(
            go.Scattergl(
                x=positions[group.members, 0],
                y=positions[group.members, 1],
                customdata=rows[group.members],
                hovertext=texts[group.members],
                hoverinfo="text",
                mode="markers",
                uid=f"{rank}-{group.name}",
                name=f"{_short(group.name, 28)} ({len(group.members)})",
                showlegend=not has_scale,
                legendrank=rank,
                marker={**shades, "symbol": symbol, "size": marker_size(len(rows)), "opacity": 1.0},
                selected={"marker": {"opacity": 1.0}},
                unselected={"marker": {"opacity": 0.12}},
            )
        )
    if colours.is_raised:
        traces.reverse()
    y_axis = {**_AXIS, "scaleanchor": "x", "scaleratio": stretch(positions)}
    return go.Figure(traces).update_layout(**_LAYOUT, yaxis=y_axis)


def _scale(scale: Scale, palette: Palette) -> dict:
    """Return the marker properties of a continuous colour scale."""
    middle = (scale.low + scale.high) / 2
    return {
        "colorscale": [list(stop) for stop in scale.stops(palette)],
        "cmin": scale.low,
        "cmax": scale.high,
        "showscale": True,
        "colorbar": {
            "orientation": "h",
            "y": 0,
            "yanchor": "top",
            "x": 0.03,
            "xanchor": "left",
            "len": 0.6,
            "thickness": 12,
            "outlinewidth": 0,
            "title": {"text": _short(scale.title), "side": "top"},
            "ticklabeloverflow": "allow",
            "tickvals": [scale.low, middle, scale.high],
            "ticktext": [_short(scale.ends[0]), "", _short(scale.ends[1])],
            "tickangle": 0,
        },
    }


def stretch(positions: np.ndarray, wide: float = 1.25) -> float:
    """Return the aspect ratio of a unit, 0.5 to 2, so an elongated layout fills its panel."""
    if len(positions) < 2:
        return 1.0
    width, height = np.ptp(positions, axis=0)
    return float(np.clip(width / (height * wide), 0.5, 2.0)) if height > 0 else 1.0


def _short(text: str, length: int = 60) -> str:
    """Put untrusted text on one line, truncate it, and escape what plotly would read as markup."""
    line = " ".join(str(text).split())
    return escape(line if len(line) <= length else line[: length - 1].rstrip() + "…", quote=False)

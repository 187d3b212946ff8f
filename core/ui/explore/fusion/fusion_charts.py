"""Plotly figures about a fusion: replication, text weights per cluster, scores over the text weight."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from core.drawing.legend import NO_NAMES, name_of
from core.drawing.palette import LIGHT, Palette, mark_of
from core.fusion import FUSIONS
from core.scoring import METRICS

BARE = {"displayModeBar": False}
"""Plotly config of these charts: without buttons."""

MARGIN = {"l": 8, "r": 8, "t": 8, "b": 8}
SHARES = [0, 0.25, 0.5, 0.75, 1]
MOST_POINTS = 1000
"""Above this, only boxes are drawn."""


def replication_figure(replication: dict[str, float], picked: str, palette: Palette = LIGHT):
    """Return a bar chart of each candidate's replication, the best on top and the picked one in colour."""
    import plotly.graph_objects as go

    names = sorted(replication, key=replication.get)
    titles = [FUSIONS[name].title if name in FUSIONS else name for name in names]
    figure = go.Figure(
        go.Bar(
            x=[replication[name] for name in names],
            y=titles,
            orientation="h",
            marker={"color": [palette.main if name == picked else palette.grey for name in names]},
            text=[f"{replication[name]:.2f}" + (" · picked" if name == picked else "") for name in names],
            textposition="auto",
            hovertemplate="%{y}: %{x:.3f}<extra></extra>",
        )
    )
    top = max([1.0, *replication.values()])
    return figure.update_layout(
        height=60 + 34 * len(names),
        margin=MARGIN,
        showlegend=False,
        xaxis={"title": {"text": "replication"}, "range": [min(0.0, *replication.values()), top]},
        yaxis={"ticksuffix": "  "},
    )


def weights_figure(
    text_weights: np.ndarray,
    labels: np.ndarray,
    titles: list[str],
    palette: Palette = LIGHT,
    names: Mapping[int, str] = NO_NAMES,
):
    """Return box plots of the text weight in each cluster, in the colours of the map.

    Parameters
    ----------
    text_weights : ndarray, shape=(n,)
        0 (audio) to 1 (text), nan if undefined.
    labels : ndarray of int, shape=(n,)
        Cluster per track, -1 is noise.
    titles : list of str, length n
        Hover texts, already escaped.
    """
    import plotly.graph_objects as go

    figure = go.Figure()
    titles = np.asarray(titles, object)
    points = "all" if len(labels) <= MOST_POINTS else False
    for cluster in sorted(set(labels.tolist()), key=lambda c: (c < 0, c)):
        members = np.flatnonzero((labels == cluster) & np.isfinite(text_weights))
        colour, symbol = mark_of(cluster, palette)
        figure.add_box(
            y=text_weights[members],
            name=name_of(cluster, names).removeprefix("Cluster "),
            boxpoints=points,
            jitter=0.6,
            pointpos=0,
            marker={"color": colour, "symbol": symbol, "size": 4, "opacity": 0.8},
            line={"color": colour, "width": 1.5},
            fillcolor="rgba(0,0,0,0)",
            hovertext=titles[members],
            hoveron="boxes+points",
            showlegend=False,
        )
    figure.add_hline(y=0.5, line={"color": palette.grey, "width": 1, "dash": "dot"})
    return figure.update_layout(
        height=320,
        margin=MARGIN,
        xaxis={"type": "category"},
        yaxis={
            "range": [-0.02, 1.02],
            "tickvals": SHARES,
            "ticktext": ["audio", "25 %", "50 %", "75 %", "text"],
        },
    )


def curve_figure(
    table: pd.DataFrame,
    metric: str,
    *,
    now: float | None,
    weight: float | None,
    fusion: str,
    palette: Palette = LIGHT,
):
    """Return a score over the text weight, with the score of the fusion on the map.

    Parameters
    ----------
    table : DataFrame
        From :func:`core.pipeline.comparison.score_over_weights`.
    metric : str
        A column of it.
    now : float or None
        The score of the current choice.
    weight : float or None
        Its text weight, where it has one for all tracks: then it is a point, else a horizontal line.
    fusion : str
        The title of the fusion.
    """
    import plotly.graph_objects as go

    x, y = table["text_weight"].to_numpy(float), pd.to_numeric(table[metric]).to_numpy(float)
    curve = go.Scatter(
        x=x,
        y=y,
        mode="lines+markers",
        name="by weight",
        line={"color": palette.main, "width": 2},
        marker={"size": 6},
        hovertemplate="text weight %{x:.0%}: %{y:.3f}<extra></extra>",
    )
    ends = [i for i in (0, len(x) - 1) if np.isfinite(y[i])]
    single = go.Scatter(
        x=x[ends],
        y=y[ends],
        mode="markers+text",
        marker={"size": 12, "color": palette.main, "symbol": "square"},
        hoverinfo="skip",
        text=[f"{'audio' if i == 0 else 'text'} alone {y[i]:.2f}" for i in ends],
        cliponaxis=False,
        textposition=[_beside(y, i) for i in ends],
    )
    figure = go.Figure([curve, single])
    if now is not None and np.isfinite(now):
        _mark_now(figure, now, weight, fusion, palette.accent)
    known = [v for v in (*y, now) if v is not None and np.isfinite(v)]
    room = 0.12 * (max(known) - min(known) or 1.0) if known else 0.0
    return figure.update_layout(
        height=320,
        margin=MARGIN,
        showlegend=False,
        xaxis={
            "title": {"text": "text weight"},
            "tickvals": SHARES,
            "ticktext": [f"{share:.0%}" for share in SHARES],
            "range": [-0.03, 1.03],
        },
        yaxis={
            "title": {"text": METRICS[metric].title},
            "range": [min(known) - 2 * room, max(known) + 2 * room] if known else None,
        },
    )


def _mark_now(figure, now: float, weight: float | None, fusion: str, colour: str) -> None:
    """Mark the score of the current choice: a point at its text weight, a line where it has none."""
    if weight is None:
        figure.add_hline(
            y=now,
            line={"color": colour, "width": 2, "dash": "dash"},
            annotation_text=f"{fusion} {now:.2f}",
            annotation_position="top",
            annotation_font_color=colour,
        )
        return
    figure.add_scatter(
        x=[weight],
        y=[now],
        mode="markers+text",
        marker={"size": 14, "color": colour, "symbol": "diamond"},
        text=[f"now {now:.2f}"],
        textposition="top center",
        textfont={"color": colour},
        hoverinfo="skip",
    )


def _beside(y: np.ndarray, end: int) -> str:
    """Return a free position for the label at an end of a curve: below it where the curve rises."""
    side, neighbour = ("right", 1) if end == 0 else ("left", len(y) - 2)
    return f"{'bottom' if y[neighbour] > y[end] else 'top'} {side}"

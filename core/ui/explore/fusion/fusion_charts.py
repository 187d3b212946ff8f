"""Plotly figures about a fusion: replication, and text weights per cluster."""

from collections.abc import Mapping

import numpy as np

from core.drawing.legend import NO_NAMES, name_of
from core.drawing.palette import LIGHT, Palette, mark_of
from core.fusion import FUSIONS

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

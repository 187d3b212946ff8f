"""How the clusters of one setting become those of another, as a flow diagram (Sankey)."""

import numpy as np
import pandas as pd

from core.drawing.legend import name_of
from core.drawing.palette import LIGHT, Palette, mark_of
from core.messages.quantities import count_tracks

CLEAR = "55"
"""Opacity of a flow, in hexadecimal."""


def flow_figure(flows: pd.DataFrame, titles: tuple[str, str], palette: Palette = LIGHT):
    """Return the diagram: clusters of the first setting on the left, of the second on the right.

    Parameters
    ----------
    flows : DataFrame
        From :func:`core.clustering.cluster_flows.count_flows`.
    titles : tuple of str
        The names of the two settings.
    """
    import plotly.graph_objects as go

    left = list(dict.fromkeys(flows["first"]))
    right = sorted(set(flows["second"]), key=lambda cluster: (cluster < 0, cluster))
    colours = [mark_of(int(cluster), palette)[0] for cluster in (*left, *right)]
    sources = [left.index(cluster) for cluster in flows["first"]]
    targets = [len(left) + right.index(cluster) for cluster in flows["second"]]
    names = [
        f"{name_of(int(a))} → {name_of(int(b))}: {count_tracks(int(n))}"
        for a, b, n in flows.itertuples(index=False)
    ]
    figure = go.Figure(
        go.Sankey(
            node={
                "label": [name_of(int(cluster)) for cluster in (*left, *right)],
                "color": colours,
                "pad": 12,
                "thickness": 14,
                "hovertemplate": "%{label}: %{value:.0f} tracks<extra></extra>",
            },
            link={
                "source": sources,
                "target": targets,
                "value": flows["n_tracks"].tolist(),
                "color": [colours[source] + CLEAR for source in sources],
                "customdata": np.array(names, object),
                "hovertemplate": "%{customdata}<extra></extra>",
            },
        )
    )
    for title, x in zip(titles, (0, 1)):
        figure.add_annotation(
            text=_short(title),
            x=x,
            y=1.08,
            xref="paper",
            yref="paper",
            xanchor="right" if x else "left",
            showarrow=False,
        )
    height = 120 + 34 * max(len(left), len(right))
    return figure.update_layout(height=height, margin={"l": 8, "r": 8, "t": 40, "b": 8})


def _short(title: str, length: int = 60) -> str:
    """Truncate a name, and escape what plotly would read as markup."""
    from html import escape

    return escape(title if len(title) <= length else f"{title[: length - 1]}…", quote=False)

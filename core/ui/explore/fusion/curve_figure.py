"""A score over the text weight as a plotly figure: interval, control, ends, best weight."""

import numpy as np
import pandas as pd

from core.drawing.palette import LIGHT, Palette
from core.scoring import METRICS
from core.ui.explore.fusion.fusion_charts import MARGIN, SHARES

BAND = "rgba(134,140,151,0.25)"
"""Colour of the interval on any ground."""
PARTS = ("low", "high", "control")


def curve_figure(
    table: pd.DataFrame,
    metric: str,
    *,
    now: float | None,
    weight: float | None,
    fusion: str,
    palette: Palette = LIGHT,
):
    """Return a score over the text weight, with its interval and control, and the fusion's on the map.

    The best weight is a star; the control is a dotted line.

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
        marker=_mark_best(y, metric),
        unselected={"marker": {"opacity": 1}},
        hovertemplate="text weight %{x:.0%}: %{y:.3f}<extra></extra>",
    )
    best = best_weight(table, metric)
    ends = [i for i in (0, len(x) - 1) if np.isfinite(y[i])]
    single = go.Scatter(
        x=x[ends],
        y=y[ends],
        mode="markers+text",
        marker={
            "size": 12,
            "color": palette.main,
            "symbol": ["star" if x[i] == best else "square" for i in ends],
        },
        hoverinfo="skip",
        text=[
            f"{'audio' if i == 0 else 'text'} alone {y[i]:.2f}{', best' if x[i] == best else ''}"
            for i in ends
        ],
        cliponaxis=False,
        textposition=[_beside(y, i) for i in ends],
    )
    figure = go.Figure([*_band_and_control(table, metric, palette), curve, single])
    if now is not None and np.isfinite(now):
        _mark_now(figure, now, weight, fusion, palette.accent)
    if best is not None and best not in x[ends]:
        figure.add_annotation(x=best, y=y[x == best][0], text=f"best {best:.0%}", yshift=-18, showarrow=False)
    others = [table[f"{metric} {part}"] for part in PARTS if f"{metric} {part}" in table]
    known = [v for v in (*y, *np.ravel(others), now) if v is not None and np.isfinite(v)]
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


def best_weight(table: pd.DataFrame, metric: str) -> float | None:
    """Return the text weight with the best score, None where no score is defined."""
    y = pd.to_numeric(table[metric])
    if not y.notna().any():
        return None
    return float(table["text_weight"].loc[y.idxmax() if METRICS[metric].larger_is_better else y.idxmin()])


def _mark_best(y: np.ndarray, metric: str) -> dict:
    """Return the markers of the curve: a star at the best point, small circles elsewhere."""
    known = np.flatnonzero(np.isfinite(y))
    sign = 1 if METRICS[metric].larger_is_better else -1
    best = known[np.argmax(sign * y[known])] if len(known) else -1
    return {
        "size": [14 if i == best else 6 for i in range(len(y))],
        "symbol": ["star" if i == best else "circle" for i in range(len(y))],
    }


def _band_and_control(table: pd.DataFrame, metric: str, palette: Palette) -> list:
    """Return the 95 % interval as a band, and the control as a dotted line, where they are known."""
    import plotly.graph_objects as go

    x, traces = table["text_weight"].to_numpy(float), []
    if f"{metric} low" in table:
        low, high = (pd.to_numeric(table[f"{metric} {end}"]).to_numpy(float) for end in ("low", "high"))
        known = np.isfinite(low) & np.isfinite(high)
        around = np.concatenate([x[known], x[known][::-1]])
        bounds = np.concatenate([high[known], low[known][::-1]])
        shape = {"fill": "toself", "fillcolor": BAND, "line": {"width": 0}, "mode": "lines"}
        traces += [go.Scatter(x=around, y=bounds, name="95 % interval", hoverinfo="skip", **shape)]
    if f"{metric} control" in table:
        control = pd.to_numeric(table[f"{metric} control"]).to_numpy(float)
        what = "shuffled labels" if METRICS[metric].kind == "external" else "shuffled columns"
        style = {"line": {"color": palette.grey, "width": 2, "dash": "dot"}, "mode": "lines"}
        hover = f"{what}: %{{y:.3f}}<extra></extra>"
        traces += [go.Scatter(x=x, y=control, name=what, hovertemplate=hover, **style)]
    return traces


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

"""Loss curves: total, reconstruction and KL by epoch, each on its own and combined.

The four panels of Siddique, Hybrid Audio–Text Clustering for Music, figure 4.
"""

import pandas as pd
import streamlit as st

from core.jobs import job as jobs
from core.jobs.job import Status

PARTS = {
    "total": "Total",
    "reconstruction": "Reconstruction",
    "kl": "Kullback–Leibler",
    "audio_error": "Hidden sound",
    "text_error": "Hidden words",
    "pixel_error": "Hidden sound, per pixel",
    "hit_share": "Likeliest genre is right",
}
COLOURS = {"total": "#2a9d8f", "reconstruction": "#d08a2e", "kl": "#8f74c2"}
"""Readable on the light and on the dark ground."""
OTHER_COLOUR = "#8a8f94"
FIGURES = ("accuracy", "hit_share", "gate_mean", "pixel_error")
"""Told beside the loss and no part of it: they have no place in the combined panel."""
PER_ROW = 4
SIDES = {"train": "solid", "val": "dot"}
NAMES = {"train": "", "val": ", held out"}


def show_job_curves(job: Status) -> None:
    """Draw what a training job has reported so far; nothing before its training has begun."""
    rows = jobs.figures(job.id)
    if not rows.empty and _parts(rows):
        draw_curves(
            rows if "epoch" in rows else rows.rename(columns={"done": "epoch"}), key=f"curves-{job.id}"
        )
    elif job.is_alive and job.note.startswith("epoch"):
        st.caption("The first epoch is under way; the curves begin after it.")


def draw_curves(rows: pd.DataFrame, key: str) -> None:
    """Draw the loss parts by epoch.

    Parameters
    ----------
    rows : DataFrame
        ``epoch`` and parts named ``train_total``, ``val_total``, ``train_reconstruction`` …
    key : str
        Of the chart.
    """
    st.plotly_chart(curves_figure(rows), key=key, config={"displayModeBar": False})
    if any(c.startswith("val_") for c in rows):
        st.caption("Solid: the tracks it learns from. Dotted: the tracks held out.")


def curves_figure(rows: pd.DataFrame):
    """Return the plotly figure of :func:`draw_curves`."""
    import plotly.graph_objects as go
    from plotly.subplots import make_subplots

    parts = _parts(rows)
    losses = [part for part in parts if part not in FIGURES]
    panels = [[part] for part in parts] + ([losses] if len(losses) > 1 else [])
    titles = [PARTS.get(part, part.replace("_", " ").capitalize()) for part in parts] + ["Combined"] * (
        len(panels) > len(parts)
    )
    n_columns = min(PER_ROW, len(panels))
    n_rows = -(-len(panels) // n_columns)
    figure = make_subplots(
        rows=n_rows, cols=n_columns, subplot_titles=titles, horizontal_spacing=0.06, vertical_spacing=0.3
    )
    few = "lines+markers" if len(rows) < 4 else "lines"
    for place, shown in enumerate(panels):
        for part in shown:
            for side, dash in SIDES.items():
                if f"{side}_{part}" not in rows:
                    continue
                line = {"color": COLOURS.get(part, OTHER_COLOUR), "dash": dash, "width": 2}
                name = PARTS.get(part, part.replace("_", " ").capitalize()) + NAMES[side]
                trace = go.Scatter(
                    x=rows["epoch"],
                    y=pd.to_numeric(rows[f"{side}_{part}"]),
                    name=name,
                    mode=few,
                    line=line,
                    showlegend=False,
                    hovertemplate="epoch %{x}: %{y:.4g}<extra>" + name + "</extra>",
                )
                figure.add_trace(trace, row=1 + place // n_columns, col=1 + place % n_columns)
    figure.update_xaxes(title_text="epoch", title_standoff=4, dtick=max(1, round(len(rows) / 5)), tick0=0)
    figure.update_yaxes(tickformat=".4~g", nticks=5)
    figure.update_annotations(font_size=13)
    figure.update_layout(height=230 * n_rows, margin={"l": 8, "r": 8, "t": 32, "b": 8})
    return figure


def _parts(rows: pd.DataFrame) -> list[str]:
    """Return the names of the loss parts, in the order in which they came; the total first."""
    found = dict.fromkeys(c.split("_", 1)[1] for c in rows if c.split("_", 1)[0] in SIDES)
    return sorted(found, key=lambda part: part != "total")

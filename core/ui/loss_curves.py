"""Loss curves: total, reconstruction and KL by epoch, each on its own and combined (as in figure 4 of row A13)."""

import pandas as pd
import streamlit as st

from core import jobs
from core.jobs import Status

PARTS = {"total": "Total", "reconstruction": "Reconstruction", "kl": "Kullback–Leibler"}
COLOURS = {"total": "#0f6e6b", "reconstruction": "#d08a2e", "kl": "#7a5ea8"}
SIDES = {"train": "solid", "val": "dot"}


def show_job_curves(job: Status) -> None:
    """Draw what a training job has reported so far."""
    rows = jobs.figures(job.id)
    if rows.empty:
        st.caption("The first epoch is under way; the curves begin after it.")
        return
    draw_curves(rows.rename(columns={"done": "epoch"}) if "epoch" not in rows else rows, key=f"curves-{job.id}")


def draw_curves(rows: pd.DataFrame, key: str) -> None:
    """Draw the loss parts by epoch.

    Parameters
    ----------
    rows : DataFrame
        ``epoch`` and parts named ``train_total``, ``val_total``, ``train_reconstruction`` …
    key : str
        Of the chart.
    """
    import plotly.graph_objects as go
    from plotly.subplots import make_subplots

    parts = list(dict.fromkeys(c.split("_", 1)[1] for c in rows if c.split("_", 1)[0] in SIDES))
    titles = [PARTS.get(part, part.replace("_", " ").capitalize()) for part in parts] + (["Combined"] if len(parts) > 1 else [])
    figure = make_subplots(rows=1, cols=len(titles), subplot_titles=titles)
    for column in range(1, len(titles) + 1):
        for part in parts if column > len(parts) else [parts[column - 1]]:
            for side, dash in SIDES.items():
                if f"{side}_{part}" not in rows:
                    continue
                name = PARTS.get(part, part) + (" (held out)" if side == "val" else "")
                line = {"color": COLOURS.get(part, "#888888"), "dash": dash}
                mode = "lines+markers" if len(rows) < 3 else "lines"
                trace = go.Scatter(x=rows["epoch"], y=rows[f"{side}_{part}"], name=name, mode=mode, line=line, showlegend=False)
                figure.add_trace(trace, row=1, col=column)
    figure.update_xaxes(title_text="epoch", title_standoff=4)
    figure.update_layout(height=240, margin={"l": 8, "r": 8, "t": 36, "b": 8})
    st.plotly_chart(figure, key=key, config={"displayModeBar": False})
    if any(c.startswith("val_") for c in rows):
        st.caption("Solid: the tracks it learns from. Dotted: the tracks held out.")

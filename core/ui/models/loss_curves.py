"""Loss curves by epoch, and the use of the latent space after training.

The panels of Siddique, Hybrid Audio–Text Clustering for Music, figure 4.
"""

import pandas as pd
import streamlit as st

from core.jobs import job as jobs
from core.jobs.job import Status
from core.messages.latent_messages import describe_collapse
from core.ui.shared.frame import plain_markdown

TITLES = {
    "total": "Total loss",
    "reconstruction": "Reconstruction",
    "kl": "KL divergence",
    "audio_error": "Masked audio",
    "text_error": "Masked text",
    "pixel_error": "Masked audio, per pixel",
    "hit_share": "Top-1 accuracy",
}
ALL_TERMS = "All loss terms"
COLOURS = {"total": "#1f8a7e", "reconstruction": "#b8741a", "kl": "#8263b8"}
MORE_COLOURS = ("#2f6fd0", "#c2452f", "#7a8a1c", "#b03d8c", "#4a7d94")
"""Of terms without a colour of their own; all have 3 : 1 and more on light and dark ground."""
GREY = "#7d8287"
METRICS = ("accuracy", "hit_share", "gate_mean", "pixel_error")
"""Reported with the loss but no term of it."""
SIDES = {"train": "solid", "val": "dot"}
SUFFIXES = {"train": "", "val": ", validation"}
WIDTH, HEIGHT = 290, 200
LEGEND_WIDTH = 170


def show_job_curves(job: Status) -> None:
    """Show the curves of a training job so far; nothing before its first epoch has ended."""
    rows = jobs.figures(job.id)
    if not rows.empty and _terms(rows):
        rows = rows if "epoch" in rows else rows.rename(columns={"done": "epoch"})
        show_curves(rows, key=f"curves-{job.id}")
    elif job.is_alive and job.note.startswith("epoch"):
        st.caption("The curves appear after the first epoch.")


def show_curves(rows: pd.DataFrame, key: str) -> None:
    """Show one chart per loss term and metric, side by side as the page has room, then all terms in one.

    Parameters
    ----------
    rows : DataFrame
        ``epoch`` and columns named ``train_total``, ``val_total``, ``train_reconstruction`` …
    key : str
        Prefix of the charts' keys.
    """
    with st.container(horizontal=True, gap="small", key=key):
        for title, terms in panels_of(rows).items():
            figure = curves_figure(rows, title, terms)
            st.plotly_chart(
                figure,
                key=f"{key}-{title}",
                width=figure.layout.width,
                height=HEIGHT,
                config={"displayModeBar": False},
            )
    if any(c.startswith("val_") for c in rows):
        st.caption("Solid: training. Dotted: validation.")


def panels_of(rows: pd.DataFrame) -> dict[str, list[str]]:
    """Return the titles of the charts and the terms that each shows; all terms together come last."""
    terms = _terms(rows)
    losses = [term for term in terms if term not in METRICS]
    return {title_of(term): [term] for term in terms} | ({ALL_TERMS: losses} if len(losses) > 1 else {})


def title_of(term: str) -> str:
    """Return the title of a loss term or metric."""
    return TITLES.get(term, term.replace("_", " ").capitalize())


def curves_figure(rows: pd.DataFrame, title: str, terms: list[str]):
    """Return one chart; with several terms it has a legend.

    Parameters
    ----------
    rows : DataFrame
        See :func:`show_curves`.
    title : str
    terms : list of str

    Returns
    -------
    plotly.graph_objects.Figure
    """
    import plotly.graph_objects as go

    colours, several = _colours(_terms(rows)), len(terms) > 1
    mode = "lines+markers" if len(rows) < 4 else "lines"
    figure = go.Figure()
    for term in terms:
        for side, dash in SIDES.items():
            if f"{side}_{term}" not in rows:
                continue
            name = title_of(term) + SUFFIXES[side]
            figure.add_scatter(
                x=rows["epoch"],
                y=pd.to_numeric(rows[f"{side}_{term}"]),
                name=name,
                mode=mode,
                line={"color": colours[term], "dash": dash, "width": 2},
                showlegend=several and side == "train",
                hovertemplate="epoch %{x}: %{y:.4g}<extra>" + name + "</extra>",
            )
    return figure.update_layout(
        title={"text": title, "font_size": 14, "x": 0.02, "y": 0.97},
        width=WIDTH + (LEGEND_WIDTH if several else 0),
        height=HEIGHT,
        margin={"l": 8, "r": 8, "t": 36, "b": 8},
        legend={"font_size": 12},
        xaxis={
            "title": {"text": "epoch", "standoff": 4},
            "dtick": max(1, round(len(rows) / 5)),  # about five ticks
            "tick0": 0,
        },
        yaxis={"tickformat": ".4~g", "nticks": 5, "automargin": True},
    )


def _colours(terms: list[str]) -> dict[str, str]:
    """Return a colour for every term; metrics are grey."""
    more = iter(MORE_COLOURS)
    return {term: COLOURS.get(term) or (GREY if term in METRICS else next(more, GREY)) for term in terms}


def _terms(rows: pd.DataFrame) -> list[str]:
    """Return the loss terms and metrics in the order of the columns, the total first."""
    found = dict.fromkeys(c.split("_", 1)[1] for c in rows if c.split("_", 1)[0] in SIDES)
    return sorted(found, key=lambda term: term != "total")


def show_latent_use(meta: dict) -> None:
    """Show the latent statistics of a checkpoint; nothing for a model without any."""
    figures = meta.get("figures") or {}
    if warning := describe_collapse(figures, meta.get("config") or {}):
        st.warning(plain_markdown(warning), icon=":material/warning:")
    nats = figures.get("kl_per_dimension") or []
    if nats:
        st.plotly_chart(
            kl_figure(nats, figures.get("active_units", len(nats))),
            key="models-latent-use",
            config={"displayModeBar": False},
        )
        st.caption(
            "KL divergence from the prior per latent dimension, in nats, highest first. A dimension near "
            "zero is the same for every track and carries no information."
        )


def kl_figure(nats: list[float], active: int):
    """Return the bar chart of :func:`show_latent_use`; bars after the first ``active`` are grey."""
    import plotly.graph_objects as go

    colours = [COLOURS["kl"] if position < active else GREY for position in range(len(nats))]
    bars = go.Bar(
        x=list(range(1, len(nats) + 1)),
        y=nats,
        marker_color=colours,
        hovertemplate="dimension %{x}: %{y:.3g} nats<extra></extra>",
    )
    return go.Figure(bars).update_layout(
        height=190,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        showlegend=False,
        bargap=0.25,
        xaxis={
            "title": {"text": "latent dimension", "standoff": 4},
            "dtick": max(1, round(len(nats) / 16)),
        },
        yaxis={"title": {"text": "KL, nats"}, "nticks": 4, "rangemode": "tozero"},
    )

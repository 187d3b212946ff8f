"""How much of a checkpoint's latent space is in use: a warning where little is, and the KL of each dimension."""

import streamlit as st

from core.messages.latent_messages import describe_collapse
from core.ui.models.loss_curves import COLOURS, OTHER_COLOUR
from core.ui.shared.frame import plain_markdown


def show_latent_use(meta: dict) -> None:
    """Draw what is known about the latents of a checkpoint; nothing for a model without such figures."""
    figures = meta.get("figures") or {}
    if warning := describe_collapse(figures, meta.get("config") or {}):
        st.warning(plain_markdown(warning), icon=":material/warning:")
    nats = figures.get("kl_per_dimension") or []
    if nats:
        st.plotly_chart(
            nats_figure(nats, figures.get("active_units", len(nats))),
            key="models-latent-use",
            config={"displayModeBar": False},
        )
        st.caption(
            "What each latent says about a track, in nats (Kullback–Leibler divergence from the prior), the "
            "most telling first. One near zero "
            "is the same for every track and carries nothing."
        )


def nats_figure(nats: list[float], active: int):
    """Return the bar chart of :func:`show_latent_use`; bars after the first ``active`` are grey."""
    import plotly.graph_objects as go

    colours = [COLOURS["kl"] if position < active else OTHER_COLOUR for position in range(len(nats))]
    bars = go.Bar(
        x=list(range(1, len(nats) + 1)),
        y=nats,
        marker_color=colours,
        hovertemplate="latent %{x}: %{y:.3g} nats<extra></extra>",
    )
    figure = go.Figure(bars)
    figure.update_xaxes(title_text="latent", title_standoff=4, dtick=max(1, round(len(nats) / 16)))
    figure.update_yaxes(title_text="KL, nats", nticks=4, rangemode="tozero")
    figure.update_layout(height=190, margin={"l": 8, "r": 8, "t": 8, "b": 8}, showlegend=False, bargap=0.25)
    return figure

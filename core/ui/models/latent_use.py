"""Use of a checkpoint's latent space: a warning of collapse, and the KL divergence per dimension."""

import streamlit as st

from core.messages.latent_messages import describe_collapse
from core.ui.models.loss_curves import COLOURS, GREY
from core.ui.shared.frame import plain_markdown


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
    figure = go.Figure(bars)
    figure.update_xaxes(title_text="latent dimension", title_standoff=4, dtick=max(1, round(len(nats) / 16)))
    figure.update_yaxes(title_text="KL, nats", nticks=4, rangemode="tozero")
    figure.update_layout(height=190, margin={"l": 8, "r": 8, "t": 8, "b": 8}, showlegend=False, bargap=0.25)
    return figure

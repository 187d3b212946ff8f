"""The table of clusters, where selecting a row plays its tracks."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from core.ui.explore.map.figure import name_of
from core.ui.shared.palette import LIGHT, Palette, current_palette, swatch


def show_clusters(
    table: pd.DataFrame,
    titles: list[str],
    *,
    selected: int | None,
    colours: bool,
    key: str,
    on_select: Callable[[int | None], None],
) -> None:
    """Show the clusters.

    Parameters
    ----------
    table : DataFrame
        From :func:`core.clustering.cluster_summary.summarise_clusters`.
    titles : list of str
        Of all tracks of the space, for the typical ones.
    selected : int or None
        The cluster whose row is selected initially.
    colours : bool
        Whether the map is coloured by cluster.
    key : str
        Another key resets the selection.
    on_select : callable
        Called before the next run with the selected cluster, None where the row was deselected.
    """

    def select() -> None:
        rows = st.session_state[key]["selection"]["rows"]
        on_select(int(table["cluster"].iloc[rows[0]]) if rows and rows[0] < len(table) else None)

    columns = {
        "mark": st.column_config.ImageColumn("", width=40),
        "name": st.column_config.TextColumn("Cluster"),
        "size": st.column_config.NumberColumn("Tracks", format="localized"),
        "label": st.column_config.TextColumn(
            "Mostly", help="The most frequent label among the cluster's labelled tracks."
        ),
        "label_share": st.column_config.NumberColumn(
            "Share", format="percent", help="That label's share of the cluster's labelled tracks."
        ),
        "typical": st.column_config.TextColumn(
            "Typical tracks", help="Nearest to the cluster's centroid.", width="large"
        ),
    }
    has_labels = (table["label"] != "").any()
    order = [
        name
        for name in columns
        if (name != "mark" or colours) and (name not in ("label", "label_share") or has_labels)
    ]
    rows = [i for i, cluster in enumerate(table["cluster"]) if cluster == selected]
    st.dataframe(
        rows_of(table, titles, current_palette()),
        column_config=columns,
        column_order=order,
        hide_index=True,
        width="stretch",
        key=key,
        on_select=select,
        selection_mode="single-row",
        selection_default={"selection": {"rows": rows, "columns": [], "cells": []}},
        height="content",
    )


def rows_of(table: pd.DataFrame, titles: list[str], palette: Palette = LIGHT) -> pd.DataFrame:
    """Return the table as it is displayed."""
    return pd.DataFrame(
        {
            "mark": [swatch(cluster, palette) for cluster in table["cluster"]],
            "name": [name_of(cluster) for cluster in table["cluster"]],
            "size": table["size"],
            "label": table["label"],
            "label_share": table["label_share"].round(2),
            "typical": [
                " · ".join(" ".join(titles[i].split()) or "Untitled" for i in positions)
                for positions in table["typical"]
            ],
        }
    )

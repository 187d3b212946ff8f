"""The table of clusters, where a row is chosen to hear its tracks."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from core.ui.explore.map.figure import name_of
from core.ui.shared.palette import swatch


def show_clusters(
    table: pd.DataFrame,
    titles: list[str],
    *,
    chosen: int | None,
    colours: bool,
    key: str,
    on_choose: Callable[[int | None], None],
) -> None:
    """Show the clusters; a row that is chosen or let go is told to ``on_choose`` before the next run.

    Parameters
    ----------
    table : DataFrame
        From :func:`core.clustering.cluster_summary.describe_clusters`.
    titles : list of str
        Of all tracks of the space, for the typical ones.
    chosen : int or None
        The cluster whose row is marked at first.
    colours : bool
        Whether the map wears the clusters' colours just now.
    key : str
        Another key starts the selection anew.
    on_choose : callable
        Takes the cluster, None where the row was let go.
    """

    def tell() -> None:
        rows = st.session_state[key]["selection"]["rows"]
        on_choose(int(table["cluster"].iloc[rows[0]]) if rows and rows[0] < len(table) else None)

    shown = rows_of(table, titles)
    place = [i for i, cluster in enumerate(table["cluster"]) if cluster == chosen]
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
            "Typical tracks", help="Nearest to the cluster's middle (its centroid).", width="large"
        ),
    }
    order = [
        name
        for name in columns
        if (name != "mark" or colours)
        and (name not in ("label", "label_share") or (table["label"] != "").any())
    ]
    st.dataframe(
        shown,
        column_config=columns,
        column_order=order,
        hide_index=True,
        width="stretch",
        key=key,
        on_select=tell,
        selection_mode="single-row",
        selection_default={"selection": {"rows": place, "columns": [], "cells": []}},
        height="content",
    )


def rows_of(table: pd.DataFrame, titles: list[str]) -> pd.DataFrame:
    """Put the table into what people read."""
    return pd.DataFrame(
        {
            "mark": [swatch(cluster) for cluster in table["cluster"]],
            "name": [name_of(cluster) for cluster in table["cluster"]],
            "size": table["size"],
            "label": table["label"],
            "label_share": table["label_share"].round(2),
            "typical": [
                " · ".join(" ".join(titles[i].split()) or "Untitled" for i in places)
                for places in table["typical"]
            ],
        }
    )

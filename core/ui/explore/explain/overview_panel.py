"""All clusters at a glance: suggested names, words, text weights and stability, as a table to take along."""

import pandas as pd
import streamlit as st

from core.collection import Collection
from core.drawing.legend import name_of
from core.export.explanation import label_groups
from core.export.group_table import groups_csv
from core.export.track_files import safe_name
from core.messages.analysis.explain_messages import LACKS, describe_bootstrap
from core.ui.explore.explain.naming_form import offer_suggested
from core.ui.explore.live import Shown
from core.ui.shared.frame import as_sentence, plain_markdown

COLUMNS = {
    "cluster": st.column_config.TextColumn("Cluster"),
    "suggested": st.column_config.TextColumn(
        "Suggested name",
        help="The descriptor with the clearest difference; the label of most tracks, else a tag; words.",
    ),
    "words": st.column_config.TextColumn("Words", help="By class-based TF-IDF, beyond chance."),
    "weight": st.column_config.NumberColumn("Text weight", format="percent", help="Mean of its tracks."),
    "weight_interval": st.column_config.TextColumn("95 % interval", help="Of the mean text weight."),
    "weights": st.column_config.BarChartColumn(
        "Distribution", help="Tracks by text weight, in ten bins from 0 (audio) to 1 (text).", y_min=0
    ),
    "jaccard": st.column_config.NumberColumn(
        "Stability",
        format="%.2f",
        help="Mean Jaccard index over bootstrap samples of the tracks: stable from 0.75, dissolved up to "
        "0.5. *Hennig 2007*",
    ),
}


def show_overview(collection: Collection, shown: Shown, found: dict, stability: dict | None) -> None:
    """Show the table of all clusters, the button that names them, and the download.

    Parameters
    ----------
    found : dict
        Of :func:`core.explain.groups.group_profile.profile_clusters`.
    stability : dict or None
        Of :func:`core.explain.explained.find_stability`, None until it is computed.
    """
    table = tabulate(found["groups"], stability, shown.names)
    shown_columns = [name for name in COLUMNS if table[name].notna().any()]
    st.dataframe(
        table,
        column_config=COLUMNS,
        column_order=shown_columns,
        hide_index=True,
        width="stretch",
        key="explore-explain-overview",
    )
    if stability is not None:
        st.caption(
            plain_markdown(as_sentence(describe_bootstrap(stability))),
            help="Mean ARI of these clusters and those of bootstrap samples of the tracks, with what 95 % of "
            "the samples lie in, beside the same on data whose columns are shuffled. *Hennig 2007*",
        )
    if found["lacks"]:
        st.caption(plain_markdown(as_sentence("; ".join(LACKS[name] for name in found["lacks"]))))
    st.caption("Select a cluster for its typical tracks and all that sets it apart.")
    with st.container(horizontal=True):
        offer_suggested(
            collection, shown, {group["cluster"]: group["suggested_name"] for group in found["groups"]}
        )
        groups = label_groups(found["groups"], collection, shown.space.rows, shown.names, stability)
        st.download_button(
            "Download as CSV",
            groups_csv(groups),
            f"{safe_name(collection.name)}-clusters.csv",
            "text/csv",
            key="explore-explain-csv",
            icon=":material/download:",
            on_click="ignore",
            help="A row per cluster: labels, words, tags, descriptors, stability, and mean, quantiles and "
            "ten bins of the text weights.",
        )


def tabulate(groups: list[dict], stability: dict | None, names: dict[int, str]) -> pd.DataFrame:
    """Return the clusters as they are displayed."""
    jaccard = {each["cluster"]: each["jaccard"] for each in (stability or {"clusters": []})["clusters"]}
    rows = []
    for group in groups:
        weight = group["text_weight"] or {}
        interval = weight.get("interval")
        rows.append(
            {
                "cluster": name_of(group["cluster"], names),
                "suggested": group["suggested_name"] or None,
                "words": ", ".join(each["word"] for each in group["words"]) or None,
                "weight": round(weight["mean"], 2) if weight else None,
                "weight_interval": f"{interval[0]:.0%} … {interval[1]:.0%}" if interval else None,
                "weights": weight.get("counts"),
                "jaccard": jaccard.get(group["cluster"]),
            }
        )
    return pd.DataFrame(rows, columns=list(COLUMNS))

"""How much the clusters depend on the seed: of all clusters, and the least stable tracks."""

from collections.abc import Mapping
from concurrent.futures import Future

import numpy as np
import pandas as pd
import streamlit as st

from core.drawing.legend import NO_NAMES, name_of
from core.messages.analysis.score_messages import describe_stability
from core.pipeline.choice import Choice
from core.pipeline.space import Space
from core.pipeline.stages import score_stability
from core.ui.shared.frame import as_sentence
from core.ui.shared.results import start_wanted, take_or_explain

MANY_TRACKS = 200
"""So many of the least stable tracks are listed at most."""
COLUMNS = {
    "title": st.column_config.TextColumn("Track"),
    "cluster": st.column_config.TextColumn("Cluster"),
    "stability": st.column_config.NumberColumn(
        "Stability",
        format="%.2f",
        help="Mean share of the runs in which the track is with another one of its cluster (item consensus, "
        "Monti et al. 2003).",
    ),
}


def show_stability(
    space: Space, choice: Choice, labels: np.ndarray, titles: list[str], names: Mapping[int, str] = NO_NAMES
) -> list[Future]:
    """Show the stability of a consensus, or that it follows; return what is pending."""
    if not choice.has_consensus:
        return []
    key = ("stability", space.key, repr(choice.clustering), choice.seed)
    future = start_wanted("stability", key, lambda progress: score_stability(space, choice, progress))
    found, pending = take_or_explain(future, "the stability could not be measured")
    if pending:
        st.caption("Measuring the stability over seeds …")
    if found is None:
        return pending
    figures, stability = found
    st.caption(
        as_sentence(describe_stability(figures)),
        help="Mean ARI of the clusters of two seeds with its 95 % interval; 1: every seed gives the same "
        "clusters. A track's stability is the share of seeds that keep it with the others of its cluster.",
    )
    table = least_stable(titles, labels, stability, names)
    if len(table):
        with st.expander("Least stable tracks", icon=":material/shuffle:", key="explore-least-stable"):
            st.dataframe(table, column_config=COLUMNS, hide_index=True, width="stretch")
    return []


def least_stable(
    titles: list[str], labels: np.ndarray, stability: np.ndarray, names: Mapping[int, str] = NO_NAMES
) -> pd.DataFrame:
    """Return ``title, cluster, stability`` of the tracks that change clusters, the least stable first.

    Parameters
    ----------
    titles : list of str, length n_tracks
    labels : ndarray of int, shape=(n_tracks,)
    stability : ndarray, shape=(n_tracks,)
        nan where undefined.
    """
    order = np.argsort(stability, kind="stable")
    rows = [int(i) for i in order if stability[i] < 1][:MANY_TRACKS]
    return pd.DataFrame(
        {
            "title": [" ".join(titles[i].split()) or "Untitled" for i in rows],
            "cluster": [name_of(int(labels[i]), names) for i in rows],
            "stability": stability[rows],
        }
    )

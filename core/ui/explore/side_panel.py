"""The panel beside the map: clusters, tracks, scores and the fusion in tabs."""

from concurrent.futures import Future

import numpy as np
import pandas as pd
import streamlit as st

from core import store
from core.collection import Collection
from core.ui.explore.controls import View
from core.ui.explore.current_track import show_clusters, show_group
from core.ui.explore.fusion.panel import show_fusion
from core.ui.explore.live import Shown
from core.ui.explore.scores.genre_scores import show_genre_scores
from core.ui.explore.scores.representation_scores import show_representation_scores
from core.ui.explore.scores.score_table import show_scores
from core.ui.explore.scores.seed_stability import show_stability
from core.ui.explore.search import Search, show_found
from core.ui.shared.fields.genre_choice import WEIGHT

TABS = ("Clusters", "Tracks", "Scores", "Fusion")
_TAB, _SELECTED = "explore-tab", "explore-tab-selected"


def show_panel(
    collection: Collection,
    view: View,
    shown: Shown,
    tracks: pd.DataFrame,
    *,
    current: int | None,
    group: np.ndarray | None,
    cluster: int | None,
    found: Search | None,
) -> list[Future]:
    """Show clusters, tracks, scores and the fusion in tabs beside the map; return what is pending."""
    _open_tab(group, cluster)
    by_cluster, by_track, scores, fusion = st.tabs(TABS, key=_TAB, on_change="rerun")
    with by_cluster:
        show_clusters(collection, shown, tracks, cluster, has_colours=colours_of(view, shown) == "cluster")
    with by_track:
        if found is not None:
            show_found(collection, shown.space, found)
        else:
            show_group(tracks, group, cluster)
    with scores:
        show_scores(
            shown.figures,
            shown.before,
            shown.compared,
            sees_labels=shown.space.sees_labels,
            label_by=shown.choice.label_by,
        )
        pending = show_genre_scores(collection, shown.space, shown.choice.seed)
        if shown.is_settled:
            pending += show_stability(shown.space, shown.choice, shown.labels, tracks["title"].tolist())
        pending += show_representation_scores(collection, shown.space, shown.choice)
    with fusion:
        pending += show_fusion(collection, shown, tracks, current)
    return pending


def _open_tab(group: np.ndarray | None, cluster: int | None) -> None:
    """Open the list of tracks as soon as tracks are selected or found."""
    selected = None if group is None or cluster is not None else store.key_of(group)
    if selected is not None and selected != st.session_state.get(_SELECTED):
        st.session_state[_TAB] = "Tracks"
    st.session_state[_SELECTED] = selected


def colours_of(view: View, shown: Shown) -> str:
    """Return what the colours mean: clusters where there are no weights to show."""
    return "cluster" if view.colour_by == WEIGHT and shown.space.weights is None else view.colour_by

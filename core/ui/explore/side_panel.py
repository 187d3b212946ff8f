"""The panel beside the map: clusters, tracks, scores and the fusion in tabs."""

import math
import time
from collections.abc import Callable
from concurrent.futures import Future

import numpy as np
import pandas as pd
import streamlit as st

from core import store
from core.access.rules import is_signed_in
from core.collection import Collection
from core.ui.explore import selection
from core.ui.explore.current_track import show_clusters, show_group
from core.ui.explore.explain.group_panel import show_all_clusters, show_explanation
from core.ui.explore.explain.pair_panel import show_pair
from core.ui.explore.explain.trust_panel import show_trust
from core.ui.explore.fusion.panel import show_fusion
from core.ui.explore.live import Shown
from core.ui.explore.scores.genre_scores import show_genre_scores
from core.ui.explore.scores.representation_scores import show_representation_scores
from core.ui.explore.scores.score_table import show_scores
from core.ui.explore.scores.seed_stability import show_stability
from core.ui.explore.search import Search, show_found
from core.ui.explore.take_along.pin import show_pin

TABS = ("Clusters", "Tracks", "Scores", "Fusion")
_TAB, _SELECTED, _OPENED = "explore-tab", "explore-tab-selected", "explore-tab-opened"
SHOWN_WITHIN_S = 3.0
"""How long a browser may take to show a tab that was opened for it."""


def show_panel(
    collection: Collection,
    shown: Shown,
    tracks: pd.DataFrame,
    *,
    current: int | None,
    group: np.ndarray | None,
    cluster: int | None,
    found: Search | None,
    has_cluster_colours: bool,
    show_command: Callable[[], None],
) -> list[Future]:
    """Show clusters, tracks, scores and the fusion in tabs beside the map; return what is pending.

    Parameters
    ----------
    tracks : DataFrame
        One row per point of the map.
    current, cluster : int or None
        The current track, and its cluster where that is played.
    group : ndarray or None
        What is played: a cluster or the selected tracks.
    found : Search or None
        A search whose tracks are the selection.
    has_cluster_colours : bool
        Whether the map is coloured by cluster.
    show_command : callable
        Shows the command that gives the same scores.
    """
    _open_tab(group, cluster, selection.has_no_match())
    by_cluster, by_track, scores, fusion = st.tabs(TABS, key=_TAB, on_change="rerun")
    with by_cluster:
        show_clusters(collection, shown, tracks, cluster, has_colours=has_cluster_colours)
        pending = show_explanation(collection, shown, tracks, group=group, cluster=cluster)
    with by_track:
        if found is not None:
            show_found(collection, shown.space, found)
        else:
            selection.show_filter()
            show_group(tracks, group, cluster, shown.names)
        pending += show_pair(collection, shown, tracks, current, group)
    with scores:
        show_scores(
            shown.figures,
            shown.before,
            shown.compared,
            sees_labels=shown.space.sees_labels,
            label_by=shown.choice.label_by,
        )
        pending += show_genre_scores(collection, shown.space, shown.choice.seed)
        if shown.is_settled and shown.is_fit:
            pending += show_stability(
                shown.space, shown.choice, shown.labels, tracks["title"].tolist(), shown.names
            )
        if scores.open:  # until then the first map has the processor to itself
            pending += show_representation_scores(collection, shown.space, shown.choice)
            pending += show_all_clusters(collection, shown, tracks)
            pending += show_trust(collection, shown)
        if is_signed_in():
            show_pin(collection, shown)
        show_command()
    with fusion:
        pending += show_fusion(collection, shown, tracks, current, is_open=fusion.open)
    return pending


def _open_tab(group: np.ndarray | None, cluster: int | None, has_no_match: bool) -> None:
    """Open the list of tracks as soon as tracks are selected or found, or a text filter finds none.

    A run that the browser asked for before it showed that tab still brings the tab before.
    """
    state = st.session_state
    selected = None if group is None or cluster is not None else store.key_of(group)
    selected = "no match" if selected is None and has_no_match else selected
    before, opened_s = state.get(_OPENED, ("", -math.inf))
    if selected is not None and selected != state.get(_SELECTED):
        state[_OPENED] = state.get(_TAB), time.monotonic()
        state[_TAB] = "Tracks"
    elif selected is not None and state.get(_TAB) == before and time.monotonic() - opened_s < SHOWN_WITHIN_S:
        state[_TAB] = "Tracks"
    state[_SELECTED] = selected

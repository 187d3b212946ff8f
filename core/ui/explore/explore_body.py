"""The body of Explore: from a choice to the map, its scores, its clusters and their audio.

Nothing here waits for slow results: clusters and first scores appear at once; the new layout, the intervals
and the search over k follow when they are computed, and until then the page shows and describes what it has.
"""

from concurrent.futures import Future

import numpy as np
import pandas as pd
import streamlit as st

from core.collection import Collection
from core.pipeline.choice import Choice
from core.pipeline.space import Space
from core.pipeline.stages import count_clusters
from core.ui.explore import selection
from core.ui.explore.command_line import show_command
from core.ui.explore.controls import View
from core.ui.explore.current_track import group_of, play_current, show_clusters, show_group
from core.ui.explore.fusion.panel import show_fusion
from core.ui.explore.live import Shown, follow
from core.ui.explore.map.figure import draw_figure
from core.ui.explore.map.soundmap import read_pick, show_map
from core.ui.explore.scores.genre_scores import show_genre_scores
from core.ui.explore.scores.representation_scores import show_representation_scores
from core.ui.explore.scores.score_table import show_scores
from core.ui.explore.scores.seed_stability import show_stability
from core.ui.explore.search import run_search, show_found
from core.ui.explore.slow_results import show_fusion_progress
from core.ui.shared.fields.genre_choice import WEIGHT
from core.ui.shared.frame import friendly, next_step
from core.ui.shared.palette import current_palette
from core.ui.shared.prepare import offer_recompute
from core.ui.shared.url_state import write_address

MAP = "explore-map"


def show_space(collection: Collection, choice: Choice, view: View) -> None:
    """Show everything about one choice."""
    shown = follow(collection, choice)
    n_clusters = count_clusters(shown.labels)
    if view.show_k:
        view.show_k(n_clusters if shown.is_settled else None)
    if shown.fusing:
        show_fusion_progress(shown.fusing)
    _interact(collection, shown.choice, view, shown)
    _rerun_when_done(shown.pending)
    _list_left_out(collection, shown.space)
    show_command(collection, choice, shown.space, n_clusters)
    next_step("Compare with an encoder trained on this collection.", "Train a model", to="models")


@st.fragment
def _interact(collection: Collection, choice: Choice, view: View, shown: Shown) -> None:
    """Show what clicks change: the map's marks, the player, the tables. Reruns without the controls."""
    write_address()  # after a click
    with friendly():
        tracks = collection.tracks.iloc[shown.space.rows].reset_index(drop=True)
        if collection.groups_genres:
            tracks["coarse"] = np.array(collection.coarse_labels(), object)[shown.space.rows]
        search = run_search(collection, shown.space, choice)
        write_address()
        for reason in selection.missing_reasons(collection, shown.space):
            st.info(reason, icon=":material/link_off:")
        current = selection.current_track(collection, shown.space)
        selected = selection.selected_tracks(collection, shown.space)
        group, cluster = group_of(shown, current, selected)
        left, right = st.columns([0.64, 0.36], gap="large")
        with left:
            _show_map(collection, view, shown, tracks, current=current, selected=selected, cluster=cluster)
            offer_recompute(collection, choice, shown.space)
        with right:
            show_scores(
                shown.figures,
                shown.before,
                shown.compared,
                sees_labels=shown.space.sees_labels,
                label_by=choice.label_by,
            )
            pending = show_genre_scores(collection, shown.space, choice.seed)
            if shown.is_settled:
                pending += show_stability(shown.space, shown.choice, shown.labels, tracks["title"].tolist())
            pending += show_representation_scores(collection, shown.space, shown.choice)
            play_current(collection, shown, tracks, current=current, group=group, cluster=cluster)
        left, right = st.columns([0.56, 0.44], gap="large")
        with left:
            show_clusters(collection, shown, tracks, cluster, has_colours=_colours(view, shown) == "cluster")
        with right:
            if search and search.is_selected:
                show_found(collection, shown.space, search)
            else:
                show_group(tracks, group, cluster)
        _rerun_when_done((*pending, *show_fusion(collection, shown, tracks, current)))


def _show_map(
    collection: Collection,
    view: View,
    shown: Shown,
    tracks: pd.DataFrame,
    *,
    current: int | None,
    selected: np.ndarray | None,
    cluster: int | None,
) -> None:
    """Show the map and describe what is pending."""
    space = shown.space
    highlighted = selected
    if highlighted is None and cluster is not None and selection.is_cluster_selected():
        highlighted = np.flatnonzero(shown.labels == cluster)
    colour_by = _colours(view, shown)
    figure = draw_figure(
        tracks,
        shown.positions,
        shown.labels,
        space.rows,
        colour_by=colour_by,
        text_weights=None if space.weights is None else space.weights[WEIGHT].to_numpy(float),
        genre=view.genre,
        palette=current_palette(),
    )
    show_map(
        figure,
        collection_name=collection.name,
        view=f"{collection.name}-{shown.projection}-{len(space.rows)}",
        chosen=None if highlighted is None else space.rows[highlighted],
        current=None if current is None else space.rows[current],
        key=MAP,
        on_pick=lambda: selection.apply_pick(collection, space, read_pick(st.session_state.get(MAP))),
    )
    notes = [*shown.notes]
    if colour_by != view.colour_by:
        notes.append("This fusion has no text weight per track, so the colours are the clusters'.")
    hint = "Click a point to play it, draw a lasso to select tracks, scroll to zoom, double-click to clear."
    st.caption(" ".join([*notes, hint]))


def _colours(view: View, shown: Shown) -> str:
    """Return what the colours mean: clusters where there are no weights to show."""
    return "cluster" if view.colour_by == WEIGHT and shown.space.weights is None else view.colour_by


def _rerun_when_done(pending: tuple[Future, ...]) -> None:
    """Rerun the page as soon as a pending result is computed."""

    @st.fragment(run_every=0.4 if pending else None)
    def watch() -> None:
        if any(future.done() for future in pending):
            st.rerun()

    watch()


def _list_left_out(collection: Collection, space: Space) -> None:
    """List the tracks that are not on the map, with the reason."""
    if not space.left_out:
        return
    n = len(space.left_out)
    with st.expander(f"{n:,} {'track is' if n == 1 else 'tracks are'} not on this map"):
        out = collection.tracks[collection.tracks["track_id"].isin(space.left_out)]
        st.dataframe(
            pd.DataFrame(
                {
                    "Track": out["title"].where(out["title"] != "", out["path"]),
                    "Reason": out["track_id"].map(space.left_out),
                }
            ),
            hide_index=True,
            width="stretch",
        )

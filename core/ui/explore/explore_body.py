"""The body of Explore: from a choice to the map, its scores, its clusters and their audio.

Nothing here waits for slow results: clusters and first scores appear at once; the new layout, the intervals
and the search over k follow when they are computed, and until then the page shows and describes what it has.
"""

from concurrent.futures import Future

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.errors import StreamlitAPIException

from core.clustering.cluster_summary import summarise_clusters
from core.collection import Collection
from core.messages.quantities import count_tracks
from core.pipeline.choice import Choice
from core.pipeline.stages import count_clusters
from core.ui.explore import selection
from core.ui.explore.cluster_table import show_clusters
from core.ui.explore.command_line import show_command
from core.ui.explore.controls import View
from core.ui.explore.fusion.panel import show_fusion
from core.ui.explore.fusion_progress import show_fusion_progress
from core.ui.explore.genre_scores import show_genre_scores
from core.ui.explore.left_out import list_left_out
from core.ui.explore.live import Shown, follow
from core.ui.explore.map.figure import draw_figure, name_of
from core.ui.explore.map.soundmap import read_pick, show_map
from core.ui.explore.scores.score_table import show_scores
from core.ui.explore.search import offer_more_like, run_search, show_found
from core.ui.explore.track_texts import show_lyrics
from core.ui.shared.fields.genre_choice import WEIGHT
from core.ui.shared.frame import friendly, next_step
from core.ui.shared.palette import current_palette
from core.ui.shared.player import play_list, play_track
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
    list_left_out(collection, shown.space)
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
        group, cluster = _group_of(shown, current, selected)
        left, right = st.columns([0.64, 0.36], gap="large")
        with left:
            _show_map(collection, view, shown, tracks, current=current, selected=selected, cluster=cluster)
            offer_recompute(collection, choice, shown.space)
        with right:
            _show_scores(choice, shown)
            pending = show_genre_scores(collection, shown)
            _play(collection, shown, tracks, current=current, group=group, cluster=cluster)
        left, right = st.columns([0.56, 0.44], gap="large")
        with left:
            _show_clusters(collection, view, shown, tracks, cluster)
        with right:
            if search and search.is_selected:
                show_found(collection, shown.space, search)
            else:
                _show_group(tracks, group, cluster)
        _rerun_when_done((*pending, *show_fusion(collection, shown, tracks, current)))


def _group_of(
    shown: Shown, current: int | None, selected: np.ndarray | None
) -> tuple[np.ndarray | None, int | None]:
    """Return the tracks that next and previous step through, and their cluster where they are one."""
    if selected is not None:
        return selected, None
    if current is None:
        return None, None
    cluster = int(shown.labels[current])
    return selection.order_members(shown.space, np.flatnonzero(shown.labels == cluster), cluster), cluster


def _show_scores(choice: Choice, shown: Shown) -> None:
    """Show the table of scores."""
    before = shown.before
    show_scores(
        shown.figures,
        before.figures if before else None,
        shown.compared,
        changed=before.changed if before else "",
        sees_labels=shown.space.sees_labels,
        against="coarse groups" if choice.label_by == "coarse" else "",
    )


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


def _play(
    collection: Collection,
    shown: Shown,
    tracks: pd.DataFrame,
    *,
    current: int | None,
    group: np.ndarray | None,
    cluster: int | None,
) -> None:
    """Play the current track and step to its neighbours in the group."""
    if current is None:
        st.caption("Click a point on the map, or a cluster in the table below, to play it.")
        return
    members = list(group)
    at = members.index(current) if current in members else None
    name = "Selection" if cluster is None else name_of(cluster)
    st.markdown(f"**{name}**" + (f" · track {at + 1:,} of {len(members):,}" if at is not None else ""))
    steps = {"previous": at is not None and at > 0, "next": at is not None and at < len(members) - 1}
    step = play_track(tracks.iloc[current].to_dict(), **steps, key="explore-player")
    show_lyrics(tracks.iloc[current])
    offer_more_like(tracks["track_id"].iloc[current])
    if step and at is not None and steps[step]:
        selection.select_track(collection, shown.space, members[at + (1 if step == "next" else -1)])
        _rerun_fragment()


def _rerun_fragment() -> None:
    """Rerun this fragment, or the page where the fragment runs as a part of it."""
    try:
        st.rerun(scope="fragment")
    except StreamlitAPIException:
        st.rerun()


def _show_clusters(
    collection: Collection, view: View, shown: Shown, tracks: pd.DataFrame, cluster: int | None
) -> None:
    """Show the table of clusters."""
    st.subheader("Clusters", anchor=False)
    labelled = tracks.assign(label=tracks["coarse"]) if shown.choice.label_by == "coarse" else tracks
    table = summarise_clusters(shown.space.X, shown.labels, labelled)
    selected = cluster if selection.is_cluster_selected() else None
    show_clusters(
        table,
        tracks["title"].tolist(),
        selected=selected,
        colours=_colours(view, shown) == "cluster",
        key=f"explore-clusters-{shown.labels_key}-{selected}",
        on_select=lambda c: selection.select_cluster(collection, shown.space, shown.labels, c),
    )
    st.caption("Select a row to play the cluster from its most typical track outward.")


def _show_group(tracks: pd.DataFrame, group: np.ndarray | None, cluster: int | None) -> None:
    """List the tracks of the selected cluster or selection, each with a player."""
    if group is None:
        st.subheader("Tracks", anchor=False)
        st.caption("The tracks of the selected cluster or lasso are listed here.")
        return
    name = "Selection" if cluster is None else name_of(cluster)
    st.subheader(f"{name}: {count_tracks(len(group))}", anchor=False)
    play_list(tracks.iloc[group], key="explore-list")


def _rerun_when_done(pending: tuple[Future, ...]) -> None:
    """Rerun the page as soon as a pending result is computed."""

    @st.fragment(run_every=0.4 if pending else None)
    def watch() -> None:
        if any(future.done() for future in pending):
            st.rerun()

    watch()

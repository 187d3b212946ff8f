"""The body of Explore: from a choice to the map, its scores, its clusters and their audio.

Nothing here waits for slow results: clusters and first scores appear at once; the new layout, the intervals
and the search over k follow when they are computed, and until then the page shows and describes what it has.
"""

from collections.abc import Callable
from concurrent.futures import Future

import numpy as np
import pandas as pd
import streamlit as st

from core.access.rules import is_signed_in, may_see
from core.collection import Collection
from core.fusion import fusion_spec
from core.pipeline.choice import Choice
from core.pipeline.space import Space
from core.pipeline.stages import count_clusters
from core.server.map_arrays import ARRAYS
from core.ui.explore import selection
from core.ui.explore.colours.colour_values import CLUSTER, Found, find_colours
from core.ui.explore.colours.colouring_spec import Subject
from core.ui.explore.command_line import show_command
from core.ui.explore.controls import View
from core.ui.explore.current_track import group_of, has_audio, play_current
from core.ui.explore.live import Shown, follow
from core.ui.explore.map.figure import draw_figure
from core.ui.explore.map.points import Points
from core.ui.explore.map.soundmap import MAP, Pick, Weight, read_pick, show_map
from core.ui.explore.scores.score_table import headline
from core.ui.explore.search import run_search, searched
from core.ui.explore.side_panel import show_panel
from core.ui.explore.slow_results import OUTER, layouts_of_weights, rerun_page, show_fusion_progress
from core.ui.explore.take_along.export_panel import show_take_along
from core.ui.shared.frame import friendly, next_step, plain_markdown
from core.ui.shared.prepare import offer_recompute
from core.ui.shared.results import rerun_when_done, version_of
from core.ui.shared.theme import current_palette
from core.ui.shared.url_state import get, put, write_address

FIRST_MAP_S = 2.0
"""A server's first map has the browser to itself for so long at most; the tables beside it follow."""
MOST_LISTED = 1_000
"""Tracks that are not on the map and listed; a table goes to the browser as a whole."""


def show_space(collection: Collection, choice: Choice, view: View) -> None:
    """Show everything about one choice."""
    shown = follow(collection, choice, keep=view.keep)
    n_clusters = count_clusters(shown.labels)
    if view.show_k:
        view.show_k(n_clusters if shown.is_settled else None)
    if view.show_kept:
        view.show_kept(collection, shown.choice, shown.kept)
    if shown.fusing:
        show_fusion_progress(shown.fusing)
    is_kept = shown.kept is not None

    def command() -> None:
        show_command(collection, choice, shown.space, n_clusters, is_kept=is_kept)

    _interact(collection, view, shown, command)
    rerun_when_done(shown.pending)
    _list_left_out(collection, shown.space)
    next_step("Compare with an encoder trained on this collection.", "Train a model", to="models")


@st.fragment
def _interact(collection: Collection, view: View, shown: Shown, command: Callable[[], None]) -> None:
    """Show what clicks change: the map's marks, the player, the tables. Reruns without the controls."""
    if st.session_state.pop(OUTER, False) or not may_see(collection.name):  # access may end while it is open
        st.rerun()
    write_address()  # after a click
    space = shown.space
    with friendly():
        tracks = collection.tracks.iloc[space.rows].reset_index(drop=True)
        if collection.groups_genres:
            tracks["coarse"] = np.array(collection.coarse_labels(), object)[space.rows]
        left, right = st.columns([0.66, 0.34], gap="medium")
        with right:
            top = st.container(horizontal=True, key="explore-top")
            with top.container():
                search = run_search(collection, space, shown.choice)
            selection.apply_filter(collection)
            write_address()
        for reason in selection.missing_reasons(collection, space):
            st.info(reason, icon=":material/link_off:")
        current = selection.current_track(collection, space)
        selected = selection.selected_tracks(collection, space)
        group, cluster = group_of(shown, current, selected)
        if is_signed_in():
            with top:
                show_take_along(collection, shown, cluster)
        with left:
            subject = Subject(collection, shown, tracks, view.genre, *searched(search))
            colours = find_colours(subject, view.colour_by)
            pending = [
                *colours.pending,
                *_show_map(
                    collection, shown, tracks, colours, current=current, selected=selected, cluster=cluster
                ),
            ]
            offer_recompute(collection, shown.choice, space)
        ARRAYS.wait_for_first_map(FIRST_MAP_S)
        with right:
            pending += show_panel(
                collection,
                shown,
                tracks,
                current=current,
                group=group,
                cluster=cluster,
                found=search if search and search.is_selected else None,
                has_cluster_colours=colours.name == CLUSTER,
                show_command=command,
            )
        with st.container(key="explore-dock"):
            play_current(collection, shown, tracks, current=current, group=group, cluster=cluster)
        rerun_when_done(tuple(pending))


def _show_map(
    collection: Collection,
    shown: Shown,
    tracks: pd.DataFrame,
    colours: Found,
    *,
    current: int | None,
    selected: np.ndarray | None,
    cluster: int | None,
) -> tuple[Future, ...]:
    """Show the map and describe what is pending; return what the map itself waits for."""
    space = shown.space
    highlighted = selected
    if highlighted is None and cluster is not None and selection.is_cluster_selected():
        highlighted = np.flatnonzero(shown.labels == cluster)
    points = Points(
        positions=shown.positions,
        rows=space.rows,
        tracks=tracks,
        labels=shown.labels,
        version=version_of(collection.name),
        fitted=None if shown.kept is None else ~shown.kept.is_placed,
    )
    weight, pending = _text_weight(collection, shown)
    show_map(
        points,
        colours=colours.colours,
        palette=current_palette(),
        collection_name=collection.name,
        view=f"{collection.name}-{shown.projection}-{len(space.rows)}",
        zoom=get("zoom"),
        chosen=highlighted,
        current=current,
        weight=weight,
        headline=headline(shown.figures),
        figure=lambda: draw_figure(
            tracks,
            shown.positions,
            shown.labels,
            space.rows,
            colours.colours,
            current_palette(),
            shown.names,
        ),
        key=MAP,
        on_pick=lambda: _apply(collection, space, read_pick(st.session_state.get(MAP))),
        on_plain=rerun_page,
    )
    use = "Point at a track to hear it, click" if has_audio(tracks) else "No track here has audio. Click one"
    hint = (
        f"{use} to select it, draw a lasso to select several, scroll to zoom. Near tracks are similar; "
        "distances between islands mean nothing."
    )
    st.caption(" ".join([*shown.notes, *map(plain_markdown, colours.notes), hint]))
    return pending


def _text_weight(collection: Collection, shown: Shown) -> tuple[Weight | None, tuple[Future, ...]]:
    """Return the text weight that the map's slider moves, None where the fusion takes none."""
    choice = shown.choice
    if choice.modality != "fused" or not fusion_spec(choice.fusion).takes_weight:
        return None, ()
    if shown.kept is not None:
        return Weight(choice.text_weight, None, "each weight has a kept map of its own"), ()
    chain, note, future = layouts_of_weights(collection, shown.space, choice, begin=not shown.pending)
    return Weight(choice.text_weight, chain, note), (future,) if future else ()


def _apply(collection: Collection, space: Space, pick: Pick | None) -> None:
    """Apply what was done on the map."""
    if pick is not None and pick.kind == "weight":
        put("weight", f"{pick.weight:g}")
        rerun_page()
    else:
        selection.apply_pick(collection, space, pick)


def _list_left_out(collection: Collection, space: Space) -> None:
    """List the tracks that are not on the map, with the reason."""
    if not space.left_out:
        return
    n = len(space.left_out)
    with st.expander(f"{n:,} {'track is' if n == 1 else 'tracks are'} not on this map"):
        out = collection.tracks[collection.tracks["track_id"].isin(space.left_out)].head(MOST_LISTED)
        if n > len(out):
            st.caption(f"The first {len(out):,} are listed.")
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

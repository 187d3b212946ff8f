"""Two settings side by side: two linked maps, how clusters flow, and the tracks that move most."""

import numpy as np
import pandas as pd
import streamlit as st

from core.collection import Collection
from core.drawing.legend import colour_clusters
from core.export.saved_view import SavedView, list_views
from core.messages.analysis.comparison_messages import NO_MOVE, describe_move, describe_pair
from core.pipeline.setting_pair import SettingPair, pair_settings
from core.ui.compare.flow_figure import flow_figure
from core.ui.explore.map.figure import draw_figure
from core.ui.explore.map.points import Points
from core.ui.explore.map.soundmap import read_pick, show_map
from core.ui.shared.frame import as_sentence, plain_markdown
from core.ui.shared.player import play_list, play_track
from core.ui.shared.results import (
    rerun_when_done,
    show_progress,
    start_wanted,
    state_of,
    take_or_explain,
    version_of,
)
from core.ui.shared.theme import current_palette
from core.ui.shared.url_state import choose_option, get, put

MOST_MOVED = 20
MAPS = ("compare-map-1", "compare-map-2")
"""Keys of the maps."""
_SELECTED = "compare-selected"


def show_two_settings(collection: Collection) -> None:
    """Choose two saved views and show them side by side."""
    views = {view.name: view for view in list_views(collection.name)[::-1]}
    names = list(views)
    left, right = st.columns(2)
    with left:
        first = choose_option("first", "First setting", names, names[0])
    with right:
        other = next((name for name in names if name != first), first)
        second = choose_option("second", "Second setting", names, other)
    if first == second:
        st.caption("Choose two different views; save another one by *Pin* among the scores of Explore.")
        return
    chosen = (views[first], views[second])
    key = ("pair", *state_of(collection.name), *((view.key, view.created) for view in chosen))
    future = start_wanted(
        "pair",
        key,
        lambda progress: pair_settings(collection, *(view.read_choice() for view in chosen), progress),
        lane="now",
    )
    pair, pending = take_or_explain(future, "the two settings can't be compared")
    if pending:
        show_progress(key, lambda share, note: st.progress(share, text=as_sentence(note or "waiting …")))
        rerun_when_done(pending)
    if pair is not None:
        _show_pair(collection, pair, chosen, key)


@st.fragment
def _show_pair(
    collection: Collection, pair: SettingPair, views: tuple[SavedView, SavedView], key: tuple
) -> None:
    """Show maps, flows and moved tracks; a click or a lasso on one map marks the other."""
    tracks = collection.tracks.iloc[pair.rows].reset_index(drop=True)
    names = (views[0].name, views[1].name)
    for side, column in enumerate(st.columns(2)):
        with column:
            st.markdown(f"**{plain_markdown(names[side])}**")
            _show_side(collection, pair, tracks, side, key)
    st.caption(
        plain_markdown(as_sentence(describe_pair(pair, *names)))
        + " The second map is moved, turned and scaled to lie over the first; its clusters have the numbers "
        "of those that they overlap most. Pointing at a track marks it on both maps."
    )
    if (current := _current(tracks)) is not None:
        play_track(tracks.iloc[current].to_dict(), key="compare-player")
    flows, moved = st.columns(2, gap="large")
    with flows:
        st.markdown("**How clusters change**")
        st.plotly_chart(
            flow_figure(pair.flows, names, current_palette()),
            key="compare-flows",
            config={"displayModeBar": False},
        )
    with moved:
        st.markdown("**Tracks that move most**")
        found = pair.describe_moved(collection, MOST_MOVED)
        if not found:
            st.caption(NO_MOVE)
            return
        ids = pd.Series(range(len(tracks)), index=tracks["track_id"])
        rows = tracks.iloc[ids[[row["track_id"] for row in found]]]
        why = [describe_move(row["moved"], row["first"], row["second"]) for row in found]
        play_list(rows.assign(why=why), key="compare-moved")


def _show_side(
    collection: Collection, pair: SettingPair, tracks: pd.DataFrame, side: int, key: tuple
) -> None:
    """Show the map of one setting."""
    colours = colour_clusters(pair.labels[side])
    selected = np.isin(pair.rows, st.session_state.get(_SELECTED, ()))
    positions, labels = pair.places[side], pair.labels[side]
    show_map(
        Points(positions, pair.rows, tracks, labels, version_of(collection.name)),
        colours=colours,
        palette=current_palette(),
        collection_name=collection.name,
        view=f"{key}-{side}",
        zoom="",
        chosen=np.flatnonzero(selected) if selected.any() else None,
        current=_current(tracks),
        weight=None,
        headline=(),
        figure=lambda: draw_figure(tracks, positions, labels, pair.rows, colours, current_palette()),
        key=MAPS[side],
        on_pick=lambda: _apply(collection, side),
        on_plain=lambda: None,
        link="compare",
    )


def _current(tracks: pd.DataFrame) -> int | None:
    """Return the position of the clicked track; None if there is none."""
    found = np.flatnonzero(tracks["track_id"] == get("track"))
    return int(found[0]) if len(found) else None


def _apply(collection: Collection, side: int) -> None:
    """Apply a click or a selection on one of the maps to both."""
    pick = read_pick(st.session_state.get(MAPS[side]))
    if pick is None:
        return
    rows = [row for row in pick.rows if 0 <= row < collection.n_tracks]
    if pick.kind == "click" and rows:
        put("track", collection.tracks["track_id"].iloc[rows[0]])
    elif pick.kind in ("box", "lasso"):
        st.session_state[_SELECTED] = tuple(rows)
    elif pick.kind == "clear":
        st.session_state[_SELECTED] = ()
        put("track", "")

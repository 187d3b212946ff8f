"""The current track and its cluster: player, lyrics, the table of clusters, and the list of their tracks."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.errors import StreamlitAPIException

from core.clustering.cluster_summary import summarise_clusters
from core.collection import Collection
from core.collection.texts.written import is_made_here
from core.drawing.legend import NO_NAMES, name_of
from core.drawing.palette import LIGHT, Palette, swatch
from core.messages.quantities import count_tracks
from core.messages.transcription_messages import describe_language
from core.ui.explore import selection
from core.ui.explore.live import Shown
from core.ui.explore.search import offer_more_like
from core.ui.shared.frame import plain_markdown
from core.ui.shared.player import play_list, play_track
from core.ui.shared.theme import current_palette

COLUMNS = {
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


def group_of(
    shown: Shown, current: int | None, selected: np.ndarray | None
) -> tuple[np.ndarray | None, int | None]:
    """Return the tracks that next and previous step through, and their cluster where they are one."""
    if selected is not None:
        return selected, None
    if current is None:
        return None, None
    cluster = int(shown.labels[current])
    return selection.order_members(shown.space, np.flatnonzero(shown.labels == cluster), cluster), cluster


def has_audio(tracks: pd.DataFrame) -> bool:
    """Return whether any of these tracks can be played."""
    return bool((tracks["path"] != "").any())


def play_current(
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
        verb = "play" if has_audio(tracks) else "show"
        st.caption(f"Click a point on the map, or a row of the table of clusters, to {verb} it here.")
        return
    members = list(group)
    at = members.index(current) if current in members else None
    name = "Selection" if cluster is None else plain_markdown(name_of(cluster, shown.names))
    steps = {"previous": at is not None and at > 0, "next": at is not None and at < len(members) - 1}
    step = play_track(tracks.iloc[current].to_dict(), **steps, key="explore-player")
    with st.container(horizontal=True, vertical_alignment="center"):
        place = f" · track {at + 1:,} of {len(members):,}" if at is not None else ""
        st.caption(f"**{name}**{place}", width="content")
        offer_more_like(tracks["track_id"].iloc[current])
        show_lyrics(tracks.iloc[current])
    if step and at is not None and steps[step]:
        selection.select_track(collection, shown.space, members[at + (1 if step == "next" else -1)])
        _rerun_fragment()


def _rerun_fragment() -> None:
    """Rerun this fragment, or the page where the fragment runs as a part of it."""
    try:
        st.rerun(scope="fragment")
    except StreamlitAPIException:
        st.rerun()


def show_group(
    tracks: pd.DataFrame, group: np.ndarray | None, cluster: int | None, names: Mapping[int, str] = NO_NAMES
) -> None:
    """List the tracks of the selected cluster or selection, each with a player."""
    if group is None:
        st.caption("Select a cluster, draw a lasso on the map, or search: the tracks are listed here.")
        return
    name = "Selection" if cluster is None else plain_markdown(name_of(cluster, names))
    st.markdown(f"**{name}: {count_tracks(len(group))}**")
    play_list(tracks.iloc[group], key="explore-list")


def show_lyrics(track: Mapping) -> None:
    """Show a track's lyrics in a popover whose title describes where they come from."""
    text = track.get("lyrics")
    if not isinstance(text, str) or not text.strip():
        return
    with st.popover(plain_markdown(title_of(track)), icon=":material/lyrics:"):
        st.text(text)


def title_of(track: Mapping) -> str:
    """Return the title of a track's lyrics: transcribed ones with model, language and confidence.

    >>> title_of({"lyrics_from": "transcribed by tiny", "lyrics_language": "de", "lyrics_confidence": 0.5})
    'Lyrics, transcribed by tiny: German, confidence 0.50'
    """
    origin = track.get("lyrics_from") or ""
    if not is_made_here(origin):
        return "Lyrics"
    return (
        f"Lyrics, {origin}: {describe_language(track['lyrics_language'])}, confidence "
        f"{track['lyrics_confidence']:.2f}"
    )


def show_clusters(
    collection: Collection, shown: Shown, tracks: pd.DataFrame, cluster: int | None, *, has_colours: bool
) -> None:
    """Show the table of clusters.

    Parameters
    ----------
    collection : Collection
    shown : Shown
    tracks : DataFrame
        A row per track of the space.
    cluster : int or None
        The cluster whose tracks are played; its row is selected where the whole cluster is.
    has_colours : bool
        Whether the map is coloured by cluster.
    """
    labelled = tracks.assign(label=tracks["coarse"]) if shown.choice.label_by == "coarse" else tracks
    table = summarise_clusters(shown.space.X, shown.labels, labelled)
    selected = cluster if selection.is_cluster_selected() else None
    key = f"explore-clusters-{shown.labels_key}-{selected}"  # another key resets the selection

    def select() -> None:
        rows = st.session_state[key]["selection"]["rows"]
        selection.select_cluster(
            collection,
            shown.space,
            shown.labels,
            int(table["cluster"].iloc[rows[0]]) if rows and rows[0] < len(table) else None,
        )

    has_labels = (table["label"] != "").any()
    hidden = () if has_colours else ("mark",)
    hidden += () if has_labels else ("label", "label_share")
    st.dataframe(
        rows_of(table, tracks["title"].tolist(), current_palette(), shown.names),
        column_config=COLUMNS,
        column_order=[name for name in COLUMNS if name not in hidden],
        hide_index=True,
        width="stretch",
        key=key,
        on_select=select,
        selection_mode="single-row",
        selection_default={
            "selection": {
                "rows": np.flatnonzero(table["cluster"] == selected).tolist(),
                "columns": [],
                "cells": [],
            }
        },
        height="content",
    )
    st.caption(
        "Select a row to play the cluster from its most typical track outward, and to see what sets it "
        "apart. Scores describes all clusters."
    )


def rows_of(
    table: pd.DataFrame,
    titles: list[str],
    palette: Palette = LIGHT,
    names: Mapping[int, str] = NO_NAMES,
) -> pd.DataFrame:
    """Return the table as it is displayed."""
    return pd.DataFrame(
        {
            "mark": [swatch(cluster, palette) for cluster in table["cluster"]],
            "name": [name_of(cluster, names) for cluster in table["cluster"]],
            "size": table["size"],
            "label": table["label"],
            "label_share": table["label_share"].round(2),
            "typical": [
                " · ".join(" ".join(titles[i].split()) or "Untitled" for i in positions)
                for positions in table["typical"]
            ],
        }
    )

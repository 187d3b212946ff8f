"""The body of Explore: from a choice to the map, its scores, its clusters and their sound.

Nothing here waits for what may follow: clusters and first scores come at once, the new layout, the intervals
and the search over k arrive when they are done, and until then the page shows what it has and says so.
"""

import shlex
from concurrent.futures import Future

import numpy as np
import pandas as pd
import streamlit as st

from core.clustering import clusterer_spec
from core.clustering.cluster_summary import describe_clusters
from core.collection import Collection
from core.fusion import fusion_spec
from core.pipeline.choice import Choice
from core.pipeline.space import Space
from core.pipeline.stages import library_versions
from core.store.libraries import changed_since
from core.ui.explore import selection
from core.ui.explore.choice import View
from core.ui.explore.cluster_table import show_clusters
from core.ui.explore.fusion.panel import show_fusion
from core.ui.explore.fusion_progress import say_fusing
from core.ui.explore.genre_scores import show_genre_scores
from core.ui.explore.live import Shown, follow
from core.ui.explore.map.figure import draw_figure, name_of
from core.ui.explore.map.soundmap import read_pick, show_map
from core.ui.explore.scores import show_scores
from core.ui.explore.search import Search, ask, offer_more_like, show_found
from core.ui.explore.track_texts import show_words_of
from core.ui.shared.colour_fields import WEIGHT
from core.ui.shared.frame import friendly, next_step
from core.ui.shared.player import play_list, play_track
from core.ui.shared.prepare import offer_recompute
from core.ui.shared.url_state import write_address

MAP = "explore-map"


def show_space(collection: Collection, choice: Choice, view: View) -> None:
    """Show everything about one choice."""
    shown = follow(collection, choice)
    if shown.fusing:
        say_fusing(shown.fusing)
    _interact(collection, shown.choice, view, shown)
    _wait_for(shown.pending)
    _say_left_out(collection, shown.space)
    _say_how(collection, choice, shown.space)
    next_step("Compare with an encoder that learns from this music itself.", "Train a model", to="models")


@st.fragment
def _interact(collection: Collection, choice: Choice, view: View, shown: Shown) -> None:
    """What clicks change: the map's marks, the player, the tables. Runs alone, without the controls."""
    write_address()  # after a click
    with friendly():
        tracks = collection.tracks.iloc[shown.space.rows].reset_index(drop=True)
        if collection.groups_genres:
            tracks["coarse"] = np.array(collection.coarse_labels(), object)[shown.space.rows]
        made = _search(collection, choice, shown.space)
        current = selection.current_track(collection, shown.space)
        selected = selection.selected_tracks(collection, shown.space)
        group, cluster = _group_of(shown, current, selected)
        left, right = st.columns([0.64, 0.36], gap="large")
        with left:
            _show_map(collection, choice, view, shown, tracks, current, selected, cluster)
        with right:
            before = shown.before
            show_scores(
                shown.figures,
                before.figures if before else None,
                shown.compared,
                changed=before.words if before else "",
                sees_labels=shown.space.sees_labels,
                against="coarse groups" if choice.label_by == "coarse" else "",
            )
            guessed = show_genre_scores(collection, shown)
            _play(collection, shown, tracks, current, group, cluster)
        left, right = st.columns([0.56, 0.44], gap="large")
        with left:
            _show_clusters(collection, view, shown, tracks, cluster)
        with right:
            if made and made.is_shown:
                show_found(collection, shown.space, made)
            else:
                _show_group(tracks, group, cluster)
        _wait_for((*guessed, *show_fusion(collection, shown, tracks, current)))


def _search(collection: Collection, choice: Choice, space: Space) -> Search | None:
    """Search where something is searched for."""
    made = ask(collection, space, choice)
    write_address()
    return made


def _group_of(
    shown: Shown, current: int | None, selected: np.ndarray | None
) -> tuple[np.ndarray | None, int | None]:
    """Return the tracks that next and previous walk through, and their cluster where they are one."""
    if selected is not None:
        return selected, None
    if current is None:
        return None, None
    cluster = int(shown.labels[current])
    return selection.walk_of(shown.space, np.flatnonzero(shown.labels == cluster), cluster), cluster


def _show_map(collection, choice, view, shown: Shown, tracks, current, selected, cluster) -> None:
    """Show the map and what is still to come."""
    space = shown.space
    chosen = selected
    if chosen is None and cluster is not None and selection.cluster_is_chosen():
        chosen = np.flatnonzero(shown.labels == cluster)
    weights = None if space.weights is None else space.weights[WEIGHT].to_numpy(float)
    notes = (
        []
        if _colours(view, shown) == view.colour_by
        else ["No track has a weight of its own here, so the colours are the clusters'."]
    )
    figure = draw_figure(
        tracks,
        shown.positions,
        shown.labels,
        space.rows,
        colour_by=_colours(view, shown),
        text_weights=weights,
        genre=view.genre,
    )
    show_map(
        figure,
        place=collection.name,
        view=f"{collection.name}-{shown.projection}-{len(space.rows)}",
        chosen=None if chosen is None else space.rows[chosen],
        current=None if current is None else space.rows[current],
        key=MAP,
        on_pick=lambda: selection.take_pick(collection, space, read_pick(st.session_state.get(MAP))),
    )
    hint = "Click a point to hear it, circle points to choose them, scroll to zoom; a double click lets go."
    st.caption(" ".join([*shown.notes, *notes, hint]))
    offer_recompute(collection, choice, space)


def _colours(view: View, shown: Shown) -> str:
    """Return what the colours mean: clusters where there are no weights to show."""
    return "cluster" if view.colour_by == WEIGHT and shown.space.weights is None else view.colour_by


def _play(collection, shown: Shown, tracks: pd.DataFrame, current, group, cluster) -> None:
    """Play the current track and walk to its neighbours."""
    if current is None:
        st.caption("Click a point on the map, or a cluster in the table below, to hear it.")
        return
    places = list(group)
    at = places.index(current) if current in places else None
    where = "Selection" if cluster is None else name_of(cluster)
    st.markdown(f"**{where}**" + (f" · track {at + 1:,} of {len(places):,}" if at is not None else ""))
    more = {"previous": at is not None and at > 0, "next": at is not None and at < len(places) - 1}
    step = play_track(tracks.iloc[current].to_dict(), **more, key="explore-player")
    show_words_of(tracks.iloc[current])
    offer_more_like(tracks["track_id"].iloc[current])
    if step and at is not None and more[step]:
        selection.choose_track(collection, shown.space, places[at + (1 if step == "next" else -1)])
        _again()


def _again() -> None:
    """Run this fragment again, or the page where the fragment runs as a part of it."""
    from streamlit.errors import StreamlitAPIException

    try:
        st.rerun(scope="fragment")
    except StreamlitAPIException:
        st.rerun()


def _show_clusters(collection, view: View, shown: Shown, tracks: pd.DataFrame, cluster: int | None) -> None:
    """Show the table of clusters."""
    st.subheader("Clusters", anchor=False)
    by = tracks.assign(label=tracks["coarse"]) if shown.choice.label_by == "coarse" else tracks
    table = describe_clusters(shown.space.X, shown.labels, by)
    chosen = cluster if selection.cluster_is_chosen() else None
    show_clusters(
        table,
        tracks["title"].tolist(),
        chosen=chosen,
        colours=_colours(view, shown) == "cluster",
        key=f"explore-clusters-{shown.labels_key}-{chosen}",
        on_choose=lambda c: selection.choose_cluster(collection, shown.space, shown.labels, c),
    )
    st.caption("Choose a row to hear the cluster from its most typical track outward.")


def _show_group(tracks: pd.DataFrame, group: np.ndarray | None, cluster: int | None) -> None:
    """List the tracks of the chosen cluster or selection, each to be heard."""
    if group is None:
        st.subheader("Tracks", anchor=False)
        st.caption("The tracks of the cluster or selection that you choose are listed here.")
        return
    name = "Selection" if cluster is None else name_of(cluster)
    st.subheader(f"{name}: {len(group):,} {'track' if len(group) == 1 else 'tracks'}", anchor=False)
    play_list(tracks.iloc[group], key="explore-list")


def _wait_for(pending: tuple[Future, ...]) -> None:
    """Draw the page again as soon as something that is still being computed is there."""

    @st.fragment(run_every=0.4 if pending else None)
    def watch() -> None:
        if any(future.done() for future in pending):
            st.rerun()

    watch()


def _say_left_out(collection: Collection, space: Space) -> None:
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
                    "Why": out["track_id"].map(space.left_out),
                }
            ),
            hide_index=True,
            width="stretch",
        )


def _say_how(collection: Collection, choice: Choice, space: Space) -> None:
    """Give the command that makes the same scores, and the libraries that were installed when these were computed."""
    with st.expander("The same from the command line"):
        st.code(command_of(collection.name, choice), language="bash")
        if made_with := library_versions(space, choice):
            st.caption(
                f"Libraries installed when these clusters were computed: {versions_in_words(made_with)}."
            )


def versions_in_words(made_with: dict[str, str]) -> str:
    """Name packages with their versions, and the one that is installed now where it is another."""
    now = changed_since(made_with)
    return ", ".join(
        f"{name} {version}" + (f" (now {now[name][1] or 'not installed'})" if name in now else "")
        for name, version in made_with.items()
    )


def command_of(name: str, choice: Choice) -> str:
    """Return the ``score`` command of a choice."""
    words = ["python", "-m", "core", "score", name]
    for flag, value in (
        ("--audio", choice.audio),
        ("--text", choice.text),
        ("--text-field", choice.text_field),
    ):
        words += [flag, value] if value else []
    if choice.modality == "fused":
        words += ["--fusion", choice.fusion]
        words += (
            ["--text-weight", f"{choice.text_weight:g}"] if fusion_spec(choice.fusion).takes_weight else []
        )
    words += ["--cluster", choice.cluster]
    if clusterer_spec(choice.cluster).takes_k:
        words += ["--n-clusters", "auto" if choice.n_clusters is None else str(choice.n_clusters)]
    for field, value in choice.settings:
        words += ["--set", f"{field}={'none' if value is None else value}"]
    words += ["--label-by", choice.label_by] if choice.label_by != "main" else []
    return shlex.join(words)

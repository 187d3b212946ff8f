"""What sets a cluster or a selection apart: labels, typical tracks, words, tags, descriptors, stability."""

from concurrent.futures import Future

import numpy as np
import pandas as pd
import streamlit as st

from core import store
from core.collection import Collection
from core.drawing.legend import name_of
from core.explain.explained import find_stability
from core.explain.groups.group_profile import profile_clusters, profile_selection
from core.messages.analysis.explain_messages import describe_jaccard
from core.messages.quantities import count_tracks
from core.ui.explore.explain.naming_form import show_naming
from core.ui.explore.explain.overview_panel import show_overview
from core.ui.explore.explain.profile_tables import show_profile
from core.ui.explore.live import Shown
from core.ui.shared.frame import as_sentence, lazy_section, plain_markdown
from core.ui.shared.prepare import is_extracted
from core.ui.shared.results import start_wanted, take_or_explain, version_of

TITLE, ALL_TITLE = "What sets them apart", "All clusters: names, words, stability"
KEY, ALL_KEY = "explore-explain", "explore-explain-all"


def show_explanation(
    collection: Collection,
    shown: Shown,
    tracks: pd.DataFrame,
    *,
    group: np.ndarray | None,
    cluster: int | None,
) -> list[Future]:
    """Show the section, computed when it is opened; return what is pending.

    Parameters
    ----------
    tracks : DataFrame
        A row per track of the space.
    group, cluster : ndarray or None, int or None
        The tracks that are played, and their cluster where they are one; without any there is no section.
    """
    pending: list[Future] = []

    def show() -> None:
        if not _is_ready(collection, shown, KEY):
            return
        if cluster is None:
            pending.extend(_show_selection(collection, shown, tracks, np.asarray(group)))
        else:
            pending.extend(_show_clusters(collection, shown, tracks, cluster))

    if group is not None:
        lazy_section(TITLE, "lightbulb", KEY, show)
    return pending


def show_all_clusters(collection: Collection, shown: Shown, tracks: pd.DataFrame) -> list[Future]:
    """Show the section about all clusters, computed when it is opened; return what is pending."""
    pending: list[Future] = []

    def show() -> None:
        if _is_ready(collection, shown, ALL_KEY):
            pending.extend(_show_clusters(collection, shown, tracks, None))

    lazy_section(ALL_TITLE, "lightbulb", ALL_KEY, show)
    return pending


def _is_ready(collection: Collection, shown: Shown, key: str) -> bool:
    """Return whether the clusters are there, else say so; measure the audio where it was not."""
    if not shown.is_settled:
        st.caption("The clusters are described once they are computed …")
        return False
    if any(collection.audio_paths()):
        is_extracted(collection, "descriptors", "Descriptors", f"{key}-measure")
    return True


def _show_selection(
    collection: Collection, shown: Shown, tracks: pd.DataFrame, members: np.ndarray
) -> list[Future]:
    """Describe a selection against the other tracks."""
    key = ("profile", *version_of(collection.name), shown.space.key, store.key_of(np.sort(members)))
    future = start_wanted(
        "selection profile",
        key,
        lambda progress: profile_selection(
            collection, shown.space, shown.choice, members, thorough=False, progress=progress
        ),
    )
    found, pending = take_or_explain(future, "the selection could not be described")
    if found is None:
        st.caption("Comparing the selection with the other tracks …")
        return pending
    (profile,) = found["groups"]
    name = profile["suggested_name"]
    st.markdown(f"**Selection{plain_markdown(f', {name}' if name else '')}: {count_tracks(len(members))}**")
    show_profile(profile, tracks, found["lacks"], shown.names)
    return []


def _show_clusters(
    collection: Collection, shown: Shown, tracks: pd.DataFrame, cluster: int | None
) -> list[Future]:
    """Describe the cluster that is played, or all."""
    numbers = store.key_of(shown.labels)
    base = (*version_of(collection.name), shown.space.key, numbers, shown.choice.label_by)
    future = start_wanted(
        "profile",
        ("profile", *base),
        lambda progress: profile_clusters(
            collection, shown.space, shown.choice, shown.labels, thorough=False, progress=progress
        ),
    )
    found, pending = take_or_explain(future, "the clusters could not be described")
    if found is None:
        st.caption("Comparing each cluster with the other tracks …")
        return pending
    future = start_wanted(
        "bootstrap",
        ("bootstrap", *base, repr(shown.choice.clustering)),
        lambda progress: find_stability(shown.space, shown.choice, shown.labels, progress=progress),
    )
    stability, pending = take_or_explain(future, "the stability could not be measured")
    if pending:
        st.caption("Clustering bootstrap samples of the tracks …")
    if cluster is None:
        show_overview(collection, shown, found, stability)
        return pending
    profile = next((each for each in found["groups"] if each["cluster"] == cluster), None)
    if profile is None:
        return pending
    title = plain_markdown(name_of(cluster, shown.names))
    st.markdown(f"**{title}: {count_tracks(profile['n_tracks'])}** ({profile['share']:.0%} of the map)")
    if stability is not None:
        _show_jaccard(stability, cluster)
    show_profile(profile, tracks, found["lacks"], shown.names)
    if cluster >= 0:
        show_naming(collection, shown, cluster, profile["suggested_name"])
    return pending


def _show_jaccard(stability: dict, cluster: int) -> None:
    """Show the stability of one cluster."""
    of_cluster = next((each for each in stability["clusters"] if each["cluster"] == cluster), None)
    if of_cluster is not None and (text := describe_jaccard(of_cluster)):
        st.caption(
            plain_markdown(as_sentence(f"stability: {text}")),
            help="Mean Jaccard index of this cluster and the most similar one over bootstrap samples of the "
            "tracks, with what 95 % of the samples lie in; stable from 0.75, dissolved up to 0.5. *Hennig "
            "2007*",
        )

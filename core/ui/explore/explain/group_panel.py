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
from core.messages.explain_messages import (
    LACKS,
    describe_jaccard,
    describe_labels,
    describe_text_weight,
)
from core.messages.quantities import count_tracks
from core.ui.explore.explain.naming_form import show_naming
from core.ui.explore.explain.overview_panel import show_overview
from core.ui.explore.live import Shown
from core.ui.shared.frame import as_sentence, lazy_section, plain_markdown
from core.ui.shared.player import play_list
from core.ui.shared.prepare import is_extracted
from core.ui.shared.results import start_wanted, take_or_explain, version_of

TITLE = "What sets them apart"
KEY = "explore-explain"
FEATURES = {
    "feature": st.column_config.TextColumn("Feature"),
    "effect": st.column_config.NumberColumn(
        "Effect",
        format="%+.2f",
        help="Rank-biserial correlation: the share of pairs of a track here and one elsewhere in which it is "
        "higher here, less the share in which it is lower. −1 to 1, 0 by chance. *Cliff 1996*",
    ),
    "here": st.column_config.TextColumn("Here", help="Median in the group, with its unit."),
    "elsewhere": st.column_config.TextColumn("Elsewhere", help="Median of all other tracks of the map."),
    "interval": st.column_config.TextColumn(
        "95 % interval", help="Holds for all features compared together (Bonferroni). *Feng & Cliff 2004*"
    ),
}
WORDS = {
    "word": st.column_config.TextColumn("Word"),
    "here": st.column_config.NumberColumn("Here", format="percent", help="Share of the tracks here with it."),
    "elsewhere": st.column_config.NumberColumn(
        "Elsewhere", format="percent", help="Share of the other tracks with it."
    ),
    "weight": st.column_config.NumberColumn(
        "c-TF-IDF",
        format="%.3f",
        help="Class-based TF-IDF over lyrics (or captions) and titles, each word once per track. "
        "*Grootendorst 2022*",
    ),
    "p": st.column_config.NumberColumn(
        "p", format="%.1e", help="Fisher's exact test, adjusted for all words (Benjamini & Hochberg 1995)."
    ),
}


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
        The tracks that are played, and their cluster; None and None: all clusters are described.
    """
    pending: list[Future] = []

    def show() -> None:
        if not shown.is_settled:
            st.caption("The clusters are described once they are computed …")
            return
        if any(collection.audio_paths()):
            is_extracted(collection, "descriptors", "Descriptors", f"{KEY}-measure")
        if group is not None and cluster is None:
            pending.extend(_show_selection(collection, shown, tracks, np.asarray(group)))
        else:
            pending.extend(_show_clusters(collection, shown, tracks, cluster))

    lazy_section(TITLE, "lightbulb", KEY, show)
    return pending


def _show_selection(
    collection: Collection, shown: Shown, tracks: pd.DataFrame, members: np.ndarray
) -> list[Future]:
    """Describe a selection against the other tracks."""
    key = ("profile", *version_of(collection.name), shown.space.key, store.key_of(np.sort(members)))
    future = start_wanted(
        "profile",
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


def show_profile(profile: dict, tracks: pd.DataFrame, lacks: list[str], names: dict[int, str]) -> None:
    """Show one profile of :func:`core.explain.groups.group_profile.profile_group`."""
    lines = [f"labels: {describe_labels(profile['labels'])}"] if profile["labels"] else []
    lines += [describe_text_weight(profile["text_weight"])] if profile["text_weight"] else []
    for line in lines:
        st.caption(plain_markdown(as_sentence(line)), help="Intervals are 95 % intervals.")
    listed = list_tracks(profile, tracks, names)
    if listed:
        play_list(listed, key=f"{KEY}-list")
    words, features = tabulate_words(profile), tabulate_features(profile)
    for table, columns, name in ((words, WORDS, "words"), (features, FEATURES, "features")):
        if len(table):
            st.dataframe(table, column_config=columns, hide_index=True, width="stretch", key=f"{KEY}-{name}")
    nothing = [LACKS[name] for name in lacks if name != "text_weight"]
    if not len(words) and "words" not in lacks:
        nothing.append("no word is more frequent here beyond chance")
    if not len(features) and profile["n_descriptors"]:
        nothing.append("no feature differs beyond chance")
    if nothing:
        st.caption(plain_markdown(as_sentence("; ".join(nothing))))


def list_tracks(profile: dict, tracks: pd.DataFrame, names: dict[int, str]) -> list[dict]:
    """Return the medoid, the boundary tracks and the outliers as rows of a player, each with its reason."""

    def row(position: int, why: str) -> dict:
        return {**tracks.iloc[position].to_dict(), "why": why}

    rows = [] if profile["medoid"] is None else [row(profile["medoid"], "Medoid: the most typical track")]
    for each in profile["boundary"]:
        towards = f", most in {name_of(each['towards'], names)}" if profile.get("cluster") is not None else ""
        why = f"Boundary: {each['share_elsewhere']:.0%} of its nearest tracks are elsewhere{towards}"
        rows.append(row(each["position"], why))
    for each in profile["outliers"]:
        why = f"Outlier: {each['ratio']:.1f} × the usual distance to its nearest tracks"
        rows.append(row(each["position"], why))
    return rows


def tabulate_words(profile: dict) -> pd.DataFrame:
    """Return the words of a profile as they are displayed."""
    return pd.DataFrame(
        [
            {
                "word": each["word"],
                "here": round(each["share"], 2),
                "elsewhere": round(each["share_elsewhere"], 2),
                "weight": each["weight"],
                "p": each["p_value"],
            }
            for each in profile["words"]
        ]
    )


def tabulate_features(profile: dict) -> pd.DataFrame:
    """Return tags and descriptors of a profile as they are displayed."""
    found = [(f"Tag: {each['title']}", each) for each in profile["tags"]]
    found += [(each["title"], each) for each in profile["descriptors"]]
    return pd.DataFrame(
        [
            {
                "feature": title,
                "effect": each["effect"],
                "here": each["text"],
                "elsewhere": each["text_elsewhere"],
                "interval": f"{each['interval'][0]:+.2f} … {each['interval'][1]:+.2f}".replace("-", "−"),
            }
            for title, each in found
        ]
    )

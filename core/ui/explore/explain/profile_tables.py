"""One profile: its sentences, its tracks with a player, and tables of its words and features."""

import pandas as pd
import streamlit as st

from core.drawing.legend import name_of
from core.messages.analysis.explain_messages import LACKS, describe_labels, describe_text_weight
from core.ui.shared.frame import as_sentence, plain_markdown
from core.ui.shared.player import play_list

_KEY = "explore-explain"
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


def show_profile(profile: dict, tracks: pd.DataFrame, lacks: list[str], names: dict[int, str]) -> None:
    """Show one profile of :func:`core.explain.groups.group_profile.profile_group`."""
    lines = [f"labels: {describe_labels(profile['labels'])}"] if profile["labels"] else []
    lines += [describe_text_weight(profile["text_weight"])] if profile["text_weight"] else []
    for line in lines:
        st.caption(plain_markdown(as_sentence(line)), help="Intervals are 95 % intervals.")
    listed = list_tracks(profile, tracks, names)
    if listed:
        play_list(listed, key=f"{_KEY}-list")
    words, features = tabulate_words(profile), tabulate_features(profile)
    for table, columns, name in ((words, WORDS, "words"), (features, FEATURES, "features")):
        if len(table):
            st.dataframe(table, column_config=columns, hide_index=True, width="stretch", key=f"{_KEY}-{name}")
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

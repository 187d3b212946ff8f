"""The choice before this one: its scores, what was different about it, and how far this one's scores differ from them."""

from concurrent.futures import Future
from dataclasses import dataclass, replace

import streamlit as st

from core import store
from core.collection import Collection
from core.config import describe_fields
from core.fusion import FUSIONS
from core.pipeline.choice import Choice
from core.pipeline.comparison import comparable_kinds, compare_scores
from core.pipeline.space import Space
from core.ui.explore.scores import Compared, Figures
from core.ui.shared.results import now_or_why, results, version_of, while_wanted

_SCORED = "explore-scored"


@dataclass(frozen=True, eq=False)
class Scored:
    """Scores as they were shown, and the choice they belong to."""

    key: str
    choice: Choice
    space: Space
    figures: Figures
    words: str = ""


def remember_scores(collection: Collection, choice: Choice, space: Space, figures: Figures) -> Scored | None:
    """Keep the scores shown now, and return those of the choice before."""
    key = store.key_of(collection.name, space.key, choice.clustering, choice.label_by, choice.seed)
    kept = st.session_state.setdefault(_SCORED, {"now": None, "before": None})
    now = kept["now"]
    if now is not None and now.key != key:
        same = now.choice is not None and kept.get("collection") == version_of(collection.name)
        kept["before"] = replace(now, words=difference(now.choice, choice)) if same else None
    kept |= {"now": Scored(key, choice, space, figures), "collection": version_of(collection.name)}
    return kept["before"]


def compare_with_before(
    collection: Collection, now: tuple[Space, Choice], before: tuple[Space, Choice]
) -> tuple[Compared, Future | None]:
    """Return what is known of the difference between two choices, and what is waited for."""
    kinds = comparable_kinds(now, before)
    if not kinds:
        return Compared(kinds), None
    sides = [(space.key, choice.clustering, choice.label_by, choice.seed) for space, choice in (now, before)]
    key = ("difference", *version_of(collection.name), store.key_of(*sides))
    go_on = while_wanted("difference", key)
    future = results().kept_or_begin(
        key, lambda: compare_scores(collection, now, before, progress=go_on), "scores"
    )
    found, reason = now_or_why(future)
    return Compared(
        kinds, found or ({"before": {}, "difference": {}, "intervals": {}} if reason else None)
    ), None if found or reason else future


def difference(before: Choice, now: Choice) -> str:
    """Say in words what the choice before was where it differs from this one."""
    from core.clustering import CLUSTERERS

    parts = []
    if before.modality != now.modality:
        parts.append(
            {"audio": "sound alone", "text": "words alone", "fused": "sound and words"}[before.modality]
        )
    parts += [f"sound by {before.audio}"] if before.audio and now.audio and before.audio != now.audio else []
    parts += [f"words by {before.text}"] if before.text and now.text and before.text != now.text else []
    if before.modality == now.modality == "fused":
        if before.fusion != now.fusion:
            parts.append(f"fusion {FUSIONS[before.fusion].title}")
        elif before.text_weight != now.text_weight:
            parts.append(f"words counted {before.text_weight:.0%}")
    if before.cluster != now.cluster:
        parts.append(CLUSTERERS[before.cluster].title)
    elif before.n_clusters != now.n_clusters and CLUSTERERS[now.cluster].takes_k:
        parts.append(
            "number of clusters searched" if before.n_clusters is None else f"{before.n_clusters} clusters"
        )
    if before.cluster == now.cluster and before.settings != now.settings:
        titles = {
            field.name: field.setting.title for field in describe_fields(CLUSTERERS[now.cluster].load())
        }
        parts += [
            f"{titles[name]} {'suggested' if value is None else value}" for name, value in before.settings
        ] or ["other fine tuning"]
    if before.label_by != now.label_by:
        parts.append(
            {"main": "compared with main genres", "coarse": "compared with coarse groups"}[before.label_by]
        )
    return ", ".join(parts)

"""The previous choice: its scores, how it differed from the current one, and how far the scores differ."""

from concurrent.futures import Future
from dataclasses import dataclass, replace

import streamlit as st

from core import store
from core.clustering import CLUSTERERS
from core.collection import Collection
from core.config import describe_fields
from core.fusion import FUSIONS
from core.pipeline.choice import Choice
from core.pipeline.comparison import comparable_kinds, compare_scores
from core.pipeline.space import Space
from core.ui.explore.scores.score_difference import Compared
from core.ui.explore.scores.score_table import Figures
from core.ui.shared.results import now_or_why, start_wanted, version_of

_SCORED = "explore-scored"
_LABELS = {"main": "main genres", "coarse": "coarse groups"}


@dataclass(frozen=True, eq=False)
class Scored:
    """Scores as they were displayed, their choice, and a sentence on how it differs from the current one."""

    key: str
    choice: Choice
    space: Space
    figures: Figures
    changed: str = ""


def remember_scores(collection: Collection, choice: Choice, space: Space, figures: Figures) -> Scored | None:
    """Store the scores on display, and return those of the previous choice."""
    key = store.key_of(collection.name, space.key, choice.clustering, choice.label_by, choice.seed)
    saved = st.session_state.setdefault(_SCORED, {"now": None, "before": None})
    now = saved["now"]
    if now is not None and now.key != key:
        is_same = now.choice is not None and saved.get("collection") == version_of(collection.name)
        saved["before"] = replace(now, changed=describe_previous(now.choice, choice)) if is_same else None
    saved |= {"now": Scored(key, choice, space, figures), "collection": version_of(collection.name)}
    return saved["before"]


def compare_with_before(
    collection: Collection, now: tuple[Space, Choice], before: tuple[Space, Choice]
) -> tuple[Compared, Future | None]:
    """Return the difference between two choices as far as it is computed, and what is pending."""
    kinds = comparable_kinds(now, before)
    if not kinds:
        return Compared(kinds), None
    sides = [(space.key, choice.clustering, choice.label_by, choice.seed) for space, choice in (now, before)]
    key = ("difference", *version_of(collection.name), store.key_of(*sides))
    future = start_wanted(
        "difference", key, lambda progress: compare_scores(collection, now, before, progress=progress)
    )
    found, reason = now_or_why(future)
    if reason:
        return Compared(kinds, {"before": {}, "difference": {}, "intervals": {}}), None
    return Compared(kinds, found or None), None if found else future


def describe_previous(before: Choice, now: Choice) -> str:
    """Describe the previous choice where it differs from the current one."""
    parts = _differing_representation(before, now)
    if before.cluster != now.cluster:
        parts.append(CLUSTERERS[before.cluster].title)
    elif before.n_clusters != now.n_clusters and CLUSTERERS[now.cluster].takes_k:
        parts.append("k by Silhouette" if before.n_clusters is None else f"k {before.n_clusters}")
    if before.cluster == now.cluster and before.settings != now.settings:
        titles = {
            field.name: field.setting.title for field in describe_fields(CLUSTERERS[now.cluster].load())
        }
        parts += [
            f"{titles[name]} {'suggested' if value is None else value}" for name, value in before.settings
        ] or ["other parameters"]
    if before.label_by != now.label_by:
        parts.append(f"compared with {_LABELS[before.label_by]}")
    return ", ".join(parts)


def _differing_representation(before: Choice, now: Choice) -> list[str]:
    """Describe modality, representations and fusion of the previous choice where they differ."""
    parts = []
    if before.modality != now.modality:
        parts.append(
            {"audio": "audio alone", "text": "text alone", "fused": "audio and text"}[before.modality]
        )
    parts += [f"audio by {before.audio}"] if before.audio and now.audio and before.audio != now.audio else []
    parts += [f"text by {before.text}"] if before.text and now.text and before.text != now.text else []
    if before.modality == now.modality == "fused":
        if before.fusion != now.fusion:
            parts.append(f"fusion {FUSIONS[before.fusion].title}")
        elif before.text_weight != now.text_weight:
            parts.append(f"text weight {before.text_weight:.0%}")
    return parts

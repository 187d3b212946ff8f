"""Scores now and before: rounded to what their interval supports, and whether they are better."""

import math
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
from core.scoring import METRICS
from core.ui.shared.results import now_or_why, start_wanted, version_of

NOT_COMPARED = {
    "internal": "Not compared: the two choices have different representations, and distances in two "
    "representations have no common unit.",
    "external": "Not compared: the two choices are scored on different tracks or against different labels.",
}
"""Why scores of a kind have no mark."""
_SCORED = "explore-scored"
_LABELS = {"main": "main genres", "coarse": "coarse groups"}


@dataclass(frozen=True)
class Figures:
    """One choice's scores; what is still being computed is None.

    Attributes
    ----------
    scores : dict
        Value per metric (None if undefined): of the first seed, or the mean over seeds once computed.
    n_tracks, n_labelled, n_clusters : int
    noise_share : float
        0 to 1.
    notes : dict
        Remark per metric: why it is undefined, or how it was computed.
    intervals : dict or None
        [low, high] per metric, 95 %.
    control : dict or None
        Chance level per metric.
    seeds : int
    deterministic : bool
        True: the algorithm gives the same clusters for every seed.
    is_kept : bool
        True: clusters of a kept map that tracks were added to; there are no intervals.
    """

    scores: dict
    n_tracks: int
    n_labelled: int
    n_clusters: int
    noise_share: float
    notes: dict
    intervals: dict | None = None
    control: dict | None = None
    seeds: int = 1
    deterministic: bool = False
    is_kept: bool = False


def figures_of(first: dict, full: dict | None, *, is_kept: bool = False) -> Figures:
    """Combine the results of ``score`` and, once computed, ``score_fully`` of :mod:`core.pipeline.stages`."""
    counts = {name: first[name] for name in ("n_tracks", "n_labelled", "n_clusters", "noise_share")}
    if is_kept:
        return Figures(
            first["scores"], notes=first["notes"], intervals={}, control={}, is_kept=True, **counts
        )
    if full is None:
        return Figures(first["scores"], notes=first["notes"], **counts)
    return Figures(
        full["scores"],
        notes=first["notes"],
        intervals=full["intervals"],
        control=full["control"],
        seeds=full["seeds"],
        deterministic=bool(full.get("deterministic")),
        **counts,
    )


@dataclass(frozen=True)
class Compared:
    """The difference between this choice's scores and the previous ones.

    Attributes
    ----------
    kinds : tuple of {"internal", "external"}
        The kinds of metric that are comparable (:func:`core.pipeline.comparison.comparable_kinds`).
    found : dict or None
        From :func:`core.pipeline.comparison.compare_scores`; None while it is being computed, or where that
        failed.
    """

    kinds: tuple[str, ...]
    found: dict | None = None


def describe_difference(
    name: str, now: float | None, before: float | None, compared: Compared | None
) -> tuple[str, str]:
    """Return a mark and a sentence on whether a score is better or worse than before.

    Only the confidence interval of the difference decides: where it contains 0, or is missing, nothing is
    called better.
    """
    metric = METRICS[name]
    if now is None or before is None or compared is None:
        return "", "nothing to compare with"
    if metric.kind not in compared.kinds:
        return "", NOT_COMPARED[metric.kind]
    if compared.found is None:
        return "…", "The difference is being computed."
    if name not in compared.found["intervals"]:
        return "", "Not compared: the uncertainty of the difference could not be estimated."
    low, high = compared.found["intervals"][name]
    if max(abs(low), abs(high)) < 1e-9:
        return "= same", "the same"
    digits = max(digits_for(compared.found["difference"][name], [low, high]), digits_of_signs(low, high))
    interval = (
        f"Difference (now − before): 95\u00a0% interval [{format_number(low, digits)}, "
        f"{format_number(high, digits)}]"
    )
    if low <= 0 <= high:
        return "≈ unclear", f"No clear difference. {interval}"
    word = "better" if (low > 0) == metric.larger_is_better else "worse"
    return f"{'▲' if low > 0 else '▼'} {word}", f"{word.capitalize()} than before. {interval}"


def digits_for(value: float | None, interval: list[float] | None) -> int:
    """Return the decimals of a score: the last one is no smaller than a tenth of the interval's half width.

    Without an interval: two, none for numbers of 100 and more.
    """
    if interval is not None and interval[0] is not None and interval[1] > interval[0]:
        return min(3, max(0, math.ceil(-math.log10((interval[1] - interval[0]) / 2))))
    return 0 if value is not None and abs(value) >= 100 else 2


def digits_of_signs(*ends: float) -> int:
    """Return the decimals at which no end of an interval is rounded to 0, so its sign shows; six at most."""
    return next(
        (digits for digits in range(6) if all(end == 0 or round(abs(end), digits) > 0 for end in ends)), 6
    )


def format_number(value: float | None, digits: int) -> str:
    """Format a number with a true minus sign; a dash if missing."""
    if value is None or not math.isfinite(value):
        return "–"
    text = f"{value:,.{digits}f}"
    return text.lstrip("-") if float(text.replace(",", "")) == 0 else text.replace("-", "−")


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
    is_same_cluster = before.cluster == now.cluster
    is_other_k = is_same_cluster and before.n_clusters != now.n_clusters and CLUSTERERS[now.cluster].takes_k
    parts = [
        *_differing_representation(before, now),
        "" if is_same_cluster else CLUSTERERS[before.cluster].title,
        ("k by Silhouette" if before.n_clusters is None else f"k {before.n_clusters}") if is_other_k else "",
        _describe_consensus(before) if before.consensus != now.consensus else "",
        *(_differing_settings(before) if is_same_cluster and before.settings != now.settings else ()),
        f"compared with {_LABELS[before.label_by]}" if before.label_by != now.label_by else "",
    ]
    return ", ".join(filter(None, parts))


def _describe_consensus(before: Choice) -> str:
    """Describe over how many seeds the previous clusters were a consensus."""
    return f"consensus over {before.consensus} seeds" if before.has_consensus else "one seed"


def _differing_settings(before: Choice) -> list[str]:
    """Describe the parameters that the clustering of the previous choice had."""
    titles = {field.name: field.setting.title for field in describe_fields(CLUSTERERS[before.cluster].load())}
    settings = [
        f"{titles[name]} {'suggested' if value is None else value}" for name, value in before.settings
    ]
    return settings or ["other parameters"]


def _differing_representation(before: Choice, now: Choice) -> list[str]:
    """Describe modality, representations and fusion of the previous choice where they differ."""
    modalities = {"audio": "audio alone", "text": "text alone", "fused": "audio and text"}
    is_fused = before.modality == now.modality == "fused"
    is_other_weight = before.fusion == now.fusion and before.text_weight != now.text_weight
    parts = [
        modalities[before.modality] if before.modality != now.modality else "",
        f"audio by {before.audio}" if before.audio and now.audio and before.audio != now.audio else "",
        f"text by {before.text}" if before.text and now.text and before.text != now.text else "",
        f"fusion {FUSIONS[before.fusion].title}" if is_fused and before.fusion != now.fusion else "",
        f"text weight {before.text_weight:.0%}" if is_fused and is_other_weight else "",
    ]
    return [part for part in parts if part]

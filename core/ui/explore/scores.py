"""The table of scores: now beside before, with what chance would give, rounded to what the interval supports."""

import math
from dataclasses import dataclass
from html import escape

import streamlit as st

from core.messages.score_messages import describe_score_note
from core.scoring import METRICS

SHOWN = (
    "silhouette",
    "davies_bouldin",
    "calinski_harabasz",
    "adjusted_rand",
    "normalized_mutual_info",
    "purity",
)
"""The rows; ``purity_mean`` is for comparing with the paper that uses it."""


@dataclass(frozen=True)
class Figures:
    """What is known of one choice's scores; what follows later is None until it is there.

    Attributes
    ----------
    scores : dict
        Value per metric (None where it is not defined): of the first seed, or the mean over seeds once they
        are in.
    n_tracks, n_labelled, n_clusters : int
    noise_share : float
        0 to 1.
    notes : dict
        Remark per metric.
    intervals : dict or None
        [low, high] per metric, 95 %.
    control : dict or None
        What the metric gives where there is nothing to find.
    seeds : int
    deterministic : bool
        True: the algorithm gives the same clusters whatever the seed.
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


def figures_of(first: dict, full: dict | None) -> Figures:
    """Join what :func:`core.pipeline.stages.score` knows at once with what :func:`core.pipeline.stages.score_fully` adds."""
    counts = {name: first[name] for name in ("n_tracks", "n_labelled", "n_clusters", "noise_share")}
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
    """What is known of the difference between this choice's scores and those of the one before.

    Attributes
    ----------
    kinds : tuple of {"internal", "external"}
        The kinds of metric that can tell the two apart (:func:`core.pipeline.comparison.comparable_kinds`).
    found : dict or None
        What :func:`core.pipeline.comparison.compare_scores` gives; None while it is being computed, or where that
        failed.
    """

    kinds: tuple[str, ...]
    found: dict | None = None


NOT_COMPARED = {
    "internal": "Not compared: the two choices have different representations, and distances in two "
    "representations have no common unit.",
    "external": "Not compared: the two choices are scored on different tracks or against different labels.",
}
"""Why scores of a kind bear no mark."""


def show_scores(
    now: Figures,
    before: Figures | None,
    compared: Compared | None = None,
    *,
    changed: str = "",
    sees_labels: bool = False,
    against: str = "",
) -> None:
    """Show the table.

    Parameters
    ----------
    now, before : Figures
        Of this choice and of the one before it, where there was one.
    compared : Compared or None
        What is known of the difference between them.
    changed : str
        What the choice before was, in words.
    sees_labels : bool
        True where a model was given the labels in training.
    against : str
        What the clusters are compared with, where that is not the labels.
    """
    st.html(scores_table(now, before, compared, sees_labels=sees_labels))
    st.caption(
        _counts(now)
        + (f" · compared with {against}" if against and now.n_labelled else "")
        + (f"  \nBefore: {changed}." if before and changed else "")
    )
    if sees_labels and now.n_labelled:
        st.caption(
            "✱ A model here was given the labels in training: these scores are no evidence of clustering."
        )


def scores_table(
    now: Figures, before: Figures | None, compared: Compared | None = None, *, sees_labels: bool = False
) -> str:
    """Return the table as HTML; a metric that does not apply has no row."""
    heads = (
        '<tr><th scope="col">Score</th><th scope="col">Now</th><th scope="col">Before</th><th '
        'scope="col" title="{}">Chance</th></tr>'
    )
    chance = escape(
        "What the same score gives where there is nothing to find: shuffled labels, or columns shuffled on "
        "their own."
    )
    rows = [_row(name, now, before, compared, sees_labels) for name in SHOWN if name in now.scores]
    return (
        STYLE
        + f'<table class="scores"><thead>{heads.format(chance)}</thead><tbody>{"".join(rows)}</tbody></table>'
    )


def _row(
    name: str, now: Figures, before: Figures | None, compared: Compared | None, sees_labels: bool
) -> str:
    """One metric."""
    metric = METRICS[name]
    interval = (now.intervals or {}).get(name)
    digits = digits_for(now.scores[name], interval)
    told = f"{metric.description} ({metric.reference})"
    if now.notes.get(name):
        told += f" Here: {describe_score_note(now.notes[name])}."
    mark = "<sup>✱</sup>" if sees_labels and metric.kind == "external" else ""
    best = "↑" if metric.larger_is_better else "↓"
    direction = "higher is better" if metric.larger_is_better else "lower is better"
    value = now.scores[name]
    spread = ""
    if value is None:
        reason = describe_score_note(now.notes[name]) if name in now.notes else "not defined here"
        spread = f"<span>{escape(reason)}</span>"
    elif interval:
        spread = f"{number(interval[0], digits)} – {number(interval[1], digits)}"
    else:
        spread = "…" if now.intervals is None else "–"  # the dash: its spread could not be measured
    then = None if before is None else before.scores.get(name)
    if then is not None and compared is not None and compared.found:
        then = compared.found["before"].get(
            name, then
        )  # the mean over seeds also where the page left before that was there
    arrow, words = compare(name, value, then, compared)
    return (
        f'<tr><th scope="row" title="{escape(told)}">{escape(metric.title)}{mark} <i '
        f'title="{direction}">{best}</i></th>'
        f"<td><b>{number(value, digits)}</b><small>{spread}</small></td>"
        f'<td title="{words}">{number(then, digits)}<small>{arrow}</small></td>'
        f"<td>{'…' if now.control is None else number(now.control.get(name), digits)}</td></tr>"
    )


def compare(name: str, now: float | None, before: float | None, compared: Compared | None) -> tuple[str, str]:
    """Say whether a score is better or worse than before, as a mark and in words.

    Only the interval of the difference decides: where 0 lies in it, or where there is none, nothing is called
    better.
    """
    metric = METRICS[name]
    if now is None or before is None or compared is None:
        return "", "nothing to compare with"
    if metric.kind not in compared.kinds:
        return "", NOT_COMPARED[metric.kind]
    if compared.found is None:
        return "…", "The difference is being measured."
    if name not in compared.found["intervals"]:
        return "", "Not compared: how far the difference can be trusted could not be measured."
    low, high = compared.found["intervals"][name]
    if max(abs(low), abs(high)) < 1e-9:
        return "= same", "the same"
    digits = max(digits_for(compared.found["difference"][name], [low, high]), digits_of_signs(low, high))
    spread = f"Difference (now − before): 95\u00a0% interval [{number(low, digits)}, {number(high, digits)}]"
    if low <= 0 <= high:
        return "≈ unclear", f"No clear difference. {spread}"
    better = (low > 0) == metric.larger_is_better
    mark = "▲" if low > 0 else "▼"
    return (
        (f"{mark} better", f"Better than before. {spread}")
        if better
        else (f"{mark} worse", f"Worse than before. {spread}")
    )


def digits_of_signs(*ends: float) -> int:
    """Return the decimals at which no end of an interval is rounded to 0, so that its sign shows; six at most."""
    return next(
        (digits for digits in range(6) if all(end == 0 or round(abs(end), digits) > 0 for end in ends)), 6
    )


def digits_for(value: float | None, interval: list[float] | None) -> int:
    """Return the decimals that a value deserves: the last one shown is no smaller than a tenth of the interval's half.

    Without an interval: two, none for numbers of 100 and more.
    """
    if interval is not None and interval[0] is not None and interval[1] > interval[0]:
        return min(3, max(0, math.ceil(-math.log10((interval[1] - interval[0]) / 2))))
    return 0 if value is not None and abs(value) >= 100 else 2


def number(value: float | None, digits: int) -> str:
    """Write a number with a true minus sign; a dash where there is none."""
    if value is None or not math.isfinite(value):
        return "–"
    text = f"{value:,.{digits}f}"
    return text.lstrip("-") if float(text.replace(",", "")) == 0 else text.replace("-", "−")


def _counts(now: Figures) -> str:
    """Say what the scores rest on."""
    labelled = "no labels to compare with" if not now.n_labelled else f"{now.n_labelled:,} labelled"
    parts = [
        f"{now.n_tracks:,} tracks",
        labelled,
        f"{now.n_clusters} {'cluster' if now.n_clusters == 1 else 'clusters'}",
    ]
    parts += [f"{now.noise_share:.0%} noise"] if now.noise_share else []
    if now.intervals is None:
        parts.append("first seed, intervals follow")
    else:
        parts.append("same for every seed" if now.deterministic else f"mean of {now.seeds} seeds")
        parts.append("95\u00a0% intervals")
    return " · ".join(parts)


STYLE = """<style>
table.scores { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .92rem; }
table.scores th, table.scores td { padding: .28rem .4rem; text-align: right; vertical-align: top; border: 0;
  border-bottom: 1px solid color-mix(in srgb, currentColor 14%, transparent); white-space: nowrap; }
table.scores th:first-child { text-align: left; font-weight: 400; padding-left: 0; }
table.scores tbody th[title], table.scores td[title], table.scores thead th[title] { cursor: help; }
table.scores thead th { font-weight: 400; opacity: .65; font-size: .8rem; }
table.scores i { opacity: .45; font-style: normal; }
table.scores small { display: block; opacity: .7; font-size: .75rem; line-height: 1.2; min-height: .9rem; }
table.scores small span, table.scores tbody th { white-space: normal; }
</style>"""

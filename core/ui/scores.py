"""The table of scores: now beside before, with what chance would give, rounded to what the interval supports."""

import math
from dataclasses import dataclass
from html import escape

import streamlit as st

from core.scoring import METRICS

SHOWN = ("silhouette", "davies_bouldin", "calinski_harabasz", "adjusted_rand", "normalized_mutual_info", "purity")
"""The rows; ``purity_mean`` is for comparing with the paper that uses it."""


@dataclass(frozen=True)
class Figures:
    """What is known of one choice's scores; what follows later is None until it is there.

    Attributes
    ----------
    scores : dict
        Value per metric (None where it is not defined): of the first seed, or the mean over seeds once they are in.
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
    """Join what :func:`core.pipeline.score` knows at once with what :func:`core.pipeline.score_fully` adds."""
    counts = {name: first[name] for name in ("n_tracks", "n_labelled", "n_clusters", "noise_share")}
    if full is None:
        return Figures(first["scores"], notes=first["notes"], **counts)
    return Figures(
        full["scores"], notes=first["notes"], intervals=full["intervals"], control=full["control"],
        seeds=full["seeds"], deterministic=bool(full.get("deterministic")), **counts,
    )  # fmt: skip


def show_scores(now: Figures, before: Figures | None, *, changed: str = "", sees_labels: bool = False, against: str = "") -> None:
    """Show the table.

    Parameters
    ----------
    now, before : Figures
        Of this choice and of the one before it, where there was one.
    changed : str
        What the choice before was, in words.
    sees_labels : bool
        True where a model was given the labels in training.
    against : str
        What the clusters are compared with, where that is not the labels.
    """
    st.html(scores_table(now, before, sees_labels=sees_labels))
    st.caption(_counts(now) + (f" · compared with {against}" if against and now.n_labelled else "") + (f"  \nBefore: {changed}." if before and changed else ""))
    if sees_labels and now.n_labelled:
        st.caption("✱ A model here was given the labels in training: these scores are no evidence of clustering.")


def scores_table(now: Figures, before: Figures | None, *, sees_labels: bool = False) -> str:
    """Return the table as HTML; a metric that does not apply has no row."""
    heads = '<tr><th scope="col">Score</th><th scope="col">Now</th><th scope="col">Before</th><th scope="col" title="{}">Chance</th></tr>'
    chance = escape("What the same score gives where there is nothing to find: shuffled labels, or columns shuffled on their own.")
    rows = [_row(name, now, before, sees_labels) for name in SHOWN if name in now.scores]
    return STYLE + f'<table class="scores"><thead>{heads.format(chance)}</thead><tbody>{"".join(rows)}</tbody></table>'


def _row(name: str, now: Figures, before: Figures | None, sees_labels: bool) -> str:
    """One metric."""
    metric = METRICS[name]
    interval = (now.intervals or {}).get(name)
    digits = digits_for(now.scores[name], interval)
    told = f"{metric.description} ({metric.reference})"
    if now.notes.get(name):
        told += f" Here: {now.notes[name]}."
    mark = "<sup>✱</sup>" if sees_labels and metric.kind == "external" else ""
    best = "↑" if metric.larger_is_better else "↓"
    direction = "higher is better" if metric.larger_is_better else "lower is better"
    value = now.scores[name]
    spread = ""
    if value is None:
        spread = escape(now.notes.get(name, "not defined here"))
    elif interval:
        spread = f"{number(interval[0], digits)} – {number(interval[1], digits)}"
    else:
        spread = "…" if now.intervals is None else "–"  # the dash: its spread could not be measured
    then = None if before is None else before.scores.get(name)
    arrow, words = compare(name, value, then, interval)
    return (
        f'<tr><th scope="row" title="{escape(told)}">{escape(metric.title)}{mark} <i title="{direction}">{best}</i></th>'
        f"<td><b>{number(value, digits)}</b><small>{spread}</small></td>"
        f'<td title="{words}">{number(then, digits)}<small>{arrow}</small></td>'
        f"<td>{'…' if now.control is None else number(now.control.get(name), digits)}</td></tr>"
    )


def compare(name: str, now: float | None, before: float | None, interval: list[float] | None) -> tuple[str, str]:
    """Say whether a score is better or worse than before, as a mark and in words.

    A difference that the interval does not tell from none is called that.
    """
    if now is None or before is None:
        return "", "nothing to compare with"
    if now == before:
        return "= same", "the same"
    digits = digits_for(now, interval)
    if (interval and interval[0] <= before <= interval[1]) or number(now, digits) == number(before, digits):
        return "≈ unclear", "no clear difference"
    better = (now > before) == METRICS[name].larger_is_better
    mark = "▲" if now > before else "▼"
    return (f"{mark} better", "better than before") if better else (f"{mark} worse", "worse than before")


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
    parts = [f"{now.n_tracks:,} tracks", labelled, f"{now.n_clusters} {'cluster' if now.n_clusters == 1 else 'clusters'}"]
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
</style>"""

"""The table of scores: now beside before, with a chance level, rounded to what the interval supports."""

from html import escape

import streamlit as st

from core.messages.analysis.score_messages import describe_score_note
from core.scoring import METRICS
from core.scoring.metric_specs import SHOWN
from core.ui.explore.scores.score_comparison import (
    Compared,
    Figures,
    Scored,
    describe_difference,
    digits_for,
    format_number,
)


def show_scores(
    now: Figures, before: Scored | None, compared: Compared | None, *, sees_labels: bool, label_by: str
) -> None:
    """Show the table.

    Parameters
    ----------
    now : Figures
        Of this choice.
    before : Scored or None
        The previous choice.
    compared : Compared or None
        The difference between them.
    sees_labels : bool
        True where a model was trained with the labels.
    label_by : str
        The reference labels.
    """
    st.html(scores_table(now, before.figures if before else None, compared, sees_labels=sees_labels))
    st.caption(
        _describe_counts(now)
        + (" · compared with coarse groups" if label_by == "coarse" and now.n_labelled else "")
        + (f"  \nBefore: {before.changed}." if before and before.changed else "")
    )
    if sees_labels and now.n_labelled:
        st.caption("✱ A model was trained with the labels: these scores are no evidence of clustering.")


def scores_table(
    now: Figures, before: Figures | None, compared: Compared | None = None, *, sees_labels: bool = False
) -> str:
    """Return the table as HTML; a metric that does not apply has no row."""
    chance = (
        "The same score without structure: with shuffled labels, or with each column shuffled on its own."
    )
    head = (
        '<tr><th scope="col">Score</th><th scope="col">Now</th><th scope="col">Before</th>'
        f'<th scope="col" title="{escape(chance)}">Chance</th></tr>'
    )
    names = [name for name in SHOWN if name in now.scores]
    rows = "".join(_row(name, now, before, compared, sees_labels) for name in names)
    reasons = "".join(
        f'<tr><td colspan="4">{escape(line)}</td></tr>' for line in describe_undefined(now, names)
    )
    return (
        f'{STYLE}<table class="scores"><thead>{head}</thead><tbody>{rows}</tbody>'
        + (f"<tfoot>{reasons}</tfoot>" if reasons else "")
        + "</table>"
    )


def headline(figures: Figures) -> list[tuple[str, str]]:
    """Return the scores that stand beside a map that fills the window: name and rounded value."""
    shown = []
    for name in ("silhouette", "adjusted_rand", "normalized_mutual_info"):
        value = figures.scores.get(name)
        if value is not None:
            shown.append((METRICS[name].title, f"{value:.2f}"))
    return [("tracks", f"{figures.n_tracks:,}"), ("clusters", str(figures.n_clusters)), *shown]


def describe_undefined(now: Figures, names: list[str]) -> list[str]:
    """Return one sentence per reason why metrics are undefined, with the titles of those metrics."""
    titles: dict[str, list[str]] = {}
    for name in names:
        if now.scores[name] is None and now.notes.get(name):
            titles.setdefault(describe_score_note(now.notes[name]), []).append(METRICS[name].title)
    return [f"{', '.join(some)}: not defined, {reason}." for reason, some in titles.items()]


def _row(
    name: str, now: Figures, before: Figures | None, compared: Compared | None, sees_labels: bool
) -> str:
    """Return a metric's row as HTML."""
    metric = METRICS[name]
    interval = (now.intervals or {}).get(name)
    value = now.scores[name]
    digits = digits_for(value, interval)
    help_text = f"{metric.description} ({metric.reference})"
    if now.notes.get(name):
        help_text += f" Here: {describe_score_note(now.notes[name])}."
    mark = "<sup>✱</sup>" if sees_labels and metric.kind == "external" else ""
    best = "↑" if metric.larger_is_better else "↓"
    direction = "higher is better" if metric.larger_is_better else "lower is better"
    if value is None:
        spread = "not defined"
    elif interval:
        spread = f"{format_number(interval[0], digits)} – {format_number(interval[1], digits)}"
    else:
        spread = "…" if now.intervals is None else "–"  # the dash: its spread could not be estimated
    previous = None if before is None else before.scores.get(name)
    if previous is not None and compared is not None and compared.found:
        # The mean over seeds, also where it was not computed yet when the page changed.
        previous = compared.found["before"].get(name, previous)
    arrow, sentence = describe_difference(name, value, previous, compared)
    control = "…" if now.control is None else format_number(now.control.get(name), digits)
    return (
        f'<tr><th scope="row" title="{escape(help_text)}">{escape(metric.title)}{mark} <i '
        f'title="{direction}">{best}</i></th>'
        f"<td><b>{format_number(value, digits)}</b><small>{spread}</small></td>"
        f'<td title="{sentence}">{format_number(previous, digits)}<small>{arrow}</small></td>'
        f"<td>{control}</td></tr>"
    )


def _describe_counts(now: Figures) -> str:
    """Describe what the scores are computed on."""
    parts = [
        f"{now.n_tracks:,} tracks",
        f"{now.n_labelled:,} labelled"
        if now.n_labelled
        else "no labels to compare with: set them by “Labels” on Library",
        f"{now.n_clusters} {'cluster' if now.n_clusters == 1 else 'clusters'}",
        f"{now.noise_share:.0%} noise" if now.noise_share else "",
        _describe_seeds(now),
    ]
    return " · ".join(filter(None, parts))


def _describe_seeds(now: Figures) -> str:
    """Describe the seeds that the scores and their intervals come from."""
    if now.is_kept:
        return "of the kept map, without intervals and chance level"
    if now.intervals is None:
        return "first seed, intervals follow"
    seeds = "same for every seed" if now.deterministic else f"mean of {now.seeds} seeds"
    return f"{seeds} · 95\u00a0% intervals"


STYLE = """<style>
table.scores { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums;
  font-size: .92rem; }
table.scores th, table.scores td { padding: .28rem .4rem; text-align: right; vertical-align: top; border: 0;
  border-bottom: 1px solid color-mix(in srgb, currentColor 14%, transparent); white-space: nowrap; }
table.scores th:first-child, table.scores tfoot td { text-align: left; font-weight: 400; padding-left: 0; }
table.scores tbody th[title], table.scores td[title], table.scores thead th[title] { cursor: help; }
table.scores thead th { font-weight: 400; opacity: .8; font-size: .8rem; }
table.scores i { opacity: .75; font-style: normal; }
table.scores small { display: block; opacity: .8; font-size: .75rem; line-height: 1.2; min-height: .9rem; }
table.scores tbody th, table.scores tfoot td { white-space: normal; }
table.scores tfoot td { font-size: .8rem; opacity: .8; }
</style>"""

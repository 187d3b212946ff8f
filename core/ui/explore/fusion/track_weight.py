"""One track's text weight and its origin: cues, their ranks, and the terms of each."""

import math
from dataclasses import dataclass
from html import escape

import numpy as np
import pandas as pd
import streamlit as st

from core.collection import Collection
from core.cues.cue_terms import TERMS
from core.cues.track_cues import CUES, PARTS, terms_of
from core.ui.explore.live import Shown
from core.ui.shared.frame import plain_markdown

TERMS_OF_CUE: dict[str, tuple[tuple[str, str], ...]] = {
    "instrumentalness": (("no_voice", ""), ("voice", ""), ("is_tagged_instrumental", "")),
    "energy": (
        ("loudness_db", "loudness_rank"),
        ("onset_rate_hz", "onset_rank"),
        ("brightness_hz", "brightness_rank"),
    ),
    "quality": (
        ("audio_quality", ""),
        ("clipping_share", "unclipped"),
        ("silence_share", "audible"),
        ("top_hz", "bandwidth"),
        ("duration_s", "length"),
        ("text_quality", ""),
        ("text_source", "source"),
        ("text_words", "amount"),
        ("text_variety", "variety"),
        ("language", "reading"),
    ),
}
"""Terms by cue in display order, each with the part of the formula that it becomes."""

_DIGITS = {
    "loudness_db": 1,
    "onset_rate_hz": 1,
    "brightness_hz": 0,
    "top_hz": 0,
    "duration_s": 0,
    "text_words": 0,
}
_SHARES = ("clipping_share", "silence_share")
_YES_NO = ("is_tagged_instrumental",)


@dataclass(frozen=True)
class Reason:
    """One cue of one track.

    Attributes
    ----------
    title, why : str
        The cue, and one sentence on why it matters.
    value, rank : float
        The cue itself and its rank among the tracks that have both modalities, 0 to 1; nan if unknown. The
        weight depends on the rank.
    favours : str
        "audio", "text", "neither" or "unknown".
    terms : list of (str, str)
        What each term is, and its value as text.
    """

    title: str
    why: str
    value: float
    rank: float
    favours: str
    terms: list[tuple[str, str]]


def reasons_of(ranks: pd.Series, terms: pd.Series | None) -> list[Reason]:
    """Return a track's cues.

    Parameters
    ----------
    ranks : Series
        A row of ``Space.weights``: the rank of each cue, and ``text_weight``.
    terms : Series or None
        The track's row of :func:`core.cues.track_cues.terms_of`, None if not available.
    """
    return [_reason_of(name, float(ranks[name]), terms) for name in ranks.index if name != "text_weight"]


def _reason_of(name: str, rank: float, terms: pd.Series | None) -> Reason:
    """Return one cue of a track."""
    title, why, _ = CUES.get(name, (name, "", ""))
    value = float(terms[name]) if terms is not None and name in terms else math.nan
    return Reason(title, why, value, rank, favoured_by(rank), [] if terms is None else _terms_of(name, terms))


def favoured_by(rank: float) -> str:
    """Return the modality that a rank favours."""
    if not math.isfinite(rank):
        return "unknown"
    return "neither" if abs(rank - 0.5) < 0.005 else "audio" if rank > 0.5 else "text"


def describe_weight(ranks: pd.Series, details: dict) -> str:
    """Describe how the ranks become a track's text weight, or why they don't."""
    weight = float(ranks["text_weight"])
    if not math.isfinite(weight):
        return "This track has no text weight."
    known = ranks.drop("text_weight").astype(float).dropna()
    if weight in (0.0, 1.0) and not len(known):
        return (
            "It has no text, so its text weight is 0 %."
            if weight == 0
            else "It has no audio, so its text weight is 100 %."
        )
    if not len(ranks.drop("text_weight")):
        return "This weight was learnt from all tracks together, not from single cues."
    if not len(known):
        return "No cue of this track is known, so its text weight is 50 %."
    trust = details.get("trust", details.get("of_picked", {}).get("trust"))
    if trust is None:
        return ""
    mean = known.mean()
    return (
        f"Mean rank {mean:.2f}, trust {trust:.0%}: text weight = ½ + {trust:.2f} × (½ − {mean:.2f}) = "
        f"{weight:.0%}."
    )


def format_term(name: str, value) -> str:
    """Format a term's value; its unit is part of the term's title."""
    if isinstance(value, str):
        return value or "unknown"
    if value is None or pd.isna(value):
        return "unknown"
    if name in _YES_NO:
        return "yes" if value else "no"
    if name in _SHARES:
        return f"{value:.2%}"
    return f"{value:,.{_DIGITS.get(name, 2)}f}".replace("-", "−")


def _terms_of(cue: str, terms: pd.Series) -> list[tuple[str, str]]:
    """Return the terms of a cue; only the collection's own column where it has one."""
    own = terms.get(f"{cue}_column")
    if own is not None and not pd.isna(own):
        return [(f"the collection's own column “{cue}”", format_term(cue, own))]
    found = []
    for name, part in (pair for pair in TERMS_OF_CUE.get(cue, ()) if pair[0] in terms):
        part_text = f" (enters as {format_term(part, terms[part])})" if part in terms else ""
        found.append(({**TERMS, **PARTS}[name], format_term(name, terms[name]) + part_text))
    return found


def show_track_weight(
    collection: Collection, shown: Shown, tracks: pd.DataFrame, current: int | None
) -> None:
    """Show the current track's text weight and its origin."""
    st.markdown("**Text weight of a track**")
    if current is None:
        st.caption("Click a track on the map to see its text weight, and why.")
        return
    row = shown.space.weights.iloc[current]
    title = " ".join(str(tracks["title"].iloc[current]).split()) or "Untitled"
    share = f"{row['text_weight']:.0%}" if np.isfinite(row["text_weight"]) else "undefined"
    st.markdown(plain_markdown(title) + f": text weight **{share}**")
    terms = None
    if any(name != "text_weight" for name in row.index):
        field, encoder = shown.choice.text_field, shown.choice.text
        terms = terms_of(collection, text_field=field, encoder=encoder).iloc[shown.space.rows[current]]
        st.html(reasons_table(reasons_of(row, terms)))
    st.caption(plain_markdown(describe_weight(row, shown.space.details)))


def reasons_table(reasons: list[Reason]) -> str:
    """Return the cues of one track as HTML with collapsible terms; everything from tags is escaped."""
    rows = []
    for reason in reasons:
        parts = "".join(f"<li>{escape(what)}: <b>{escape(value)}</b></li>" for what, value in reason.terms)
        terms = f"<details><summary>Terms</summary><ul>{parts}</ul></details>" if parts else ""
        rows.append(
            f'<tr><th scope="row">{escape(reason.title)}</th>'
            f"<td>{_number(reason.value)}</td><td>{_number(reason.rank)}</td><td>{escape(reason.favours)}</td></tr>"
            f'<tr class="reason"><td colspan="4"><small>{escape(reason.why)}</small>{terms}</td></tr>'
        )
    help_text = "Its rank among the tracks that have both audio and text, 0 to 1. The weight depends on it."
    heads = (
        f'<th scope="col">Cue</th><th scope="col">Value</th><th scope="col" title="{help_text}">Rank</th><th '
        'scope="col">Favours</th>'
    )
    return (
        f'{_STYLE}<table class="reasons"><thead><tr>{heads}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def _number(value: float) -> str:
    """Format a number with two decimals, or a dash."""
    return f"{value:.2f}" if np.isfinite(value) else "–"


_STYLE = """<style>
table.reasons { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums;
  font-size: .92rem; }
table.reasons th, table.reasons td { padding: .35rem .4rem 0; text-align: right; vertical-align: top;
  border: 0; }
table.reasons th:first-child, table.reasons .reason td { text-align: left; font-weight: 400;
  padding-left: 0; }
table.reasons thead th, table.reasons .reason td {
  border-bottom: 1px solid color-mix(in srgb, currentColor 14%, transparent); }
table.reasons .reason td { padding: 0 0 .35rem; }
table.reasons thead th { font-weight: 400; opacity: .8; font-size: .8rem; }
table.reasons thead th[title] { cursor: help; }
table.reasons small, table.reasons details { display: block; opacity: .8; font-size: .8rem;
  line-height: 1.35; }
table.reasons li { font-size: inherit; margin: 0; }
table.reasons summary { cursor: pointer; }
table.reasons ul { margin: .2rem 0 .2rem 1rem; padding: 0; }
</style>"""

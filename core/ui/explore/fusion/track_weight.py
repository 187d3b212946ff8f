"""One track's text weight and its origin: cues, their ranks, and the terms of each."""

from html import escape

import numpy as np
import pandas as pd
import streamlit as st

from core.collection import Collection
from core.cues.track_cues import terms_of
from core.ui.explore.fusion.cue_texts import Reason, describe_weight, reasons_of
from core.ui.explore.live import Shown
from core.ui.shared.frame import plain_markdown


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

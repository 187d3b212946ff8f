"""One track's weight and what made it: cues, their ranks, and the terms behind each."""

from html import escape

import numpy as np
import pandas as pd
import streamlit as st

from core.collection import Collection
from core.cues.track_cues import terms_of
from core.ui.explore.fusion.cue_texts import Reason, reasons_of, sum_in_words
from core.ui.explore.live import Shown
from core.ui.shared.frame import plain_markdown


def show_track_weight(
    collection: Collection, shown: Shown, tracks: pd.DataFrame, current: int | None
) -> None:
    """Show one track's weight and what made it."""
    st.markdown("**What made a track's weight**")
    if current is None:
        st.caption("Choose a track on the map to see how much its words count, and why.")
        return
    row = shown.space.weights.iloc[current]
    title = " ".join(str(tracks["title"].iloc[current]).split()) or "Untitled"
    share = f"{row['text_weight']:.0%}" if np.isfinite(row["text_weight"]) else "not defined"
    st.markdown(plain_markdown(title) + f": words count **{share}**")
    terms = None
    if any(name != "text_weight" for name in row.index):
        field, encoder = shown.choice.text_field, shown.choice.text
        terms = terms_of(collection, text_field=field, encoder=encoder).iloc[shown.space.rows[current]]
        st.html(reasons_table(reasons_of(row, terms)))
    st.caption(plain_markdown(sum_in_words(row, shown.space.details)))


def reasons_table(reasons: list[Reason]) -> str:
    """Return the cues of one track as a table, what made each folded below it; everything from tags is escaped."""
    rows = []
    for reason in reasons:
        parts = "".join(f"<li>{escape(what)}: <b>{escape(value)}</b></li>" for what, value in reason.made_of)
        made = f"<details><summary>What made it</summary><ul>{parts}</ul></details>" if parts else ""
        rows.append(
            f'<tr><th scope="row">{escape(reason.title)}</th>'
            f"<td>{_number(reason.value)}</td><td>{_number(reason.rank)}</td><td>{escape(reason.speaks_for)}</td></tr>"
            f'<tr class="told"><td colspan="4"><small>{escape(reason.why)}</small>{made}</td></tr>'
        )
    told = "Its place among the tracks that have both sound and words, 0 to 1: this is what counts."
    heads = (
        f'<th scope="col">Cue</th><th scope="col">Value</th><th scope="col" title="{told}">Rank</th><th '
        'scope="col">Speaks for</th>'
    )
    return f'{_STYLE}<table class="reasons"><thead><tr>{heads}</tr></thead><tbody>{"".join(rows)}</tbody></table>'


def _number(value: float) -> str:
    """Two digits, or a dash."""
    return f"{value:.2f}" if np.isfinite(value) else "–"


_STYLE = """<style>
table.reasons { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .92rem; }
table.reasons th, table.reasons td { padding: .35rem .4rem 0; text-align: right; vertical-align: top; border: 0; }
table.reasons th:first-child, table.reasons .told td { text-align: left; font-weight: 400; padding-left: 0; }
table.reasons thead th, table.reasons .told td { border-bottom: 1px solid color-mix(in srgb, currentColor 14%, transparent); }
table.reasons .told td { padding: 0 0 .35rem; }
table.reasons thead th { font-weight: 400; opacity: .65; font-size: .8rem; }
table.reasons thead th[title] { cursor: help; }
table.reasons small, table.reasons details { display: block; opacity: .7; font-size: .8rem; line-height: 1.35; }
table.reasons li { font-size: inherit; margin: 0; }
table.reasons summary { cursor: pointer; }
table.reasons ul { margin: .2rem 0 .2rem 1rem; padding: 0; }
</style>"""

"""The board of a collection: its saved views with all scores, compared with one of them."""

import streamlit as st

from core.collection import Collection
from core.export.board import METRICS, BoardRow, board_table, make_board
from core.export.recipes.table_files import FORMATS
from core.export.saved_view import list_views
from core.export.track_files import safe_name
from core.messages.recipe_messages import MARKS
from core.recipes.findings import Table
from core.scoring import METRICS as SPECS
from core.ui.compare.board_table import board_html
from core.ui.shared.frame import plain_markdown
from core.ui.shared.results import rerun_when_done, show_progress, start_wanted, state_of, take_or_explain
from core.ui.shared.url_state import choose_option

SAVED = "saved"
READING = (
    "Each cell: mean over seeds, 95\u00a0% interval, value by chance, and the verdict of the paired "
    "95\u00a0% interval of the difference, uncorrected for the number of comparisons. Metrics without labels "
    "are compared within one representation only."
)


def show_board(collection: Collection) -> None:
    """Show the board; what is not computed yet is computed in the background."""
    views = list_views(collection.name)[::-1]
    names = [view.name for view in views]
    with st.container(horizontal=True):
        against = choose_option("against", "Compared with", names, names[0], width=420)
        orders = [SAVED, *METRICS]
        order = choose_option(
            "sort", "Sort by", orders, SAVED, omit_default=True, format_func=_title_of, width=240
        )
    key = ("board", *state_of(collection.name), against, *((view.key, view.created) for view in views))
    future = start_wanted(
        "board", key, lambda progress: make_board(collection, views, against, progress=progress)
    )
    rows, pending = take_or_explain(future, "the scores could not be computed")
    if pending:
        show_progress(key, _draw_progress)
        rerun_when_done(pending)
    if rows is None:
        return
    st.html(board_html(_sort(rows, order), against))
    table = board_table(collection, rows, against)
    st.caption(" ".join([READING, *_describe_marks(rows)]))
    offer_table(table, f"{collection.name} board", "compare-board")


def offer_table(table: Table, name: str, key: str) -> None:
    """Show the downloads of a table as CSV and LaTeX."""
    with st.container(horizontal=True):
        for suffix, make in FORMATS.items():
            st.download_button(
                {".csv": "CSV", ".tex": "LaTeX"}[suffix],
                data=make(table),
                file_name=f"{safe_name(name)}{suffix}",
                mime={".csv": "text/csv", ".tex": "application/x-tex"}[suffix],
                icon=":material/download:",
                key=f"{key}{suffix}",
                on_click="ignore",
            )


def _describe_marks(rows: list[BoardRow]) -> list[str]:
    """Describe the marks that occur on a board."""
    return [f"✱ {MARKS[mark]}." for mark in MARKS if any(mark in row.marks for row in rows)]


def _title_of(order: str) -> str:
    """Return the title of an order."""
    return "Time saved" if order == SAVED else SPECS[order].title


def _sort(rows: list[BoardRow], order: str) -> list[BoardRow]:
    """Return rows, the best score first and those without one last."""
    if order == SAVED:
        return rows
    sign = -1 if SPECS[order].larger_is_better else 1
    scores = [row.scores.get(order) for row in rows]
    ranked = sorted(range(len(rows)), key=lambda i: (scores[i] is None, sign * (scores[i] or 0.0)))
    return [rows[i] for i in ranked]


def _draw_progress(share: float, note: str) -> None:
    """Draw the progress of the scores."""
    st.progress(share, text=plain_markdown(f"{(note or 'waiting for the scores').capitalize()} …"))

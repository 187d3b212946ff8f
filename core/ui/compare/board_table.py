"""The board as an HTML table: a row per setting, a column per score with interval, chance and verdict."""

from collections.abc import Sequence
from html import escape

from core.export.board import METRICS, BoardRow
from core.messages.recipe_messages import MARKS
from core.scoring import METRICS as SPECS
from core.ui.explore.scores.score_comparison import (
    NOT_COMPARED,
    digits_for,
    digits_of_signs,
    format_number,
)
from core.ui.explore.scores.score_table import STYLE

VERDICTS = {"better": "better", "worse": "worse", "same": "= same", "unclear": "≈ unclear", "": ""}
WIDE = """<style>
.board { overflow-x: auto; }
.board table.scores th:first-child { min-width: min(13rem, 40vw); white-space: normal; text-align: left; }
.board table.scores th:not(:first-child) { white-space: normal; min-width: 6.5rem; }
</style>"""


def board_html(rows: Sequence[BoardRow], against: str) -> str:
    """Return the table; a score that no row has gets no column."""
    names = [name for name in METRICS if any(row.scores.get(name) is not None for row in rows)]
    heads = "".join(_head(name) for name in names)
    body = "".join(_row(row, names, against) for row in rows)
    return (
        f'{STYLE}{WIDE}<div class="board" role="region" aria-label="Scores of the saved views" tabindex="0">'
        '<table class="scores"><thead><tr><th scope="col">Setting</th><th scope="col">Clusters</th>'
        f"{heads}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _head(name: str) -> str:
    """Return the head of a score's column."""
    metric = SPECS[name]
    arrow, direction = ("↑", "higher is better") if metric.larger_is_better else ("↓", "lower is better")
    return (
        f'<th scope="col" title="{escape(metric.description)}">{escape(metric.title)} '
        f'<i title="{direction}">{arrow}</i></th>'
    )


def _row(row: BoardRow, names: Sequence[str], against: str) -> str:
    """Return the row of a setting."""
    notes = [f"✱ {mark}" for mark in row.marks]
    notes = ["compared with this row", *notes] if row.name == against else notes
    title = "; ".join(MARKS[mark] for mark in row.marks)
    head = (
        f'<th scope="row" title="{escape(title)}">{escape(row.name)}<small>{escape("; ".join(notes))}</small>'
    )
    if row.error:
        return f'<tr>{head}</th><td colspan="{len(names) + 1}">{escape(row.error)}</td></tr>'
    noise = f"{row.noise_share:.0%} noise" if row.noise_share else ""
    cells = "".join(_cell(row, name, is_reference=row.name == against) for name in names)
    return f"<tr>{head}</th><td><b>{row.n_clusters}</b><small>{noise}</small></td>{cells}</tr>"


def _cell(row: BoardRow, name: str, *, is_reference: bool) -> str:
    """Return value, interval, chance and verdict of a score."""
    interval, value = row.intervals.get(name), row.scores.get(name)
    digits = digits_for(value, interval)
    spread = " – ".join(format_number(end, digits) for end in interval) if interval else "–"
    chance = f"chance {format_number(row.control.get(name), digits)}"
    verdict, sentence = ("", "") if is_reference else _verdict(row, name)
    return (
        f'<td title="{escape(sentence)}"><b>{format_number(value, digits)}</b><small>{spread}</small>'
        f"<small>{chance}</small><small>{verdict}</small></td>"
    )


def _verdict(row: BoardRow, name: str) -> tuple[str, str]:
    """Return the mark of a difference and the sentence that explains it."""
    verdict, interval = row.verdict(name), row.difference_intervals.get(name)
    if not row.kinds or interval is None:
        reason = NOT_COMPARED.get(SPECS[name].kind, "") if SPECS[name].kind not in row.kinds else ""
        return "", reason
    low, high = interval
    digits = max(digits_for(row.differences[name], interval), digits_of_signs(low, high))
    bounds = f"[{format_number(low, digits)}, {format_number(high, digits)}]"
    arrow = {"better": "▲ ", "worse": "▼ "}.get(verdict, "")
    if not SPECS[name].larger_is_better:
        arrow = {"better": "▼ ", "worse": "▲ "}.get(verdict, "")
    return f"{arrow}{VERDICTS[verdict]}", f"Difference to the compared row: 95 % interval {bounds}"

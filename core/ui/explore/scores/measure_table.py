"""A table of measures of one representation: value, interval and chance level per row."""

from dataclasses import dataclass
from html import escape

from core.ui.explore.scores.score_comparison import digits_for, format_number
from core.ui.explore.scores.score_table import STYLE


@dataclass(frozen=True)
class Row:
    """One measure; ``is_marked``: a model saw the labels that it is compared with."""

    title: str
    help: str
    value: float | None
    interval: list[float] | None
    control: float | None
    larger_is_better: bool = True
    is_marked: bool = False


def measure_table(title: str, title_help: str, chance_help: str, rows: list[Row]) -> str:
    """Return the table as HTML."""
    heads = (
        f'<th scope="col" title="{escape(title_help)}">{escape(title)}</th><th scope="col">Now</th>'
        f'<th scope="col" title="{escape(chance_help)}">Chance</th>'
    )
    body = "".join(map(_format_row, rows))
    return f'{STYLE}<table class="scores"><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>'


def _format_row(row: Row) -> str:
    """Return one row as HTML."""
    digits = digits_for(row.value, row.interval)
    spread = " – ".join(format_number(end, digits) for end in row.interval) if row.interval else "–"
    arrow, direction = ("↑", "higher is better") if row.larger_is_better else ("↓", "lower is better")
    mark = "<sup>✱</sup>" if row.is_marked else ""
    return (
        f'<tr><th scope="row" title="{escape(row.help)}">{escape(row.title)}{mark} '
        f'<i title="{direction}">{arrow}</i></th>'
        f"<td><b>{format_number(row.value, digits)}</b><small>{spread}</small></td>"
        f"<td>{format_number(row.control, digits)}</td></tr>"
    )

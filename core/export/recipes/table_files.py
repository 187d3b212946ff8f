"""Tables of runs as CSV and LaTeX."""

import csv
import io
from pathlib import Path

from core.export.recipes.new_file import write_new
from core.export.spreadsheet_cells import neutralise
from core.messages.recipe_messages import describe_cells, describe_row, describe_table
from core.recipes.findings import Cell, Table

SPECIAL = str.maketrans(
    {c: f"\\{c}" for c in "&%$#_{}"}
    | {"~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\\": r"\textbackslash{}"}
)
"""What LaTeX would read as a command."""


def write_table(table: Table, out: str | Path) -> Path:
    """Write a table to a new file that ends in .csv or .tex.

    Raises
    ------
    ConfigError
        For another suffix, a file that exists, or a place that can't be written.
    """
    return write_new(out, tuple(FORMATS), lambda suffix: FORMATS[suffix](table).encode())


def to_csv(table: Table) -> str:
    """Return a table with one column per number: value, bounds, control and published of each measure."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    parts = ("", " low", " high", " control", " published", " better")
    writer.writerow(
        [
            "method",
            "variant",
            "tracks",
            "seeds",
            "marks",
            *(c.title + part for c in table.columns for part in parts),
        ]
    )
    for row in table.rows:
        numbers: list[object] = []
        for column in table.columns:
            cell = row.cells.get(column.key, Cell(None))
            low, high = cell.interval or (None, None)
            numbers += [cell.value, low, high, cell.control, cell.published, int(cell.is_better)]
        texts = [neutralise(text) for text in (row.name, row.variant)]
        writer.writerow([*texts, row.n, row.seeds, "; ".join(row.marks), *numbers])
    return buffer.getvalue()


def to_latex(table: Table) -> str:
    """Return a table for the package booktabs, published values in brackets, with its notes."""
    lines = [
        r"\begin{table}",
        rf"\caption{{{_escape(table.title)}}}",
        rf"\begin{{tabular}}{{l{'r' * len(table.columns)}}}",
        r"\toprule",
        " & ".join(["", *(_escape(column.title) for column in table.columns)]) + r" \\",
        r"\midrule",
    ]
    for row in table.rows:
        cells = [describe_row(row), *describe_cells(table, row)]
        lines.append(" & ".join(map(_escape, cells)) + r" \\")
    notes = " ".join(_escape(sentence) for sentence in describe_table(table))
    return "\n".join([*lines, r"\bottomrule", r"\end{tabular}", notes, r"\end{table}", ""])


FORMATS = {".csv": to_csv, ".tex": to_latex}
"""What makes a file of a table, by suffix."""


def _escape(text: str) -> str:
    """Return text without LaTeX's special characters."""
    return text.translate(SPECIAL).replace("–", "--")

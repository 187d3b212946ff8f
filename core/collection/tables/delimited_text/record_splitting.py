"""Split delimited text into records, with quotes that are never closed read as characters."""

import csv
import io
import re
from collections.abc import Iterator

_FURTHEST = 2_000  # lines after which a quote that is still open was none


def is_well_quoted(text: str, delimiter: str, n_cells: int) -> bool:
    """Return whether every quote of a text belongs to a cell in quotes that swallows no records."""
    if '"' not in text:
        return True
    mark = re.escape(delimiter)
    cell = re.compile(rf'(?<![^{mark}\r\n])"((?:[^"]|"")*)"(?![^{mark}\r\n])')
    n_quotes = 0
    for hit in cell.finditer(text):
        inside = hit[1]
        n_quotes += 2 + inside.count('"')
        n_lines = inside.count("\n")
        if n_lines and inside.count(delimiter) >= (n_cells - 1) * max(1, n_lines - 1):
            return False
    return n_quotes == text.count('"')


def split_records(text: str, delimiter: str, n_cells: int | None = None) -> Iterator[tuple[list[str], int]]:
    """Yield each record's cells, and how many lines of the text end with it.

    A quoted cell may hold line ends. But a quote that isn't closed, or that encloses lines which are records
    of ``n_cells`` by themselves, is a character of the text.

    Parameters
    ----------
    delimiter : str
        One character; a blank stands for any number of blanks.
    n_cells : int, optional
        By default the number of cells of the first line.
    """
    lines = io.StringIO(text, newline="")
    n_lines = 0
    ahead: list[str] = []
    while line := ahead.pop(0) if ahead else lines.readline():
        n_lines += 1
        if '"' not in line or delimiter == " ":
            cells = _cells(line, delimiter)
        elif line.count('"') % 2 == 0:
            cells = _cells(line, delimiter)
            if n_cells is not None and len(cells) != n_cells:
                cells = _better(cells, line, delimiter, n_cells)
        else:
            cells, n_more = _across_lines(line, lines, ahead, delimiter, n_cells)
            n_lines += n_more
        if n_cells is None and len(cells) > 1:
            n_cells = len(cells)
        yield cells, n_lines


def _cells(
    line: str, delimiter: str, quoting: int = csv.QUOTE_MINIMAL, escape: str | None = None
) -> list[str]:
    """Split one line or record."""
    if delimiter == " ":
        return line.split()
    text = io.StringIO(line.rstrip("\r\n"), newline="")
    reader = csv.reader(text, delimiter=delimiter, quoting=quoting, escapechar=escape)  # type: ignore[arg-type]
    return next(reader, [])


def _better(cells: list[str], line: str, delimiter: str, n_cells: int) -> list[str]:
    """Return the cells with escaped quotes, or with quotes as characters, if that gives the right number."""
    for other in (
        _cells(line, delimiter, escape="\\") if '\\"' in line else cells,
        _cells(line, delimiter, csv.QUOTE_NONE),
    ):
        if len(other) == n_cells:
            return other
    return cells


def _across_lines(
    line: str, lines: io.StringIO, ahead: list[str], delimiter: str, n_cells: int | None
) -> tuple[list[str], int]:
    """Return the cells of a record whose first line has an odd number of quotes, and its further lines.

    Lines that are read to find the end, and belong to other records, are put into ``ahead``.
    """
    if '\\"' in line and n_cells and len(cells := _cells(line, delimiter, escape="\\")) == n_cells:
        return cells, 0
    if not _opens(line, delimiter):
        return _cells(line, delimiter), 0
    more: list[str] = []
    while len(more) < _FURTHEST:
        if len(ahead) <= len(more):
            read = lines.readline()
            if not read:
                break
            ahead.append(read)
        more.append(ahead[len(more)])
        if more[-1].count('"') % 2:
            record = _cells("".join([line, *more]), delimiter)
            if n_cells and (len(record) != n_cells or _are_records([line, *more], delimiter, n_cells)):
                break
            del ahead[: len(more)]
            return record, len(more)
    return _cells(line, delimiter, csv.QUOTE_NONE), 0


def _are_records(lines: list[str], delimiter: str, n_cells: int) -> bool:
    """Return whether lines between two quotes are rather records than one cell with line ends."""
    if {len(_cells(line, delimiter, csv.QUOTE_NONE)) for line in lines} != {n_cells}:
        return False
    before, _, after = lines[-1].rstrip("\r\n").rpartition('"')
    closes = (not after or after.startswith(delimiter)) and not (not before or before.endswith(delimiter))
    return not closes or (n_cells > 2 and len(lines) > 3)


def _opens(line: str, delimiter: str) -> bool:
    """Return whether a quote at the beginning of a cell is still open at the end of the line."""
    is_open = False
    for part in line.rstrip("\r\n").split(delimiter):
        n = part.count('"')
        if not is_open:
            is_open = part.lstrip().startswith('"') and n % 2 == 1
        elif n % 2:
            is_open = False
    return is_open

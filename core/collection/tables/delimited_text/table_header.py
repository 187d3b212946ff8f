"""Find the header of a delimited table: no row, one row, or the levels of a pandas MultiIndex."""

import re
from collections import Counter
from collections.abc import Sequence

from core.collection.tables.numbers import looks_numeric

_MOST_LEVELS = 4
_SHARE = 0.8  # of a column's filled cells that are numbers, for the column to count as numeric
_UNNAMED = re.compile(r"Unnamed: \d+(_level_\d+)?")
UNNAMED = "Unnamed: {}"
"""Name of a column without one, by its position, as in pandas."""


def find_header(rows: Sequence[list[str]], width: int) -> tuple[int, list[str] | None]:
    """Return how many of the first rows are the header, and the names of the columns.

    Several rows are joined by dots, level by level ("track.genre_top"). A row that names only the index,
    which pandas writes below the levels, belongs to the header.

    Parameters
    ----------
    rows : sequence of list of str
        The first rows, without comments and titles.
    width : int
        Number of columns.

    Returns
    -------
    n_rows : int
        0 where the first row holds data.
    names : list of str or None
        Unique; None where there is no header.
    """
    table = [[cell.strip() for cell in row[:width]] + [""] * (width - len(row)) for row in rows]
    numeric = _numeric_columns(table[max(1, len(table) // 2) :], width)
    if named := _row_of_index_names(table, numeric):
        index = [cell for cell in table[named] if cell]
        names = _joined(table[:named])
        return named + 1, unique([*index, *names[len(index) :]])
    levels, least = 0, 1 if _repeats(table[0]) else 2
    while levels < min(_MOST_LEVELS, len(table) - 1) and _is_header(table[levels], numeric, levels and least):
        levels += 1
    if not levels:
        return (1, unique(table[0])) if not numeric or _are_counted(table[0], numeric) else (0, None)
    following = table[levels] if levels < len(table) - 1 else None
    if levels > 1 and following and not following[0] and _are_counted_levels(table[:levels], following):
        levels += 1
    return levels, unique(_joined(table[:levels]))


def _numeric_columns(body: list[list[str]], width: int) -> list[int]:
    """Return the columns whose filled cells are mostly numbers."""
    found = []
    for column in range(width):
        filled = [row[column] for row in body if row[column]]
        if filled and sum(map(looks_numeric, filled)) >= _SHARE * len(filled):
            found.append(column)
    return found


def _row_of_index_names(table: list[list[str]], numeric: list[int]) -> int | None:
    """Return the row below two or more levels whose first cells alone are filled, None if there is none."""
    for at in range(2, min(_MOST_LEVELS + 2, len(table) - 1)):
        row = table[at]
        n_filled = sum(map(bool, row))
        leading = 0 < n_filled <= len(row) / 2 and all(row[:n_filled])
        if leading and not any(looks_numeric(cell) for cell in row[:n_filled]):
            upper, second = table[0], table[1]
            has_numbers = any(second[column] and looks_numeric(second[column]) for column in numeric)
            return at if _repeats(upper) or (numeric and not has_numbers) else None
    return None


def _repeats(row: list[str]) -> bool:
    """Return whether a row has a name twice, as upper levels do."""
    return len(set(filter(None, row))) < sum(map(bool, row))


def _is_header(row: list[str], numeric: list[int], least: int) -> bool:
    """Return whether a row holds names where the rows of data hold numbers.

    A further level must do so in at least ``least`` columns, and in half of them.
    """
    cells = [row[column] for column in numeric if row[column]]
    if len(numeric) < least or (least and len(cells) < len(numeric) / 2):
        return False
    return bool(cells) and not any(map(looks_numeric, cells))


def _are_counted(row: list[str], numeric: list[int]) -> bool:
    """Return whether the numbers of a row count the columns from 0, or are three or more in sequence."""
    cells = [row[column] for column in numeric if row[column]]
    if not all(cell.isdecimal() and cell.isascii() for cell in cells):
        return False
    numbers = list(map(int, cells))
    counted = numbers == list(range(numbers[0], numbers[0] + len(numbers))) if numbers else True
    return counted and (not numbers or numbers[0] == 0 or len(numbers) >= 3)


def _are_counted_levels(levels: list[list[str]], row: list[str]) -> bool:
    """Return whether a row numbers columns that the levels above it don't tell apart."""
    joined = Counter(_joined(levels)[1:])
    return max(joined.values(), default=1) > 1 and all(cell.isdecimal() for cell in row[1:])


def _joined(levels: Sequence[list[str]]) -> list[str]:
    """Return the names of columns from their levels; a blank upper level continues that to its left."""
    filled = []
    for depth, level in enumerate(levels):
        level = ["" if _UNNAMED.fullmatch(cell) else cell for cell in level]
        if depth < len(levels) - 1 and len(set(filter(None, level))) == sum(map(bool, level)):
            for column in range(2, len(level)):
                level[column] = level[column] or level[column - 1]
        filled.append(level)
    return [".".join(dict.fromkeys(filter(None, parts))) for parts in zip(*filled)]


def unique(names: Sequence[str]) -> list[str]:
    """Return names without blanks and repetitions, as pandas names them: "Unnamed: 0", "mfcc", "mfcc.1"."""
    found: list[str] = []
    for position, name in enumerate(names):
        name = name or UNNAMED.format(position)
        new, times = name, 0
        while new in found:
            times += 1
            new = f"{name}.{times}"
        found.append(new)
    return found

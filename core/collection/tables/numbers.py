"""Numbers in the cells of a table, as people and programs write them.

Read are plain numbers, decimal commas, thousands separators, one unit for a whole column ("90 bpm", "5 %"),
numbers in brackets ("[120.5]"), and lists of numbers, which are vectors.
"""

import re
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

MISSING = frozenset(["", "na", "n/a", "nan", "null", "none", "-", "--", "?", "<na>", "#n/a", "n.a."])
"""Cells of missing numbers, in lower case."""

SHARE = 0.9
"""Smallest share of filled cells that must be numbers for a column to be numeric."""

_WRAPPED = re.compile(
    r"(?:(?:np|numpy|torch)\.)?(?:float\d*|u?int\d*|array|tensor)?\s*[\[(]\s*(.*?)\s*(?:,\s*dtype\s*=.*)?[\])]",
    re.IGNORECASE | re.DOTALL,
)
_SCALAR = re.compile(r"(?:np|numpy)\.\w+\(([^()]*)\)")
_PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_WITH_UNIT = re.compile(
    r"[~≈$€£]?\s*(?P<number>[+\-−]?[\d.,'’\u00a0\u202f\u2009 ]*\d[.,]?(?:[eE][+-]?\d+)?)"
    r"\s*(?P<unit>[^\W\d_]{1,12}|[%‰°]|)[.]?"
)
_BLANKS = re.compile(r"(?<=\d)['’\u00a0\u202f\u2009 ](?=\d{3}(?!\d))")
_BY_COMMA = re.compile(r"[+-]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d*)?")
_BY_COMMA_SURELY = re.compile(r"[+-]?[1-9]\d{0,2}(?:(?:,\d{3}){2,}(?:\.\d*)?|,\d{3}\.\d*)")
_BY_DOT = re.compile(r"[+-]?[1-9]\d{0,2}(?:\.\d{3})+(?:,\d*)?")
_BY_DOT_SURELY = re.compile(r"[+-]?[1-9]\d{0,2}(?:(?:\.\d{3}){2,}(?:,\d*)?|(?:\.\d{3})+,\d*)")
_DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+(?:[eE][+-]?\d+)?")
_SEPARATORS = re.compile(r"[\s,;|]+")


def number_of(cell: str) -> float:
    """Return the number in a cell as Python reads it, NaN if there is none."""
    if "_" in cell:  # Python reads 1_000 as a number; in a table it is a name
        return np.nan
    try:
        return float(cell)
    except ValueError:
        return np.nan


def looks_numeric(cell: str) -> bool:
    """Return whether a cell is a number in any of the notations, or a missing one."""
    cell = cell.strip()
    if cell.lower() in MISSING or not np.isnan(number_of(cell)):
        return True
    hit = _WITH_UNIT.fullmatch(_unwrap(cell))
    return hit is not None and hit["unit"] in ("", "%")


def decimal_sign(cells: Iterable[str]) -> str | None:
    """Return the decimal sign that cells of a table prove, "," or "."; None where they prove none or both.

    "0,37" and "1,5" have a decimal comma; "1,234" may have one, or a thousands separator.
    """
    comma = dot = False
    for cell in cells:
        cell = cell.strip()
        if _is_surely_decimal_comma(cell):
            comma = True
        elif _PLAIN.fullmatch(cell) and "." in cell and not _BY_DOT.fullmatch(cell):
            dot = True
    return "," if comma and not dot else "." if dot and not comma else None


def _is_surely_decimal_comma(number: str) -> bool:
    """Return whether the comma of a number can't separate thousands."""
    return bool(_DECIMAL_COMMA.fullmatch(number)) and not _BY_COMMA.fullmatch(number)


def parse_numbers(
    cells: Sequence[str], share: float = SHARE, decimal: str | None = None
) -> np.ndarray | None:
    """Return cells as float64, NaN for missing and infinite ones; None if they are not numbers.

    Parameters
    ----------
    cells : sequence of str
        Stripped.
    share : float in (0, 1]
        Smallest share of filled cells that must be numbers.
    decimal : {",", "."}, optional
        The decimal sign of the table's other columns, which decides about "1,234".
    """
    filled = np.array([cell.lower() not in MISSING for cell in cells])
    if not filled.any():
        return None
    # Python's float, because pandas' parser may differ in the last digit and ids hash the numbers.
    values = np.array([number_of(cell) for cell in cells])
    if decimal == "," and _are_by_dot([cell for cell, is_filled in zip(cells, filled) if is_filled]):
        values = np.array([number_of(cell.replace(".", "")) for cell in cells])
    if np.mean(~np.isnan(values[filled])) < share or _has_numbers_only_by_notation(cells, values, filled):
        noted = _parse_notations(
            [cell if is_filled else "" for cell, is_filled in zip(cells, filled)], decimal
        )
        if noted is not None and np.isnan(values).sum() > np.isnan(noted).sum():
            values = noted
    if np.mean(~np.isnan(values[filled])) < share:
        return None
    return np.where(np.isfinite(values), values, np.nan)


def _are_by_dot(cells: list[str]) -> bool:
    """Return whether all cells with a dot have it before each group of three digits."""
    dotted = [cell for cell in cells if "." in cell]
    return bool(dotted) and all(map(_BY_DOT.fullmatch, dotted))


def _has_numbers_only_by_notation(cells: Sequence[str], values: np.ndarray, filled: np.ndarray) -> bool:
    """Return whether a filled cell that Python doesn't read holds a digit: "1,234" among "838"."""
    return any(
        is_filled and value != value and any(map(str.isdigit, cell))
        for cell, value, is_filled in zip(cells, values, filled)
    )


def _unwrap(cell: str) -> str:
    """Return a cell without the brackets of Python, numpy or torch around all of it."""
    while hit := _WRAPPED.fullmatch(cell):
        cell = hit.group(1).strip()
    return cell


def _parse_notations(cells: list[str], decimal: str | None) -> np.ndarray | None:
    """Return numbers with separators, units and brackets, NaN for other cells; None if they contradict."""
    hits = [_WITH_UNIT.fullmatch(_unwrap(cell)) if cell else None for cell in cells]
    units = [hit["unit"].casefold() for hit in hits if hit and hit["unit"]]
    usual = max(set(units), key=units.count) if units else ""
    numbers = [
        _BLANKS.sub("", hit["number"].strip().replace("−", "-"))
        if hit and hit["unit"].casefold() in ("", usual)
        else ""
        for hit in hits
    ]
    by_comma = any(map(_BY_COMMA_SURELY.fullmatch, numbers))
    has_decimal_comma = any(map(_is_surely_decimal_comma, numbers)) or any(
        map(_BY_DOT_SURELY.fullmatch, numbers)
    )
    if by_comma and has_decimal_comma:
        return None
    if has_decimal_comma or (decimal == "," and not by_comma):
        return np.array([_with_decimal_comma(number) for number in numbers])
    return np.array([_with_decimal_dot(number) for number in numbers])


def _with_decimal_comma(number: str) -> float:
    """Read a number with a decimal comma, and dots between thousands."""
    if "." in number and not _BY_DOT.fullmatch(number):
        return number_of(number) if "," not in number else np.nan
    return number_of(number.replace(".", "").replace(",", "."))


def _with_decimal_dot(number: str) -> float:
    """Read a number with a decimal dot, and commas between thousands."""
    if "," in number and not _BY_COMMA.fullmatch(number):
        return np.nan
    return number_of(number.replace(",", ""))


def parse_vectors(column: pd.Series, share: float = SHARE) -> np.ndarray | str | None:
    """Return a column of lists of numbers as a matrix.

    Returns
    -------
    ndarray of float64, shape=(n_rows, d), str or None
        NaN where a cell has no list; the reason why lists of numbers are no vectors; None for other columns.
    """
    lists = [_list_of(cell) for cell in column.tolist()]
    found = [one for one in lists if one is not None]
    is_filled = [_is_filled(cell) for cell in column.tolist()]
    if not found or len(found) < share * sum(is_filled):
        return None
    lengths = {len(one) for one in found}
    if lengths == {1} or lengths == {0}:
        return None
    if len(lengths) > 1:
        return f"lists of {min(lengths)} to {max(lengths)} numbers"
    d = lengths.pop()
    X = np.array([one if one is not None else [np.nan] * d for one in lists], dtype=float)
    return np.where(np.isfinite(X), X, np.nan)


def _is_filled(cell: object) -> bool:
    """Return whether a cell holds anything."""
    if isinstance(cell, (list, tuple, np.ndarray)):
        return True
    return cell is not None and cell == cell and str(cell).strip().lower() not in MISSING


def _list_of(cell: object) -> list[float] | None:
    """Return the numbers in a cell that is a list, or text of one; None for any other cell."""
    if isinstance(cell, (list, tuple, np.ndarray)):
        try:
            return np.asarray(cell, dtype=float).ravel().tolist()
        except (ValueError, TypeError):
            return _nested(cell)
    if not isinstance(cell, str):
        return None
    text = _SCALAR.sub(r"\1", cell.strip())
    inner = _unwrap(text)
    parts = [part for part in _SEPARATORS.split(re.sub(r"[\[\](){}]", " ", inner)) if part]
    if inner == text and len(parts) < 3:  # "1,5" without brackets is a number
        return None
    numbers = [number_of(part) for part in parts]
    is_list = all(value == value or part.lower() in ("nan", "none") for value, part in zip(numbers, parts))
    return numbers if is_list and numbers else None


def _nested(cell: object) -> list[float] | None:
    """Return the numbers of nested lists of one shape, as Parquet files hold them."""
    try:
        return np.concatenate([np.asarray(row, dtype=float).ravel() for row in cell]).tolist()  # type: ignore[attr-defined]
    except (ValueError, TypeError):
        return None

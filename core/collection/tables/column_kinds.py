"""Which columns of a table are numbers, vectors and text; which numbers are no features."""

import re
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from core.collection.tables.join_keys import plain_name
from core.collection.tables.numbers import MISSING, parse_vectors
from core.collection.tables.sheet import Sheet, as_numbers, as_text

NO_FEATURE = re.compile(
    r"(unnamed(: ?\d+)?|index|idx|row|(row|track|song|file)?[ _-]?(id|no|nr|number)|(track|disc|disk)|"
    r"(length|duration|dur)([ _-]?(s|ms|sec|seconds|samples|frames))?|n[ _-]?(samples|frames))",
    re.IGNORECASE,
)
"""Names of columns that hold a length or an index, not a feature."""

OWN_EXPORT = frozenset(["track_id", "title_from", "cluster"])
"""Columns that together tell a table that Songscape exported."""

OF_EXPORT = ("cluster", "x", "y", "row", "duration_s")
"""Numbers of an exported table that are results or bookkeeping, not features."""

VECTOR = "vector"
"""Column of an exported table that holds the vectors; where it is, other numbers are metadata."""

_NO_NUMBERS = re.compile(r"genre|tag|(^|_)ids?$", re.IGNORECASE)
_STARTS_AS_NUMBER = re.compile(r"[\[({]?\s*[~<>≈$€£+\-−]?\s*[.,]?\d")
_LONGEST_NUMBER = 40  # characters; a longer cell that begins with a digit is a text


@dataclass
class Columns:
    """The columns of a table by what they hold.

    Attributes
    ----------
    numbers : dict
        float64 by name, NaN where a cell holds no number; a column of vectors gives several.
    texts : dict
        Series of str by name.
    empty : list of str
        Columns without any value.
    unread : dict of str
        Columns that look like numbers, and why they were not read as such.
    """

    numbers: dict[str, np.ndarray] = field(default_factory=dict)
    texts: dict[str, pd.Series] = field(default_factory=dict)
    empty: list[str] = field(default_factory=list)
    unread: dict[str, str] = field(default_factory=dict)


def split_columns(sheet: Sheet, text_columns: set[str | None]) -> Columns:
    """Return the numeric columns, the text columns, and those that are neither.

    Parameters
    ----------
    text_columns : set of str
        Columns that are text whatever they hold: keys, labels, titles, lyrics …
    """
    frame, columns = sheet.frame, Columns()
    is_own = set(frame.columns) >= OWN_EXPORT
    if is_own and VECTOR in frame:
        text_columns = text_columns | set(frame.columns) - {VECTOR}
    for name in frame.columns:
        if is_own and name in OF_EXPORT:
            continue
        cells = frame[name]
        vectors: np.ndarray | str | None = None
        if name not in text_columns:
            values = as_numbers(cells, decimal=sheet.decimal)
            if values is not None:
                if np.isnan(values).all():
                    columns.empty.append(name)
                else:
                    columns.numbers[name] = values
                continue
            vectors = None if _NO_NUMBERS.search(plain_name(name)) else parse_vectors(cells)
            if isinstance(vectors, np.ndarray):
                columns.numbers |= {
                    _free(f"{name}_{i}", frame): vectors[:, i] for i in range(vectors.shape[1])
                }
                continue
        texts = as_text(cells)
        if name not in text_columns and (texts == "").all():
            columns.empty.append(name)
            continue
        columns.texts[name] = texts
        if name not in text_columns:
            reason = vectors if isinstance(vectors, str) else _why_unread(texts)
            columns.unread |= {name: reason} if reason else {}
    return columns


def _free(name: str, frame: pd.DataFrame) -> str:
    """Return a name that no column of the frame has."""
    while name in frame.columns:
        name += "_"
    return name


def _why_unread(texts: pd.Series) -> str:
    """Return why cells that mostly begin as numbers are none, "" for other text."""
    filled = [cell for cell in texts if cell.lower() not in MISSING]
    begin = [cell for cell in filled if _STARTS_AS_NUMBER.match(cell) and len(cell) <= _LONGEST_NUMBER]
    lists = [cell for cell in filled if cell[:1] in "[(" and any(map(str.isdigit, cell)) and "'" not in cell]
    if max(len(begin), len(lists)) < max(1, len(filled) / 2):
        return ""
    odd = pd.Series(filled)
    unread = odd[[as_numbers(pd.Series([cell])) is None for cell in filled]]
    example = unread.iloc[0] if len(unread) else filled[0]
    return f"{example[:_LONGEST_NUMBER]!r} is no number"


def why_no_feature(name: str, cells: pd.Series | np.ndarray) -> str:
    """Return why a numeric column is no feature, "" if it is one.

    Left out are columns with one value only, columns that count the rows, and lengths, durations and indices
    by name.
    """
    values = numbers_of(cells)
    finite = values[~np.isnan(values)]
    if not len(finite):
        return "holds no number"
    if finite.min() == finite.max():
        return "has the same value everywhere"
    if NO_FEATURE.fullmatch(str(name).strip()):
        return "a length or an index, not a feature"
    return "counts the rows" if _counts_rows(finite) else ""


def numbers_of(cells: pd.Series | np.ndarray) -> np.ndarray:
    """Return a numeric column as float64, NaN where a cell holds no finite number."""
    values = pd.Series(cells).to_numpy(dtype=np.float64, na_value=np.nan)
    return np.where(np.isfinite(values), values, np.nan)


def _counts_rows(values: np.ndarray) -> bool:
    """Return whether values are consecutive integers in any order; three rows may be so by chance."""
    if len(values) <= 3 or (values % 1 != 0).any():
        return False
    return bool((np.diff(np.sort(values)) == 1).all())

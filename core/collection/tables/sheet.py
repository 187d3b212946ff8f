"""Read a CSV or Parquet file."""

import io
import os
import re
from pathlib import Path

import numpy as np
import pandas as pd

from core.collection.tables.encodings import decode
from core.errors import CollectionError

ENDINGS = (".csv", ".tsv", ".parquet", ".pq")
MAX_BYTES = 2 * 2**30
"""Largest table that is read; more would not fit in the memory of a laptop."""

MISSING = frozenset(["", "na", "n/a", "nan", "null", "none", "-", "?"])
"""Cells of missing numbers, in lower case."""


def is_sheet_name(name: str | Path) -> bool:
    """Return whether a file name has the ending of a table."""
    return os.fspath(name).lower().endswith(ENDINGS)


def read_sheet(path: str | Path) -> pd.DataFrame:
    """Read a table; cells of a CSV file are strings, columns of a Parquet file have their type.

    The encoding (UTF-8, UTF-16, legacy encodings) and the delimiter (comma, semicolon, tab, bar) of a CSV
    file are detected from its content.

    Raises
    ------
    CollectionError
        When the file is missing, too large, empty, damaged, or not a table.
    """
    path = Path(os.path.expanduser(path))
    if not path.is_file():
        raise CollectionError(f"there is no table {path}" if not path.exists() else f"{path} is not a file")
    if not is_sheet_name(path):
        raise CollectionError(
            f"{path.name} is not a table that can be read; allowed are {', '.join(ENDINGS)}"
        )
    size = path.stat().st_size
    if not 0 < size <= MAX_BYTES:
        raise CollectionError(
            f"{path.name} is empty"
            if not size
            else f"{path.name} has {size:,} bytes, more than {MAX_BYTES:,}"
        )
    try:
        parquet = path.suffix.lower() in (".parquet", ".pq")
        sheet = pd.read_parquet(path) if parquet else _read_csv(path)
    except (OSError, ValueError, pd.errors.ParserError) as error:  # pyarrow's errors are both of these
        raise CollectionError(
            f"{path.name} can't be read as a table: {' '.join(str(error).split())[:300]}"
        ) from error
    counted = sheet.index.name is None and pd.api.types.is_numeric_dtype(sheet.index)
    sheet = sheet.reset_index(drop=counted)  # an unnamed numeric index is only the order of rows
    sheet.columns = [str(column).strip() for column in sheet.columns]
    twice = sheet.columns[sheet.columns.duplicated()]
    if len(twice):
        raise CollectionError(f"{path.name} has two columns named {twice[0]!r}")
    if not len(sheet):
        raise CollectionError(f"{path.name} has column names but no rows")
    return sheet


def _read_csv(path: Path) -> pd.DataFrame:
    """Read delimited text, each cell a string."""
    text = decode(path.read_bytes())
    if "\0" in text:
        raise CollectionError(f"{path.name} is not text, so it is not a CSV file")
    text = text.lstrip("\ufeff\r\n")
    header = text.split("\n", 1)[0].rstrip("\r")
    bare = re.sub(r'"[^"]*"', "", header)
    delimiter = max(",;\t|", key=bare.count)
    names = [name.strip().strip('"') for name in header.split(delimiter)]
    if len(names) > 1 and not any(np.isnan(_number(name)) for name in names if name):
        raise CollectionError(
            f"the first line of {path.name} holds numbers; it should hold the names of the columns"
        )
    sheet = pd.read_csv(io.StringIO(text), sep=delimiter, dtype=str, keep_default_na=False, na_filter=False)
    if not isinstance(sheet.index, pd.RangeIndex):
        raise CollectionError(f"{path.name}: lines have more cells than the first line has names")
    return sheet.fillna("")


def _number(cell: str) -> float:
    """Return the number in a cell, NaN if there is none."""
    try:
        return (
            float(cell) if "_" not in cell else np.nan
        )  # Python reads 1_000 as a number; in a table it is a name
    except ValueError:
        return np.nan


def as_text(column: pd.Series) -> pd.Series:
    """Return a column as stripped strings, "" if missing; 7.0 in a column of integers is "7"."""
    if pd.api.types.is_float_dtype(column) and (column.dropna() % 1 == 0).all():
        column = column.astype("Int64")
    missing = column.isna().tolist()
    return pd.Series(
        ["" if is_missing else _clean(cell) for cell, is_missing in zip(column.tolist(), missing)], dtype=str
    )


def _clean(cell: object) -> str:
    """Return a cell as text that Parquet can store."""
    text = str(cell).strip()
    if text in ("nan", "NaN", "None", "<NA>"):
        return ""
    return text if text.isascii() else text.encode("utf-8", "ignore").decode("utf-8")


def as_numbers(column: pd.Series, share: float = 0.9) -> np.ndarray | None:
    """Return a column as float64, NaN for missing and infinite cells; None if it is not numeric.

    Parameters
    ----------
    share : float in (0, 1]
        Smallest share of filled cells that must be numbers.
    """
    if pd.api.types.is_bool_dtype(column) or pd.api.types.is_numeric_dtype(column):
        values = column.to_numpy(dtype=float, na_value=np.nan)
    elif pd.api.types.is_string_dtype(column) or column.dtype == object:
        cells = [str(cell).strip() for cell in column.tolist()]
        if "_" not in "".join(cells):
            try:  # numpy parses exactly as Python, ten times as fast, if every cell is a number
                values = np.array(cells, dtype=float)
                return np.where(np.isfinite(values), values, np.nan)
            except ValueError:
                pass
        filled = np.array([cell.lower() not in MISSING for cell in cells])
        # Python's float, because pandas' parser may differ in the last digit and ids hash the numbers.
        values = np.array([_number(cell) for cell in cells])
        if not filled.any() or np.mean(~np.isnan(values[filled])) < share:
            return None
    else:
        return None
    return np.where(np.isfinite(values), values, np.nan)

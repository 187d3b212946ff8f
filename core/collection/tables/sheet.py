"""Read a CSV or Parquet file."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from core.collection.tables.delimited_text.delimited import MAX_COLUMNS, read_delimited
from core.collection.tables.encodings import decode_with_encoding
from core.collection.tables.numbers import SHARE, parse_numbers
from core.errors import CollectionError

ENDINGS = (".csv", ".tsv", ".parquet", ".pq")
MAX_TEXT_BYTES = 2**29
"""Largest CSV file that is read: text, cells and their copies take five times as much memory or more."""
MAX_DECODED_BYTES = 2**30
"""Most that a Parquet file may become in memory."""
MAX_ROWS = 5_000_000
_DAMAGED = (OSError, ValueError, LookupError, TypeError, ArithmeticError, RuntimeError, MemoryError)
"""What pandas and pyarrow raise over damaged bytes, schemas and metadata."""


@dataclass(frozen=True, eq=False)
class Sheet:
    """A table as it was read.

    Attributes
    ----------
    frame : DataFrame
        Cells of a CSV file are strings, columns of a Parquet file have their type.
    report : dict
        What was guessed or left out, only where it is unusual: "encoding" (guessed), "n_replaced" (broken
        characters), "skipped" (number of lines by kind), "n_joined" (lines with more cells than the header),
        "n_header" (rows of the header, if not one). JSON.
    decimal : str or None
        "," or "." where the cells prove the decimal sign.
    """

    frame: pd.DataFrame
    report: dict = field(default_factory=dict)
    decimal: str | None = None


def is_sheet_name(name: str | Path) -> bool:
    """Return whether a file name has the ending of a table."""
    return os.fspath(name).lower().endswith(ENDINGS)


def read_sheet(path: str | Path) -> pd.DataFrame:
    """Read the rows of a table; see :func:`open_sheet`."""
    return open_sheet(path).frame


def open_sheet(path: str | Path) -> Sheet:
    """Read a table, and report what was guessed or left out.

    The encoding (UTF-8, UTF-16, legacy encodings), the delimiter (comma, semicolon, tab, bar, blanks), titles
    and comments above the header, and the rows of the header of a CSV file are detected from its content.

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
    if not size:
        raise CollectionError(f"{path.name} is empty")
    is_parquet = path.suffix.lower() in (".parquet", ".pq")
    most = MAX_DECODED_BYTES if is_parquet else MAX_TEXT_BYTES
    if size > most:
        advice = "" if is_parquet else "; save it as Parquet, which takes less memory"
        raise CollectionError(f"{path.name} has {size:,} bytes, more than {most:,}{advice}")
    try:
        sheet = Sheet(_plain_frame(_read_parquet(path))) if is_parquet else _read_csv(path)
    except _DAMAGED as error:
        raise CollectionError(
            f"{path.name} can't be read as a table: {' '.join(str(error).split())[:300]}"
        ) from error
    frame = sheet.frame
    twice = frame.columns[frame.columns.duplicated()]
    if len(twice):
        raise CollectionError(f"{path.name} has two columns named {twice[0]!r}")
    if not len(frame):
        raise CollectionError(f"{path.name} has column names but no rows")
    return sheet


def _read_parquet(path: Path) -> pd.DataFrame:
    """Read a Parquet file batch by batch, until it is larger than its bounds: few bytes can state many rows.

    Raises
    ------
    CollectionError
        When it has more than :data:`MAX_ROWS`, :data:`MAX_COLUMNS` or :data:`MAX_DECODED_BYTES`.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        n_rows, n_columns = file.metadata.num_rows, file.metadata.num_columns
        _check_size(path, n_rows, n_columns)
        batches, n_rows, n_bytes = [], 0, 0
        for batch in file.iter_batches(batch_size=max(1, min(4_096, 2**22 // max(1, n_columns)))):
            whole = _without_dictionaries(batch)  # whose few values would otherwise count once
            n_rows, n_bytes = n_rows + whole.num_rows, n_bytes + whole.nbytes
            _check_size(path, n_rows, n_columns, n_bytes)
            batches.append(whole)
        schema = file.schema_arrow if not batches else batches[0].schema
        return pa.Table.from_batches(batches, schema).to_pandas()


def _without_dictionaries(batch: Any) -> Any:
    """Return a record batch with every value of dictionary-encoded columns written out."""
    import pyarrow as pa

    columns = [
        column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
        for column in batch.columns
    ]
    fields = [pa.field(name, column.type) for name, column in zip(batch.schema.names, columns)]
    return pa.RecordBatch.from_arrays(columns, schema=pa.schema(fields, batch.schema.metadata))


def _check_size(path: Path, n_rows: int, n_columns: int, n_bytes: int = 0) -> None:
    """Refuse a table beyond the bounds."""
    n_bytes = max(n_bytes, n_rows * n_columns)  # of every cell at least one byte
    bounds = (
        (n_rows, MAX_ROWS, "rows"),
        (n_columns, MAX_COLUMNS, "columns"),
        (n_bytes, MAX_DECODED_BYTES, "bytes"),
    )
    for n, most, what in bounds:
        if n > most:
            raise CollectionError(f"{path.name} has {n:,} {what}, more than {most:,}, and isn't read")


def _plain_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame with its index as columns, unless that only counts, and names without levels."""
    counted = frame.index.name is None and pd.api.types.is_numeric_dtype(frame.index)
    frame = frame.reset_index(drop=counted)
    frame.columns = [
        ".".join(str(level) for level in column if str(level)) if isinstance(column, tuple) else str(column)
        for column in frame.columns
    ]
    return frame.rename(columns=str.strip)


def _read_csv(path: Path) -> Sheet:
    """Read delimited text, each cell a string."""
    decoded = decode_with_encoding(path.read_bytes())
    if "\0" in decoded.text:
        raise CollectionError(f"{path.name} is not text, so it is not a CSV file")
    frame, dialect = read_delimited(decoded.text)
    report: dict = {}
    if decoded.is_guessed:
        report["encoding"] = decoded.encoding
    if decoded.n_replaced:
        report["n_replaced"] = decoded.n_replaced
    if dialect.skipped:
        report["skipped"] = dialect.skipped
    if dialect.n_joined:
        report["n_joined"] = dialect.n_joined
    if dialect.n_header != 1:
        report["n_header"] = dialect.n_header
    return Sheet(frame, report, dialect.decimal)


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


def as_numbers(column: pd.Series, share: float = SHARE, decimal: str | None = None) -> np.ndarray | None:
    """Return a column as float64, NaN for missing and infinite cells; None if it is not numeric.

    Parameters
    ----------
    share : float in (0, 1]
        Smallest share of filled cells that must be numbers.
    decimal : {",", "."}, optional
        The decimal sign of the table; see :func:`core.collection.tables.numbers.parse_numbers`.
    """
    if pd.api.types.is_bool_dtype(column) or pd.api.types.is_numeric_dtype(column):
        values = column.to_numpy(dtype=float, na_value=np.nan)
        return np.where(np.isfinite(values), values, np.nan)
    if not (pd.api.types.is_string_dtype(column) or column.dtype == object):
        return None
    cells = [str(cell).strip() for cell in column.tolist()]
    if decimal != "," and "_" not in "".join(cells):
        try:  # numpy parses exactly as Python, ten times as fast, if every cell is a number
            values = np.array(cells, dtype=float)
            return np.where(np.isfinite(values), values, np.nan)
        except ValueError:
            pass
    return parse_numbers(cells, share, decimal)

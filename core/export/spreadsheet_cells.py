"""Tables for spreadsheets, which run some cells as formulas.

References
----------
OWASP, "CSV Injection": cells that begin with = + - @, a tab or a carriage return.
"""

import csv
import re
from typing import IO

import numpy as np
import pandas as pd

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""First characters by which a spreadsheet takes text for a formula."""
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d+)?|[.,]\d+)([eE][+-]?\d+)?")


def neutralise(text: str) -> str:
    """Return text that no spreadsheet takes for a formula; numbers stay.

    >>> [neutralise(text) for text in ("=SUM(A1)", "-3.5", "-la la", "Sonata")]
    ["'=SUM(A1)", '-3.5', "'-la la", 'Sonata']
    """
    return f"'{text}" if text.startswith(FORMULA) and not _NUMBER.fullmatch(text) else text


def write_csv(table: pd.DataFrame, file: IO[str]) -> None:
    """Write a table to a text file: numbers as they are, missing ones empty, text that is no formula."""
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow([neutralise(str(name)) for name in table.columns])
    for row in table.itertuples(index=False):
        writer.writerow([_cell(value) for value in row])


def _cell(value) -> object:
    """Return a cell."""
    if isinstance(value, (int, float, np.number)) and not isinstance(value, bool):
        return "" if pd.isna(value) else value
    return neutralise(str(value)) if value is not None and value is not pd.NA else ""

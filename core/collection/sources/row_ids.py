"""Ids of the rows of a table: hashes of their content, and rows that have the same."""

import hashlib
from collections import Counter

import numpy as np
import pandas as pd

from core.collection.problem import Problem


def hash_rows(table: pd.DataFrame, texts: pd.DataFrame) -> list[str]:
    """Return an id per row: BLAKE2b-128 over its numbers and texts in the order of the columns' names.

    The order of rows and columns has no effect. Equal rows are numbered; they are interchangeable, so the
    number may follow their order.
    """
    table, texts = table[sorted(table.columns)], texts[sorted(texts.columns)]
    head = repr((list(table.columns), list(texts.columns))).encode()
    X = _plain_numbers(table)
    all_cells = texts.astype(str).to_numpy(object)
    ids, times = [], Counter[bytes]()
    for numbers, cells in zip(X, all_cells if all_cells.size else [[]] * len(X)):
        row = hashlib.blake2b(head + numbers.tobytes() + repr(list(cells)).encode(), digest_size=16).digest()
        times[row] += 1
        again = (
            row
            if times[row] == 1
            else hashlib.blake2b(row + str(times[row]).encode(), digest_size=16).digest()
        )
        ids.append(again.hex())
    return ids


def _plain_numbers(table: pd.DataFrame) -> np.ndarray:
    """Return numbers so that equal ones have equal bytes: one zero, one NaN."""
    X = np.ascontiguousarray(table.to_numpy(np.float64)) + 0.0  # -0.0 becomes 0.0
    X[np.isnan(X)] = np.nan
    return X


def report_duplicates(rows: pd.DataFrame, tracks: pd.DataFrame) -> list[Problem]:
    """Report rows whose numbers, or texts, equal those of another, with both labels where they differ.

    Parameters
    ----------
    rows : DataFrame
        What is compared: the numeric columns, or the texts of a table without.
    tracks : DataFrame
        Same order, with ``file``, ``row`` and ``label``.
    """
    are_numbers = all(map(pd.api.types.is_numeric_dtype, rows.dtypes))
    cells = _plain_numbers(rows) if are_numbers else rows.astype(str).to_numpy(object)
    problems = []
    first: dict[bytes | tuple, int] = {}
    names = [file or f"row {row}" for file, row in zip(tracks["file"], tracks["row"])]
    labels = tracks["label"].tolist()
    for row, values in enumerate(cells):
        original = first.setdefault(values.tobytes() if are_numbers else tuple(values), row)
        if original == row:
            continue
        reason = f"the same {'numbers' if are_numbers else 'texts'} as {names[original]}"
        if labels[row] != labels[original]:
            reason += f", but labelled {labels[row]!r} instead of {labels[original]!r}"
        problems.append(Problem(names[row], f"{reason}; kept", "duplicate"))
    return problems

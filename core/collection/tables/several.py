"""Read one table, or the rows of several as one."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from core.collection.tables.join import KNOWN
from core.collection.tables.join_keys import plain_name
from core.collection.tables.sheet import Sheet, open_sheet

FILE = "source_file"
"""Column with the name of each row's file, where there are several."""


def open_sheets(paths: Sequence[Path]) -> Sheet:
    """Read tables, the rows of one below those of the other.

    Columns with the same name or the same meaning ("Lyrics" and "lyrics", "song" and "title") are one. A cell
    is empty where a file lacks the column. The report of several files holds one report by file name.
    """
    if len(paths) == 1:
        return open_sheet(paths[0])
    sheets = [open_sheet(path) for path in paths]
    names: dict[str, str] = {}
    frames = []
    for path, sheet in zip(paths, sheets):
        given = sheet.frame.rename(
            columns={column: names.setdefault(_meaning(column), column) for column in sheet.frame}
        )
        given = given.loc[:, ~given.columns.duplicated()]
        frames.append(given.assign(**{FILE: _shown(path, paths)}))
    signs = {sheet.decimal for sheet in sheets if sheet.decimal}
    return Sheet(
        pd.concat(frames, ignore_index=True).pipe(_without_gaps),
        {_shown(path, paths): sheet.report for path, sheet in zip(paths, sheets) if sheet.report},
        signs.pop() if len(signs) == 1 else None,
    )


def _meaning(column: str) -> str:
    """Return what a column means if that is known, else its plain name."""
    name = plain_name(column)
    return next((meaning for meaning, names in KNOWN.items() if name in names), name)


def _shown(path: Path, paths: Sequence[Path]) -> str:
    """Return a file's name, with its folder where another file has the same name."""
    return (
        path.name
        if sum(other.name == path.name for other in paths) == 1
        else f"{path.parent.name}/{path.name}"
    )


def _without_gaps(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame with "" for missing cells of columns of text."""
    return frame.assign(
        **{
            column: frame[column].fillna("")
            for column in frame
            if pd.api.types.is_string_dtype(frame[column]) or frame[column].dtype == object
        }
    )

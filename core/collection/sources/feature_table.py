"""Read a table of pre-extracted features, with or without the audio of its rows."""

import hashlib
import os
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd

from core.collection.problem import Problem
from core.collection.sources.audio_join import join_audio
from core.collection.tables.join import known_columns, resolve_label
from core.collection.tables.keys import first_column, key_columns, plain_name, without_ending
from core.collection.tables.sheet import as_numbers, as_text, read_sheet
from core.errors import CollectionError
from core.progress import Progress, silent

LABEL_NAMES = ("label", "genre", "tradition", "class", "category")
"""Columns that are the label by default, in lower case without spaces and underscores."""

OWN_COLUMNS = ("track_id", "path", "file", "sound_file", "row", "title_from", "duration_s")
"""Columns of a collection that a table's columns of the same name must not replace."""


def read_table(
    path: str | Path,
    *,
    audio: str | Path | None = None,
    on: str | None = None,
    label: str | None = None,
    label_elsewhere: bool = False,
    progress: Progress = silent,
) -> tuple[pd.DataFrame, pd.DataFrame, list[Problem], dict]:
    """Read a CSV or Parquet table whose numeric columns are features.

    A column is numeric if 90 % of its filled cells are numbers; other cells, and infinite ones, become NaN
    and are counted. The column that names the track, the label and known text columns are not features.

    A row's ``track_id`` hashes its content. With ``audio``, a row with an audio file takes the id of the file
    instead, so that it is the same track as in a collection of that folder; rows that share a file (segments
    of one track) use the id of their content.

    Parameters
    ----------
    audio : path, optional
        The folder with the audio files of the rows.
    on : str, optional
        The column that names the audio file; by default the first of
        :data:`core.collection.tables.keys.KEY_COLUMNS` that matches.
    label : str, optional
        The column of the label; by default the first of :data:`LABEL_NAMES`.
    label_elsewhere : bool
        Whether ``label`` may be a column of a table that is joined later.

    Returns
    -------
    tracks : DataFrame
        ``row`` is the row's number in the file, from 1.
    table : DataFrame of float64
        Same order; NaN where a cell holds no number.
    problems : list of Problem
        Duplicate rows, with their labels where those differ; unusable audio files.
    info : dict

    Raises
    ------
    CollectionError
        When the table can't be read, has no numeric column, lacks the given label or key, or no row matches
        an audio file.
    """
    path = Path(os.path.expanduser(path))
    sheet = read_sheet(path)
    keys = key_columns(sheet, on)
    known = known_columns(sheet.columns)
    label_column = _label_column(sheet, label, label_elsewhere)
    numbers, texts, empty = _split_columns(sheet, {*keys, label_column, *known})
    if not numbers:
        raise CollectionError(
            f"{path.name} has no numeric column, so it is not a table of features; to join titles and "
            f"lyrics to a folder, add the folder with --text {path.name}"
        )
    table = pd.DataFrame(numbers)
    tracks, title_from = _tracks(sheet, keys, known, texts)
    tracks["label"] = texts[label_column] if label_column else ""
    tracks["track_id"] = hash_rows(table, pd.DataFrame(texts))
    problems = _report_duplicates(table, tracks)
    info = {
        "n_rows": len(sheet),
        "n_features": len(numbers),
        "key": keys[0] if keys else None,
        "titles": title_from,
        "empty_columns": empty,
        "cells_without_number": int(table.isna().sum().sum()),
        "labels": {
            "asked": label if label_column else None,
            "from": label_column or "nothing",
            "n_labelled": int((tracks["label"] != "").sum()),
            "n_labels": int(tracks.loc[tracks["label"] != "", "label"].nunique()),
        },
        "n_duplicates": len(problems),
        "n_conflicting_labels": sum("labelled" in problem.reason for problem in problems),
    }
    if audio is not None:
        tracks, more, info["audio_join"] = join_audio(
            sheet, tracks, table=path, audio=audio, on=on, progress=progress
        )
        problems += more
    return tracks, table, problems, info


def _label_column(sheet: pd.DataFrame, label: str | None, label_elsewhere: bool) -> str | None:
    """Return the column of the label, None where there is none or another table has it."""
    if label is None:
        return first_column(sheet.columns, LABEL_NAMES)
    if label_elsewhere and first_column(sheet.columns, [plain_name(label)]) is None:
        return None
    return resolve_label(label, {column: column for column in sheet.columns}, sheet)


def _split_columns(
    sheet: pd.DataFrame, text_columns: set[str | None]
) -> tuple[dict[str, np.ndarray], dict[str, pd.Series], list[str]]:
    """Return the numeric columns, the text columns, and the names of other columns without any value."""
    numbers, texts, empty = {}, {}, []
    for column in sheet.columns:
        values = None if column in text_columns else as_numbers(sheet[column])
        if values is not None:
            if np.isnan(values).all():
                empty.append(column)
            else:
                numbers[column] = values
            continue
        cells = as_text(sheet[column])
        if column not in text_columns and (cells == "").all():
            empty.append(column)
        else:
            texts[column] = cells
    return numbers, texts, empty


def _tracks(
    sheet: pd.DataFrame, keys: list[str], known: dict[str, str], texts: dict[str, pd.Series]
) -> tuple[pd.DataFrame, str]:
    """Return the tracks with their text columns, and the origin of the titles."""
    tracks = pd.DataFrame({"row": np.arange(1, len(sheet) + 1)}).assign(path="")
    for column, values in texts.items():
        if column in keys[:1]:
            continue  # it becomes ``file``
        meaning = known.get(column, column)
        tracks[f"table_{column}" if meaning in OWN_COLUMNS else meaning] = values
    tracks["file"] = texts[keys[0]] if keys else ""
    if "title" not in tracks:
        names = [without_ending(name.replace("\\", "/").rsplit("/", 1)[-1]) for name in tracks["file"]]
        tracks["title"] = [name or f"row {row}" for name, row in zip(names, tracks["row"])]
        tracks["title_from"] = ["file name" if name else "row" for name in names]
    else:
        tracks["title_from"] = "table"
    return tracks, tracks["title_from"].iloc[0]


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


def _report_duplicates(table: pd.DataFrame, tracks: pd.DataFrame) -> list[Problem]:
    """Report rows whose numbers equal those of another, with both labels where they differ."""
    problems = []
    first: dict[bytes, int] = {}
    names = [file or f"row {row}" for file, row in zip(tracks["file"], tracks["row"])]
    labels = tracks["label"].tolist()
    for row, numbers in enumerate(_plain_numbers(table)):
        original = first.setdefault(numbers.tobytes(), row)
        if original == row:
            continue
        reason = f"the same numbers as {names[original]}"
        if labels[row] != labels[original]:
            reason += f", but labelled {labels[row]!r} instead of {labels[original]!r}"
        problems.append(Problem(names[row], f"{reason}; kept", "duplicate"))
    return problems

"""Reading a table of pre-extracted features, with or without the sound of its rows."""

import hashlib
import os
from collections import defaultdict
from pathlib import Path

import numpy as np
import pandas as pd

from core.collection.problem import Problem
from core.collection.sources.folder import read_folder
from core.collection.tables.join import best_key, known_columns, resolve_label
from core.collection.tables.keys import key_columns, plain_name, without_ending
from core.collection.tables.sheet import as_numbers, as_text, read_sheet
from core.errors import CollectionError
from core.progress import Progress, silent

LABEL_NAMES = ("label", "genre", "tradition", "class", "category")
"""Columns taken as the label when none is named, without capitals, spaces and underscores."""

OWN_COLUMNS = ("track_id", "path", "file", "sound_file", "row", "title_from", "duration_s")
"""Columns of a collection that a table's columns of the same name don't fill."""


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

    A column is numeric when 9 in 10 of its filled cells are numbers; cells that are none, and infinite ones,
    become nan and are counted. The column that names the track, the label and columns known as text are no
    features.

    A row's ``track_id`` hashes its content. With ``audio``, a row whose sound is found takes the id of the
    sound file instead, so that it is the same track as in a collection of that folder; rows that share a
    sound file (segments of one track) keep the id of their content.

    Parameters
    ----------
    audio : path, optional
        The folder with the sound of the rows.
    on : str, optional
        The column that names the sound; left out, the first of :data:`core.collection.tables.keys.KEY_COLUMNS` that
        fits.
    label : str, optional
        The column that is the label; left out, the first of :data:`LABEL_NAMES`.
    label_elsewhere : bool
        True where ``label`` may come with a table that is joined later.

    Returns
    -------
    tracks : DataFrame
        ``row`` is the row's number in the file, from 1.
    table : DataFrame of float64
        Same order; nan where a cell held no number.
    problems : list of Problem
        Rows with the numbers of another, with the labels where those differ; broken sound files.
    info : dict

    Raises
    ------
    CollectionError
        When the table can't be read, has no numeric column, lacks the label or key that was named, or no row
        fits a sound.
    """
    path = Path(os.path.expanduser(path))
    sheet = read_sheet(path)
    keys = key_columns(sheet, on)
    known = known_columns(sheet.columns)
    named = {plain_name(column): column for column in sheet.columns}
    if label is None:
        label_column = next((named[name] for name in LABEL_NAMES if name in named), None)
    elif label_elsewhere and plain_name(label) not in named:
        label_column = None
    else:
        label_column = resolve_label(label, {column: column for column in sheet.columns}, sheet)

    numbers, texts, empty = {}, {}, []
    for column in sheet.columns:
        text = column in keys or column == label_column or column in known
        values = None if text else as_numbers(sheet[column])
        if values is None:
            texts[column] = as_text(sheet[column])
            if not text and (texts[column] == "").all():
                empty.append(column)
                del texts[column]
        elif np.isnan(values).all():
            empty.append(column)
        else:
            numbers[column] = values
    if not numbers:
        raise CollectionError(
            f"{path.name} has no column of numbers, so it is no table of features; to join titles and "
            "lyrics to a folder, add "
            f"the folder with --text {path.name}"
        )
    table = pd.DataFrame(numbers)
    tracks, title_from = _tracks(sheet, keys, known, texts)
    tracks["label"] = texts[label_column] if label_column else ""
    tracks["track_id"] = hash_rows(table, pd.DataFrame(texts))
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
    }
    problems = _report_duplicates(table, tracks)
    info |= {
        "n_duplicates": len(problems),
        "n_conflicting_labels": sum("labelled" in problem.reason for problem in problems),
    }
    if audio is not None:
        tracks, more, info["audio_join"] = _join_audio(sheet, tracks, path, audio, on, progress)
        problems += more
    return tracks, table, problems, info


def _tracks(
    sheet: pd.DataFrame, keys: list[str], known: dict[str, str], texts: dict
) -> tuple[pd.DataFrame, str]:
    """Return the tracks that the text columns describe, and where their titles come from."""
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
    """Return an id per row from its content: BLAKE2b-128 over numbers and texts in the order of their names.

    The order of rows and columns changes nothing. Rows that are equal in everything are told apart by
    counting them; they are interchangeable, so the count may follow their order.
    """
    table, texts = table[sorted(table.columns)], texts[sorted(texts.columns)]
    head = repr((list(table.columns), list(texts.columns))).encode()
    X = _plain_numbers(table)
    words = texts.astype(str).to_numpy(object)
    ids, times = [], defaultdict(int)
    for numbers, cells in zip(X, words if words.size else [[]] * len(X)):
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
    """Return numbers so that equal ones are equal bytes: one zero, one nan."""
    X = np.ascontiguousarray(table.to_numpy(np.float64)) + 0.0  # -0.0 becomes 0.0
    X[np.isnan(X)] = np.nan
    return X


def _report_duplicates(table: pd.DataFrame, tracks: pd.DataFrame) -> list[Problem]:
    """Report rows whose numbers equal those of another, with both labels where they differ."""
    problems, first = [], {}
    names = [file or f"row {row}" for file, row in zip(tracks["file"], tracks["row"])]
    labels = tracks["label"].tolist()
    for here, numbers in enumerate(_plain_numbers(table)):
        there = first.setdefault(numbers.tobytes(), here)
        if there == here:
            continue
        reason = f"the same numbers as {names[there]}"
        if labels[here] != labels[there]:
            reason += f", but labelled {labels[here]!r} here and {labels[there]!r} there"
        problems.append(Problem(names[here], f"{reason}; kept", "duplicate"))
    return problems


def _join_audio(
    sheet: pd.DataFrame,
    tracks: pd.DataFrame,
    path: Path,
    audio: str | Path,
    on: str | None,
    progress: Progress,
) -> tuple[pd.DataFrame, list[Problem], dict]:
    """Give each row the sound file that its key names."""
    sounds, problems, counts = read_folder(audio, progress)
    key, match = best_key(sheet, sounds, path, on)
    tracks, hit = tracks.copy(), match.target >= 0
    heard = sounds.iloc[match.target[hit]]
    shared = heard["track_id"].duplicated(keep=False).to_numpy()
    for column in ("path", "duration_s"):
        tracks[column] = pd.Series(heard[column].to_numpy(), index=tracks.index[hit]).reindex(tracks.index)
    tracks["path"] = tracks["path"].fillna("")
    # beside ``file``, which holds the row's own key: another table may be joined by that
    tracks["sound_file"] = (
        pd.Series(heard["file"].to_numpy(), index=tracks.index[hit]).reindex(tracks.index).fillna("")
    )
    tracks.loc[tracks.index[hit][~shared], "track_id"] = heard["track_id"].to_numpy()[~shared]
    for column in (
        "artist",
        "lyrics",
        "language",
        "genres",
        "genre",
    ):  # what the table leaves out, the file's tags may know
        old = tracks[column] if column in tracks else pd.Series("", index=tracks.index)
        new = pd.Series(heard[column].to_numpy(), index=tracks.index[hit]).reindex(tracks.index).fillna("")
        if column == "genres" and "genre" in tracks:  # which it doesn't leave out where it has one
            new = new.where(tracks["genre"] == "", "")
        tracks[column] = old.where(old != "", new)
    if not (tracks["title_from"] == "table").any():
        told = pd.Series((heard["title_from"] == "tags").to_numpy(), index=tracks.index[hit]).reindex(
            tracks.index, fill_value=False
        )
        titles = pd.Series(heard["title"].to_numpy(), index=tracks.index[hit]).reindex(tracks.index)
        tracks["title"], tracks["title_from"] = (
            titles.where(told, tracks["title"]),
            tracks["title_from"].mask(told, "tags"),
        )
    return (
        tracks,
        problems,
        {
            "folder": str(audio),
            "on": key,
            "matched_by": match.by,
            "n_files": counts["n_files"],
            "rows_with_sound": int(hit.sum()),
            "rows_without_sound": int((~hit).sum()),
            "rows_naming_several_files": int(match.ambiguous.sum()),
            "files_without_row": int(len(sounds) - len(set(match.target[hit]))),
            "rows_sharing_a_file": int(shared.sum()),
        },
    )

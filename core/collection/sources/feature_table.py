"""Read a table of pre-extracted features, or of texts alone, with or without the audio of its rows."""

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from core.collection.problem import Problem
from core.collection.sources.audio_join import join_audio
from core.collection.sources.row_ids import hash_rows, report_duplicates
from core.collection.tables.column_kinds import OWN_EXPORT, Columns, split_columns, why_no_feature
from core.collection.tables.join import known_columns, resolve_label
from core.collection.tables.join_keys import first_column, key_columns, plain_name, without_ending
from core.collection.tables.several import FILE, open_sheets
from core.errors import CollectionError
from core.progress import Progress, silent

LABEL_NAMES = ("label", "genre", "genretop", "track.genretop", "tradition", "class", "category")
"""Columns that are the label by default, in lower case without spaces and underscores."""

OWN_COLUMNS = ("track_id", "path", "file", "sound_file", "row", "title_from", "duration_s")
"""Columns of a collection that a table's columns of the same name must not replace."""

TEXTS = ("lyrics", "caption", "title", "artist")
"""Meanings of columns that make texts alone a collection."""

_WORDS_OF_A_TEXT = 5  # per cell on average, for a column of any name to be taken for lyrics


def read_table(
    paths: str | Path | Sequence[str | Path],
    *,
    audio: str | Path | None = None,
    on: str | None = None,
    label: str | None = None,
    joins_text: bool = False,
    progress: Progress = silent,
) -> tuple[pd.DataFrame, pd.DataFrame | None, list[Problem], dict]:
    """Read CSV or Parquet tables whose numeric columns are features, or whose texts are a collection.

    A column is numeric if 90 % of its filled cells are numbers; other cells, and infinite ones, become NaN
    and are counted. The column that names the track, the label and known text columns are not features. A row
    without any number is left out and reported, unless it has lyrics, a caption or audio.

    A row's ``track_id`` hashes its content. With ``audio``, a row with an audio file takes the id of the file
    instead, so that it is the same track as in a collection of that folder; rows that share a file (segments
    of one track) use the id of their content.

    Parameters
    ----------
    paths : path or sequence of path
        Of several tables the rows of all are read; ``source_file`` is each row's file.
    audio : path, optional
        The folder with the audio files of the rows.
    on : str, optional
        The column that names the audio file; by default the first of
        :data:`core.collection.tables.join_keys.KEY_COLUMNS` that matches.
    label : str, optional
        The column of the label; by default the first of :data:`LABEL_NAMES`.
    joins_text : bool
        Whether a table is joined later, which may have the label and the texts.

    Returns
    -------
    tracks : DataFrame
        ``row`` is the row's number in the file, from 1.
    table : DataFrame of float64 or None
        Same order; NaN where a cell holds no number. None without numeric columns.
    problems : list of Problem
        Rows left out; duplicate rows, with their labels where those differ; unusable audio files.
    info : dict

    Raises
    ------
    CollectionError
        When a table can't be read, has neither a numeric column nor texts, lacks the given label or key, or
        no row matches an audio file.
    """
    given = [paths] if isinstance(paths, (str, Path)) else paths
    files = [Path(os.path.expanduser(path)) for path in given]
    sheet = open_sheets(files)
    # With a text alone, --on is a column of that table, which this one may lack.
    keys = key_columns(sheet.frame, on if audio is not None or _has_column(sheet.frame, on) else None)
    known = known_columns(sheet.frame.columns)
    label_column = _label_column(sheet.frame, label, joins_text)
    columns = split_columns(sheet, {*keys, label_column, FILE, *known})
    guessed = _guess_lyrics(columns, known)
    known |= {guessed: "lyrics"} if guessed else {}
    features = [name for name, values in columns.numbers.items() if not why_no_feature(name, values)]
    has_texts = any(meaning in TEXTS for meaning in known.values())
    if not columns.numbers and not (has_texts or joins_text or audio is not None):
        raise CollectionError(
            f"{files[0].name} has no numeric column, and none of lyrics, caption, title or artist, so there "
            f"is nothing to compare; to join it to a folder, add the folder with --text {files[0].name}"
        )
    table = pd.DataFrame(columns.numbers, index=sheet.frame.index)
    tracks, title_from = _tracks(sheet.frame, keys, known, columns.texts)
    tracks["label"] = columns.texts[label_column] if label_column else ""
    texts = pd.DataFrame({name: cells for name, cells in columns.texts.items() if name != FILE})
    tracks["track_id"] = hash_rows(table, texts)
    is_kept = _kept(table[features], tracks) if features and audio is None else np.ones(len(tracks), bool)
    if not is_kept.any():
        raise CollectionError(f"no row of {files[0].name} has a number or a text")
    problems = _report_empty(tracks[~is_kept], len(features))
    tracks, table = (frame[is_kept].reset_index(drop=True) for frame in (tracks, table))
    duplicates = report_duplicates(table if features else _texts_of(tracks), tracks)
    info = _count(columns, table, tracks, duplicates, label_column) | {
        "n_rows": len(sheet.frame),
        "n_left_out": int((~is_kept).sum()),
        "key": keys[0] if keys else None,
        "titles": title_from,
        "lyrics_from": guessed,
        "reading": sheet.report,
    }
    info["labels"]["asked"] = label if label_column else None
    problems += duplicates
    if audio is not None:
        tracks, more, info["audio_join"] = join_audio(
            sheet.frame, tracks, table=files[0], audio=audio, on=on, progress=progress
        )
        problems += more
    # An index or a length beside texts is no audio modality.
    return tracks, table if features or (columns.numbers and not has_texts) else None, problems, info


def _count(
    columns: Columns,
    table: pd.DataFrame,
    tracks: pd.DataFrame,
    duplicates: list[Problem],
    label_column: str | None,
) -> dict:
    """Count what the columns and rows hold."""
    return {
        "n_features": len(columns.numbers),
        "empty_columns": columns.empty,
        "unread_columns": columns.unread,
        "cells_without_number": int(table.isna().sum().sum()),
        "labels": {
            "asked": None,
            "from": label_column or "nothing",
            "n_labelled": int((tracks["label"] != "").sum()),
            "n_labels": int(tracks.loc[tracks["label"] != "", "label"].nunique()),
        },
        "n_duplicates": len(duplicates),
        "n_conflicting_labels": sum("labelled" in problem.reason for problem in duplicates),
    }


def _has_column(frame: pd.DataFrame, name: str | None) -> bool:
    """Return whether a frame has a column of a name."""
    return name is not None and first_column(frame.columns, [plain_name(name)]) is not None


def _label_column(frame: pd.DataFrame, label: str | None, joins_text: bool) -> str | None:
    """Return the column of the label, None where there is none or another table has it."""
    if label is None:
        return first_column(frame.columns, LABEL_NAMES)
    if joins_text and not _has_column(frame, label):
        return None
    return resolve_label(label, {column: column for column in frame.columns}, frame)


def _guess_lyrics(columns: Columns, known: dict[str, str]) -> str | None:
    """Return the column of the longest texts where none is known to hold texts, None if all are short."""
    if columns.numbers or any(meaning in TEXTS for meaning in known.values()):
        return None
    free = [name for name in columns.texts if name not in {*known, *columns.unread, FILE}]
    n_words = {name: columns.texts[name].str.split().str.len().mean() for name in free}
    longest = max(n_words, key=lambda name: n_words[name], default=None)
    return longest if longest is not None and n_words[longest] >= _WORDS_OF_A_TEXT else None


def _tracks(
    frame: pd.DataFrame, keys: list[str], known: dict[str, str], texts: dict[str, pd.Series]
) -> tuple[pd.DataFrame, str]:
    """Return the tracks with their text columns, and the origin of the titles."""
    rows = np.arange(1, len(frame) + 1)
    if FILE in frame:
        rows = frame.groupby(FILE).cumcount().to_numpy() + 1
    tracks = pd.DataFrame({"row": rows}).assign(path="")
    for column, values in texts.items():
        if column in keys[:1]:
            continue  # it becomes ``file``
        meaning = known.get(column, column)
        tracks[f"table_{column}" if meaning in OWN_COLUMNS else meaning] = values
    tracks["file"] = texts[keys[0]] if keys else ""
    names = [without_ending(name.replace("\\", "/").rsplit("/", 1)[-1]) for name in tracks["file"]]
    if "title" not in tracks:
        tracks["title"] = [name or f"row {row}" for name, row in zip(names, tracks["row"])]
        tracks["title_from"] = ["file name" if name else "row" for name in names]
    elif set(frame.columns) >= OWN_EXPORT:
        tracks["title_from"] = tracks.pop("table_title_from")
    else:
        tracks["title_from"] = [
            "file name" if title == name and name else "table" for title, name in zip(tracks["title"], names)
        ]
    return tracks, tracks["title_from"].iloc[0]


def _texts_of(tracks: pd.DataFrame) -> pd.DataFrame:
    """Return the lyrics and captions of tracks, else their titles and artists."""
    for columns in (TEXTS[:2], TEXTS[2:]):
        if found := [column for column in columns if column in tracks]:
            return tracks[found]
    return tracks[["track_id"]]


def _kept(features: pd.DataFrame, tracks: pd.DataFrame) -> np.ndarray:
    """Return which rows have a number, or a text that is used without one."""
    has_text = np.zeros(len(tracks), bool)
    for column in ("lyrics", "caption"):
        if column in tracks:
            has_text |= (tracks[column] != "").to_numpy()
    return features.notna().any(axis=1).to_numpy() | has_text


def _report_empty(rows: pd.DataFrame, n_features: int) -> list[Problem]:
    """Report rows that are left out because they hold no number."""
    return [
        Problem(file or f"row {row}", f"has no number in any of its {n_features} numeric columns; left out")
        for file, row in zip(rows["file"], rows["row"])
    ]

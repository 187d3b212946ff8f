"""Telling which track a cell names: by id, by path or by file name."""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.audio.endings import AUDIO_ENDINGS
from core.collection.tables.sheet import as_text
from core.errors import CollectionError

KEY_COLUMNS = ("id", "track_id", "track", "path", "filename", "file")
"""Names under which a table says which track a row is about, in order of trust."""

_ENDINGS = AUDIO_ENDINGS | {".txt", ".lrc", ".json", ".npy", ".csv"}


@dataclass(frozen=True, eq=False)
class Match:
    """Which target each key names.

    Attributes
    ----------
    target : ndarray of int, shape=(n_keys,)
        Position of the target, -1 where there is none.
    ambiguous : ndarray of bool, shape=(n_keys,)
        True where a key names several targets, so that none was taken.
    by : str
        What they were compared by.
    """

    target: np.ndarray
    ambiguous: np.ndarray
    by: str


def plain_name(column: str) -> str:
    """Return a column's name as names are compared: "File_Name" and "file name" are "filename"."""
    return "".join(column.casefold().replace("-", "_").split()).replace("_", "")


def key_columns(sheet: pd.DataFrame, on: str | None = None) -> list[str]:
    """Return the columns of a table that may say which track a row is about, the first choice first.

    Raises
    ------
    CollectionError
        When ``on`` is no column; lists those there are.
    """
    if on is not None:
        return [find_column(sheet.columns, on, "--on")]
    by_name = {plain_name(column): column for column in reversed(list(sheet.columns))}
    return [by_name[plain_name(name)] for name in KEY_COLUMNS if plain_name(name) in by_name]


def find_column(columns: Sequence[str], wanted: str, what: str) -> str:
    """Return the column called ``wanted``, whatever its capitals.

    Raises
    ------
    CollectionError
        When there is none; lists those there are.
    """
    for same in (str, str.casefold, plain_name):
        for column in columns:
            if same(column) == same(wanted):
                return column
    shown = ", ".join(list(columns)[:60]) + (" …" if len(columns) > 60 else "")
    raise CollectionError(f"{what} {wanted!r} is no column; there are {shown}")


def match_keys(keys: pd.Series, tracks: pd.DataFrame, column: str = "") -> Match:
    """Find the track that each key names.

    Keys are compared with the track id, the path, the path below the source, the bare file name, the number
    that a file name is, and the tracks' own column of the same name; with and without the file's ending, then
    without regard to capitals. The comparison that finds most keys is taken for all of them, so the order of
    rows changes nothing. A key that fits several tracks names none.
    """
    cells = [_composed(cell) for cell in as_text(keys)]
    best = Match(np.full(len(cells), -1), np.zeros(len(cells), bool), "")
    for by, left, right in _comparisons(cells, tracks, column):
        counts = Counter(name for name in right if name)
        position = {name: i for i, name in enumerate(right) if name and counts[name] == 1}
        target = np.array([position.get(cell, -1) for cell in left], dtype=int)
        if (target >= 0).sum() > (best.target >= 0).sum() or not best.by:
            best = Match(target, np.array([counts[cell] > 1 for cell in left], bool), by)
            if (target >= 0).all():
                break
    return best


def _comparisons(cells: list[str], tracks: pd.DataFrame, column: str):
    """Yield (what it compares, the keys so, the tracks so), the strictest first."""
    sides = [("track id", tracks["track_id"], str)]
    if column in tracks and column not in ("path", "file"):
        sides.append((f"column {column}", as_text(tracks[column]), str))
    sides.append(("path", tracks["path"], str))
    if "file" in tracks:
        sides.append(("path below the folder", tracks["file"], lambda cell: cell.removeprefix("./")))
        sides.append(("file name", tracks["file"], _base))
        sides.append(("number of the file", tracks["file"], _number))
    plain = [(by, [_composed(name) for name in names], view) for by, names, view in sides]
    cut_cells = [without_ending(cell) for cell in cells]
    cut = [(by, [without_ending(name) for name in names], view) for by, names, view in plain]
    for fold in (str, str.casefold):
        for whole, bare in zip(plain, cut):
            for left, (by, right, view) in ((cells, whole), (cut_cells, bare)):
                yield by, [fold(view(cell)) for cell in left], [fold(view(name)) for name in right]


def _composed(name: str) -> str:
    """Return a path in one spelling: composed accents, forward slashes."""
    return unicodedata.normalize("NFC", name.replace("\\", "/"))


def without_ending(name: str) -> str:
    """Drop a sound's or text's file ending; "blues.00000" and "Mr. Brightside" keep theirs."""
    stem, dot, ending = name.rpartition(".")
    return stem if stem and dot and f".{ending.lower()}" in _ENDINGS else name


def _base(name: str) -> str:
    """Return the last part of a path."""
    return name.rsplit("/", 1)[-1]


def _number(name: str) -> str:
    """Return the number that a file name is, without leading zeros ("000002" is 2); "" where it is none."""
    stem = without_ending(_base(name))
    return str(int(stem)) if stem.isdecimal() and stem.isascii() else ""

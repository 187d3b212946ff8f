"""Match cells to tracks: by id, by path or by file name."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.audio.endings import AUDIO_ENDINGS
from core.collection.tables.path_tails import match_tails, path_of, without_number, without_times
from core.collection.tables.sheet import as_text
from core.errors import CollectionError

KEY_COLUMNS = ("id", "track_id", "track", "path", "filename", "file")
"""Names of key columns, in order of preference."""

END_OF_PATH = "end of the path"
WITHOUT_SEGMENT = "file name without the segment's number"
_ENDINGS = AUDIO_ENDINGS | {".txt", ".lrc", ".json", ".npy", ".csv"}


@dataclass(frozen=True, eq=False)
class Match:
    """Target of each key.

    Attributes
    ----------
    target : ndarray of int, shape=(n_keys,)
        Position of the target, -1 where there is none.
    ambiguous : ndarray of bool, shape=(n_keys,)
        True where a key matches several targets, and so none.
    by : str
        What was compared.
    """

    target: np.ndarray
    ambiguous: np.ndarray
    by: str


def plain_name(column: str) -> str:
    """Normalise a column's name for comparison: "File_Name" and "file name" are "filename"."""
    return "".join(column.casefold().replace("-", "_").split()).replace("_", "")


def key_columns(sheet: pd.DataFrame, on: str | None = None) -> list[str]:
    """Return the key columns of a table, in order of preference.

    Raises
    ------
    CollectionError
        When ``on`` is not a column; lists the valid ones.
    """
    if on is not None:
        return [find_column(sheet.columns, on, "--on")]
    by_name = {plain_name(column): column for column in reversed(list(sheet.columns))}
    return [by_name[plain_name(name)] for name in KEY_COLUMNS if plain_name(name) in by_name]


def first_column(columns: Iterable[str], names: Sequence[str]) -> str | None:
    """Return the column of the first of several normalised names that there is, None if there is none."""
    by_name = {plain_name(column): column for column in reversed(list(columns))}
    return next((by_name[name] for name in names if name in by_name), None)


def find_column(columns: Sequence[str], wanted: str, what: str) -> str:
    """Return the column named ``wanted``, ignoring case; "genre_top" is the only column "….genre_top".

    Raises
    ------
    CollectionError
        When there is none; lists the valid ones.
    """
    for normalize in (str, str.casefold, plain_name):
        for column in columns:
            if normalize(column) == normalize(wanted):
                return column
    ends = [column for column in columns if plain_name(column.rpartition(".")[2]) == plain_name(wanted)]
    if len(ends) == 1:
        return ends[0]
    shown = ", ".join(list(columns)[:60]) + (" …" if len(columns) > 60 else "")
    raise CollectionError(f"{what} {wanted!r} is not a column; there are {shown}")


def match_keys(keys: pd.Series, tracks: pd.DataFrame, column: str = "") -> Match:
    """Find the track that each key names.

    Keys are compared with the track id, the path, the path below the source, the file name, the number in a
    numeric file name, and the tracks' column of the same name; with and without the file's ending, then
    ignoring case. Paths of other systems and URLs are compared from their end, and names of segments
    ("blues.00000.3.wav") without the segment. The comparison with the most matches is used for all keys, so
    the order of rows has no effect. A key that matches several tracks is ambiguous and has no target.
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
                return best
    for by, target, ambiguous in _looser_comparisons(cells, tracks):
        if len(set(target.tolist()) - {-1}) > len(set(best.target.tolist()) - {-1}):
            best = Match(target, ambiguous, by)
    return best


def _looser_comparisons(
    cells: list[str], tracks: pd.DataFrame
) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """Yield (what is compared, targets, ambiguous) of paths from their end, then without segments."""
    if "file" not in tracks:
        return
    keys = [without_ending(path_of(cell)).casefold() for cell in cells]
    names = [without_ending(_composed(name)).casefold() for name in tracks["file"]]
    yield END_OF_PATH, *match_tails(keys, names)
    for shorten in (without_number, without_times):
        yield WITHOUT_SEGMENT, *match_tails([shorten(key) for key in keys], names)


def _comparisons(
    cells: list[str], tracks: pd.DataFrame, column: str
) -> Iterator[tuple[str, list[str], list[str]]]:
    """Yield (what is compared, normalised keys, normalised tracks), the strictest comparison first."""
    sides: list[tuple[str, pd.Series, Callable[[str], str]]] = [("track id", tracks["track_id"], str)]
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
    for normalize in (str, str.casefold):
        for whole, bare in zip(plain, cut):
            for left, (by, right, view) in ((cells, whole), (cut_cells, bare)):
                yield by, [normalize(view(cell)) for cell in left], [normalize(view(name)) for name in right]


def _composed(name: str) -> str:
    """Normalise a path: composed accents, forward slashes."""
    return unicodedata.normalize("NFC", name.replace("\\", "/"))


def without_ending(name: str) -> str:
    """Remove the ending of an audio or text file; "blues.00000" and "Mr. Brightside" are unchanged."""
    stem, dot, ending = name.rpartition(".")
    return stem if stem and dot and f".{ending.lower()}" in _ENDINGS else name


def _base(name: str) -> str:
    """Return the last part of a path."""
    return name.rsplit("/", 1)[-1]


def _number(name: str) -> str:
    """Return the number in a numeric file name without leading zeros ("000002" is "2"), else ""."""
    stem = without_ending(_base(name))
    return str(int(stem)) if stem.isdecimal() and stem.isascii() else ""

"""Parse the genres of a track from a cell: in order, each once, in one spelling."""

import ast
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

import numpy as np

from core.collection.tables.numbers import MISSING

SEPARATOR = "; "
"""Separator of genres that are stored as text."""

_HARD = re.compile(r"[;|\t\r\n\0]|\\\\|(?<=\s)/(?=\s)")
_COMMA_INSIDE = re.compile(r"folk,\s*world,?\s*(?:&|and)\s*country", re.IGNORECASE)
"""A genre of Discogs that contains commas."""
_QUOTED = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"")
_NAMES = ("genre_title", "name", "genre", "title")
_PREFIX = re.compile(r"^(genre|mood/theme|instrument)---", re.IGNORECASE)
_MISSING = MISSING | {"unknown", "unknown genre", "[]", "{}", "()"}
_SAME = (
    (re.compile(r"(?<=\w)[-_‐‑–/]+(?=\w)|\s+"), " "),
    (re.compile(r"\brock ?(?:'n'?|& ?|n )roll\b|\brock ?'?n'? ?roll\b"), "rock 'n' roll"),
    (re.compile(r"\bhiphop\b"), "hip hop"),
    (re.compile(r"\b(?:rnb|r'n'b|r ?n ?b|r ?& ?b|rhythm & blues)\b"), "r&b"),
    (re.compile(r"\b(?:dnb|d&b|d'n'b|drum ?'?n'? ?bass)\b"), "drum & bass"),
)


@lru_cache(maxsize=2**16)  # the same few names recur in every track
def normalize_genre(genre: str) -> str:
    """Normalise a genre for comparison: "Hip-Hop", "hip_hop" and "HipHop" are "hip hop".

    Lower case; hyphens, underscores and slashes between letters become spaces; "and" becomes "&"; spelling
    variants (R'n'B, rock and roll, d'n'b) are unified.
    """
    text = " ".join(genre.casefold().replace("’", "'").replace(" and ", " & ").split())
    for pattern, plain in _SAME:
        text = pattern.sub(plain, text)
    return text.strip()


def split_genres(cell: str) -> tuple[str, ...]:
    """Return the genres in a cell in their spelling, in order, each once.

    Separators are ``; | ,``, tabs, line ends, NUL and a slash between spaces ("rock / pop"; without spaces it
    may be part of a name, see :func:`read_genres`). Lists of Python, JSON or numpy are parsed ("['rock',
    'pop']"), and the titles in lists of records ("[{'genre_id': 21, 'genre_title': 'Hip-Hop'}]");
    "genre---rock" is rock, and tags with the prefix of a mood or an instrument are left out. Bare numbers are
    ids, not genres, and left out.

    >>> split_genres("rock 'n' roll, blues")
    ("rock 'n' roll", 'blues')
    >>> split_genres('["R&B/Soul", "pop"]')
    ('R&B/Soul', 'pop')
    """
    text = cell.strip()
    if text.casefold() in _MISSING:
        return ()
    listed = _parse_list(text) if _is_list(text) else None
    found: dict[str, str] = {}
    for part in _split(text) if listed is None else [part for entry in listed for part in entry.split(";")]:
        name = " ".join(part.split())
        if len(name) > 2 and name[0] == name[-1] and name[0] in "\"'":
            name = name[1:-1].strip()
        if prefix := _PREFIX.match(name):
            name = name[prefix.end() :] if prefix.group(1).lower() == "genre" else ""
        if name.casefold() not in _MISSING and not name.replace(".", "").isdigit():
            found.setdefault(normalize_genre(name), name)
    return tuple(found.values())


def _split(text: str) -> list[str]:
    """Split text at its separators."""
    whole = _COMMA_INSIDE.sub(lambda hit: hit.group().replace(",", "\1"), text)
    return [part.replace("\1", ",") for piece in _HARD.split(whole) for part in piece.split(",")]


def _is_list(text: str) -> bool:
    """Return whether text is a list; one name in round brackets is a name."""
    return text[0] in "[({" and text[-1] in "])}" and (text[0] != "(" or any(c in text for c in ",'\""))


def _parse_list(text: str) -> list[str]:
    """Return the entries of a list in text form; numpy's has no commas."""
    if "{" in text[1:]:
        entries = []
        for read in (json.loads, ast.literal_eval):
            try:
                entries = read(text)
                break
            except (ValueError, SyntaxError, MemoryError, RecursionError):
                continue
        rows = [
            entry
            for entry in (entries if isinstance(entries, list) else [entries])
            if isinstance(entry, dict)
        ]
        if rows:
            return [str(next((row[key] for key in _NAMES if row.get(key)), "")) for row in rows]
    if quoted := _QUOTED.findall(text):
        return [re.sub(r"\\(.)", r"\1", single or double) for single, double in quoted]
    return _split(text[1:-1])


def read_genres(cells: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the genres of each track from the cells of one column.

    A name with a slash ("R&B/Soul") is several genres if each part is a genre by itself elsewhere in the
    column, else one. Names that :func:`normalize_genre` makes equal are one genre, in the most frequent
    spelling (the first in the alphabet among ties).

    Parameters
    ----------
    cells : sequence of str, length n_tracks

    Returns
    -------
    list of tuple of str, length n_tracks
        () where a cell has no genre.
    """
    split = {cell: split_genres(cell) for cell in set(cells)}
    alone = {normalize_genre(genre) for genres in split.values() for genre in genres if "/" not in genre}
    split = {
        cell: tuple(part for genre in genres for part in _split_slashes(genre, alone))
        for cell, genres in split.items()
    }
    best = common_spellings((genre for cell in cells for genre in split[cell]), normalize_genre)
    named = {
        cell: tuple(dict.fromkeys(best[normalize_genre(genre)] for genre in genres))
        for cell, genres in split.items()
    }
    return [named[cell] for cell in cells]


def common_spellings(names: Iterable[str], normalize: Callable[[str], str]) -> dict[str, str]:
    """Return, by normalised name, the most frequent spelling, the first in the alphabet among ties."""
    counts = Counter(names)
    best_last = sorted(counts, key=lambda name: (-counts[name], name), reverse=True)
    return {normalize(name): name for name in best_last}


def _split_slashes(genre: str, alone: set[str]) -> list[str]:
    """Split a name at its slashes if every part is a genre by itself."""
    parts = [part.strip() for part in genre.split("/")]
    return parts if len(parts) > 1 and all(normalize_genre(part) in alone for part in parts) else [genre]


def join_genres(genres: Sequence[str]) -> str:
    """Return a track's genres as text."""
    return SEPARATOR.join(genres)


def parse_genres(text: str) -> tuple[str, ...]:
    """Return a track's genres from the text of :func:`join_genres`."""
    return tuple(filter(None, text.split(SEPARATOR))) if text else ()


def matrix_of(genres: Sequence[Sequence[str]]) -> tuple[list[str], np.ndarray]:
    """Return all genres, most frequent first (ties by alphabet), and the indicator matrix of the tracks.

    Returns
    -------
    names : list of str
    has : ndarray of bool, shape=(n_tracks, n_genres)
    """
    counts = Counter(genre for some in genres for genre in some)
    names = sorted(counts, key=lambda name: (-counts[name], name))
    place = {name: i for i, name in enumerate(names)}
    has = np.zeros((len(genres), len(names)), bool)
    for row, some in enumerate(genres):
        has[row, [place[genre] for genre in some]] = True
    return names, has

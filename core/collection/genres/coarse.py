"""Coarse groups of genres, from a table: "delta blues" is blues, "britpop" is rock."""

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.collection.genres.splitting import normalize_genre
from core.collection.tables.join_keys import first_column
from core.collection.tables.sheet import as_text, read_sheet
from core.errors import CollectionError

SHIPPED = Path(__file__).resolve().parents[3] / "assets" / "genres" / "coarse.csv"
"""Shipped assignment of common genres to 13 groups; others (classical, reggae …) belong to none of them."""
GENRE_NAMES, GROUP_NAMES = (
    ("genre", "subgenre", "tag"),
    ("coarse", "coarsegenre", "group", "main", "maingenre"),
)


@dataclass(frozen=True, eq=False)
class Coarse:
    """Coarse groups of each track, and how each genre was assigned.

    Attributes
    ----------
    groups : list of tuple of str, length n_tracks
        The groups of the track's genres, its main one first; () where there is none.
    listed : tuple of str
        Genres in the table.
    by_word : dict
        Other genres, with the group of the listed name that they contain.
    unknown : tuple of str
        Genres without a group.
    group : dict
        The group of each genre, "" where it has none.
    n_without : int
        Number of tracks with genres, but no group.
    """

    groups: list[tuple[str, ...]]
    listed: tuple[str, ...]
    by_word: dict[str, str]
    unknown: tuple[str, ...]
    group: dict[str, str]
    n_without: int


@cache
def shipped_map() -> dict[str, str]:
    """Return the shipped table."""
    return read_map(SHIPPED)


def read_map(path: str | Path) -> dict[str, str]:
    """Read a table of genres (column ``genre``, normalised) and their groups (column ``coarse``).

    Raises
    ------
    CollectionError
        When it can't be read, lacks a column, has no complete row, or assigns a genre to two groups.
    """
    path = Path(os.path.expanduser(path))
    sheet = read_sheet(path)
    columns = []
    for names in (GENRE_NAMES, GROUP_NAMES):
        column = first_column(sheet.columns, names)
        if column is None:
            raise CollectionError(
                f"{path.name} has no column {names[0]!r}; a table of coarse groups has the columns genre "
                f"and coarse, this one has {', '.join(list(sheet.columns)[:60])}"
            )
        columns.append([" ".join(cell.split()) for cell in as_text(sheet[column])])
    found: dict[str, str] = {}
    for genre, group in zip(*columns):
        if genre and group and (first := found.setdefault(normalize_genre(genre), group)) != group:
            raise CollectionError(
                f"{path.name} puts {genre!r} under {first!r} and under {group!r}; leave one of the two rows"
            )
    if not found:
        raise CollectionError(f"{path.name} has no row with both a genre and its group")
    return found


def group_genres(genres: Sequence[Sequence[str]], table: dict[str, str], main: Sequence[str] = ()) -> Coarse:
    """Assign to each track the groups of its genres.

    A genre that is not in the table takes the group of a listed name that it contains as whole words: the
    longest, then the last ("sheffield indie" that of "indie"). The track's main group is the one of most of
    its genres; ties are resolved by its main genre, then by the number of tracks, then by order.

    Parameters
    ----------
    genres : sequence of sequence of str, length n_tracks
    table : dict
        Group by genre, see :func:`read_map`.
    main : sequence of str, length n_tracks, optional
        Each track's main genre, "" where it has none.

    Returns
    -------
    Coarse
    """
    longest = max((len(name.split()) for name in table), default=0)
    names = dict.fromkeys(genre for some in genres for genre in some)
    group = {
        name: _group_of(normalize_genre(name), table, longest) for name in [*names, *dict.fromkeys(main)]
    }
    has = Counter(found for some in genres for found in {group[genre] for genre in some})
    rows = [_in_order(some, first, group, has) for some, first in zip(genres, main or [""] * len(genres))]
    return Coarse(
        rows,
        tuple(name for name in names if normalize_genre(name) in table),
        {name: group[name] for name in names if group[name] and normalize_genre(name) not in table},
        tuple(name for name in names if not group[name]),
        {name: group[name] for name in names},
        sum(bool(some) and not row for some, row in zip(genres, rows)),
    )


def _in_order(some: Sequence[str], first: str, group: dict[str, str], has: Counter) -> tuple[str, ...]:
    """Return the groups of one track's genres, its main one first."""
    counts = Counter(group[genre] for genre in some if group[genre])
    if not counts:
        return ()
    order = list(counts)
    best = min(
        order, key=lambda name: (-counts[name], name != group.get(first), -has[name], order.index(name))
    )
    return (best, *(name for name in order if name != best))


def _group_of(text: str, table: dict[str, str], longest: int) -> str:
    """Return the group of a normalised genre, "" where it has none."""
    if text in table:
        return table[text]
    words = text.split()
    for n in range(min(longest, len(words)), 0, -1):
        for start in range(len(words) - n, -1, -1):
            if (part := " ".join(words[start : start + n])) in table:
                return table[part]
    return ""

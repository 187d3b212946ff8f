"""Coarse groups of genres, from a table: "delta blues" is blues, "britpop" is rock."""

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.collection.genres.splitting import fold
from core.collection.tables.keys import plain_name
from core.collection.tables.sheet import as_text, read_sheet
from core.errors import CollectionError

SHIPPED = Path(__file__).resolve().parents[3] / "assets" / "genres" / "coarse.csv"
"""Our own assignment of common genres to 13 groups; what it leaves out (classical, reggae …) fits none of them."""
GENRE_NAMES, GROUP_NAMES = (
    ("genre", "subgenre", "tag"),
    ("coarse", "coarsegenre", "group", "main", "maingenre"),
)


@dataclass(frozen=True, eq=False)
class Coarse:
    """The coarse groups of each track, and how they were come by.

    Attributes
    ----------
    groups : list of tuple of str, length n_tracks
        Every group that a genre of the track belongs to, the track's main one first; () where there is none.
    listed : tuple of str
        Genres that stand in the table.
    by_word : dict
        Genres that don't, and the group of the listed name in them.
    unknown : tuple of str
        Genres without a group.
    group : dict
        The group of each genre, "" where it has none.
    n_without : int
        Tracks that have genres, but no group.
    """

    groups: list[tuple[str, ...]]
    listed: tuple[str, ...]
    by_word: dict[str, str]
    unknown: tuple[str, ...]
    group: dict[str, str]
    n_without: int


@cache
def shipped_map() -> dict[str, str]:
    """Return the table that comes with Songscape."""
    return read_map(SHIPPED)


def read_map(path: str | Path) -> dict[str, str]:
    """Read a table of genres (column ``genre``) and their groups (column ``coarse``); genres as :func:`fold` compares them.

    Raises
    ------
    CollectionError
        When it can't be read, lacks a column, has no row with both, or gives a genre two groups.
    """
    path = Path(os.path.expanduser(path))
    sheet = read_sheet(path)
    by_name = {plain_name(column): column for column in reversed(list(sheet.columns))}
    columns = []
    for names in (GENRE_NAMES, GROUP_NAMES):
        column = next((by_name[name] for name in names if name in by_name), None)
        if column is None:
            raise CollectionError(
                f"{path.name} has no column {names[0]!r}; a table of coarse groups has the columns genre "
                "and coarse, this one has "
                f"{', '.join(list(sheet.columns)[:60])}"
            )
        columns.append([" ".join(cell.split()) for cell in as_text(sheet[column])])
    found: dict[str, str] = {}
    for genre, group in zip(*columns):
        if genre and group and found.setdefault(fold(genre), group) != group:
            raise CollectionError(
                f"{path.name} puts {genre!r} under {found[fold(genre)]!r} and under {group!r}; leave one of "
                "the two rows"
            )
    if not found:
        raise CollectionError(f"{path.name} has no row with both a genre and its group")
    return found


def group_genres(genres: Sequence[Sequence[str]], table: dict[str, str], main: Sequence[str] = ()) -> Coarse:
    """Give each track the groups of its genres.

    A genre that is not in the table takes the group of a listed name that it contains as whole words: the
    longest, then the last ("sheffield indie" that of "indie"). The track's main group is the one that most of
    its genres belong to; of a tie that of its main genre, then the one that more tracks have, then the one
    named first.

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
    group = {name: _group_of(fold(name), table, longest) for name in [*names, *dict.fromkeys(main)]}
    has = Counter(found for some in genres for found in {group[genre] for genre in some})
    rows = [_in_order(some, first, group, has) for some, first in zip(genres, main or [""] * len(genres))]
    return Coarse(
        rows,
        tuple(name for name in names if fold(name) in table),
        {name: group[name] for name in names if group[name] and fold(name) not in table},
        tuple(name for name in names if not group[name]),
        {name: group[name] for name in names},
        sum(bool(some) and not row for some, row in zip(genres, rows)),
    )


def _in_order(some: Sequence[str], first: str, group: dict[str, str], has: Counter) -> tuple[str, ...]:
    """Return the groups of one track's genres, its main one first and the others as they are named."""
    counts = Counter(group[genre] for genre in some if group[genre])
    if not counts:
        return ()
    order = list(counts)
    best = min(
        order, key=lambda name: (-counts[name], name != group.get(first), -has[name], order.index(name))
    )
    return (best, *(name for name in order if name != best))


def _group_of(text: str, table: dict[str, str], longest: int) -> str:
    """Return the group of a genre as :func:`fold` writes it, "" where it has none."""
    if text in table:
        return table[text]
    words = text.split()
    for n in range(min(longest, len(words)), 0, -1):
        for start in range(len(words) - n, -1, -1):
            if (part := " ".join(words[start : start + n])) in table:
                return table[part]
    return ""

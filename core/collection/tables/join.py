"""Join a table of titles, lyrics, captions, labels to tracks."""

import os
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from core.collection.problem import Problem
from core.collection.tables.join_keys import (
    WITHOUT_SEGMENT,
    Match,
    find_column,
    first_column,
    key_columns,
    match_keys,
)
from core.collection.tables.sheet import Sheet, as_text, open_sheet
from core.errors import CollectionError

KNOWN = {
    "title": ("title", "song", "songtitle", "songname", "tracktitle", "trackname", "track.title"),
    "artist": ("artist", "artistname", "artists", "composer", "performer", "artist.name"),
    "lyrics": ("lyrics", "lyric", "songlyrics", "lyricstext", "songtext", "text"),
    "caption": ("caption", "description"),
    "language": ("language", "lang", "languagecode", "track.languagecode"),
    "genre": ("genre", "genretop", "track.genretop"),
    "genres": ("genres", "genrelist", "genreslist", "track.genres"),
    "label": ("label",),
}
"""Recognised column names, in lower case without spaces and underscores; the first found is used."""


EXAMPLES = 5
"""Keys without a track that are shown."""


@dataclass(frozen=True, eq=False)
class Joined:
    """Tracks with a table joined to them.

    Attributes
    ----------
    tracks : DataFrame
    columns : dict
        Name of each column in the table → in ``tracks``.
    problems : list of Problem
    counts : dict
        Rows and tracks that are joined, unmatched, ambiguous.
    """

    tracks: pd.DataFrame
    columns: dict[str, str]
    problems: list[Problem] = field(default_factory=list)
    counts: dict = field(default_factory=dict)


def known_columns(columns: Collection[str]) -> dict[str, str]:
    """Return the recognised columns: name in the table → meaning (title, artist, lyrics …)."""
    found = {first_column(columns, names): meaning for meaning, names in KNOWN.items()}
    return {column: meaning for column, meaning in found.items() if column is not None}


def join_text(tracks: pd.DataFrame, path: str | Path, on: str | None = None) -> Joined:
    """Join a CSV or Parquet table to tracks by id, path or file name.

    A filled cell replaces the track's value; an empty one changes nothing. Different rows that name the same
    track are all left out and reported, because choosing one would depend on their order.

    Parameters
    ----------
    tracks : DataFrame
        With ``track_id``, ``path`` and, for folders, ``file``.
    on : str, optional
        The table's column that names the track; by default the first of id, track_id, track, path, filename,
        file that matches any track.

    Raises
    ------
    CollectionError
        When no column names tracks, or no row matches any.
    """
    return join_rows(tracks, match_rows(tracks, path, on))


def join_rows(tracks: pd.DataFrame, found: "MatchedRows") -> Joined:
    """Join matched rows to their tracks; see :func:`join_text`."""
    good = rows = found.rows
    known = known_columns(rows.columns)
    columns = {column: known.get(column) or _free_name(column, tracks) for column in rows.columns}
    tracks = tracks.copy()
    if "genre" in columns.values() and "genres" in tracks:
        # The table's one genre goes before several of the tags.
        genre = (
            good[next(column for column, meaning in columns.items() if meaning == "genre")]
            .reindex(tracks.index)
            .fillna("")
        )
        tracks["genres"] = tracks["genres"].where(genre == "", "")
    for column, meaning in columns.items():
        old = tracks[meaning] if meaning in tracks else pd.Series("", index=tracks.index)
        new = good[column].reindex(tracks.index).fillna("")
        tracks[meaning] = new.where(new != "", old)
        if meaning == "title" and "title_from" in tracks:
            tracks["title_from"] = tracks["title_from"].where(new == "", "table")
    return Joined(tracks, columns, _problems(found, tracks), found.counts | {"columns": columns})


@dataclass(frozen=True, eq=False)
class MatchedRows:
    """Rows of a table and the tracks that they name.

    Attributes
    ----------
    path : Path
    rows : DataFrame
        Cells as text, one row per joined track; the index is the track's position.
    conflicting : DataFrame
        Rows that differ and name the same track, ``_track``; none of them is joined.
    several : list of str
        Keys that match several tracks.
    counts : dict
        Rows and tracks that are joined, unmatched, ambiguous.
    """

    path: Path
    rows: pd.DataFrame
    conflicting: pd.DataFrame
    several: list[str]
    counts: dict


def match_rows(tracks: pd.DataFrame, path: str | Path, on: str | None = None) -> MatchedRows:
    """Read a table and match its rows to tracks; see :func:`join_text`."""
    path = Path(os.path.expanduser(path))
    sheet = open_sheet(path)
    key, match = best_key(sheet.frame, tracks, path, on)
    return pick_rows(tracks, path, sheet, key, match)


def pick_rows(tracks: pd.DataFrame, path: Path, read: Sheet, key: str, match: Match) -> MatchedRows:
    """Return the rows of a table that was read from ``path`` and matched by its column ``key``."""
    sheet = read.frame
    rows = pd.DataFrame({column: as_text(sheet[column]) for column in sheet.columns if column != key})
    rows = rows.loc[:, (rows != "").any()]
    named = rows[match.target >= 0].assign(_track=match.target[match.target >= 0]).drop_duplicates()
    if match.by == WITHOUT_SEGMENT:
        named = _agreed(named)
    conflicting = named["_track"].duplicated(keep=False)
    good = named[~conflicting].set_index("_track")
    is_free = (match.target < 0) & ~match.ambiguous
    keys = as_text(sheet[key])
    counts = {
        "file": str(path),
        "on": key,
        "matched_by": match.by,
        "n_rows": len(sheet),
        "reading": read.report,
        "tracks_joined": len(good),
        "tracks_without_row": len(tracks) - named["_track"].nunique(),
        "rows_without_track": int(is_free.sum()),
        "examples": sorted(set(keys[is_free]))[:EXAMPLES],
        "rows_naming_several_tracks": int(match.ambiguous.sum()),
        "tracks_with_conflicting_rows": int(named.loc[conflicting, "_track"].nunique()),
    }
    return MatchedRows(path, good, named[conflicting], sorted(set(keys[match.ambiguous])), counts)


def _agreed(named: pd.DataFrame) -> pd.DataFrame:
    """Return one row per track from those of its segments: the cells in which all of them agree."""
    groups = named.groupby("_track")
    agreed = groups.first().where(groups.nunique(dropna=False) == 1, "")
    return agreed.loc[:, (agreed != "").any()].reset_index()


def best_key(sheet: pd.DataFrame, tracks: pd.DataFrame, path: Path, on: str | None) -> tuple[str, Match]:
    """Return the table's column that names tracks, and the match of its rows.

    Raises
    ------
    CollectionError
        When there is no such column or it matches no track; shows an example of both.
    """
    choices = key_columns(sheet, on)
    if not choices:
        raise CollectionError(
            f"{path.name} has none of the columns id, track_id, track, path, filename, file; name the one "
            f"that names the track with --on: {', '.join(list(sheet.columns)[:60])}"
        )
    for column in choices:
        match = match_keys(sheet[column], tracks, column)
        if (match.target >= 0).any():
            return column, match
    cell = next((text for text in as_text(sheet[choices[0]]) if text), "")
    name = (
        next((name for name in tracks.get("file", tracks["path"]) if name), "") or tracks["track_id"].iloc[0]
    )
    raise CollectionError(
        f"no row of {path.name} matches a track: its column {choices[0]!r} holds {cell!r}, a track is called "
        f"{name!r}; name another column with --on"
    )


def resolve_label(label: str, columns: dict[str, str], tracks: pd.DataFrame) -> str:
    """Return the column of ``tracks`` that ``label`` names, by its name in the joined table or in ``tracks``.

    Raises
    ------
    CollectionError
        When there is none; lists the valid names.
    """
    hidden = {"track_id", "path", "file", "sound_file", "title_from", "duration_s", "row"}
    names = list(dict.fromkeys([*columns, *(column for column in tracks if column not in hidden)]))
    found = find_column(names, label, "--label")
    return columns.get(found, found)


def _free_name(column: str, tracks: pd.DataFrame) -> str:
    """Return a column's name, with a prefix if the tracks have a column of that name."""
    return (
        f"table_{column}"
        if column in tracks or column in ("track_id", "path", "duration_s", "kind")
        else column
    )


def _problems(found: MatchedRows, tracks: pd.DataFrame) -> list[Problem]:
    """Report rows that contradict each other and rows that match several tracks."""
    problems = []
    for position, group in found.conflicting.groupby("_track"):
        track = tracks["title"].iloc[position] or tracks["track_id"].iloc[position]
        reason = f"{len(group)} differing rows name the track {track!r}, so none was joined"
        problems.append(Problem(str(found.path), reason, "note"))
    for key in found.several:
        reason = f"{key!r} matches several tracks, so its row was not joined"
        problems.append(Problem(str(found.path), reason, "note"))
    return problems

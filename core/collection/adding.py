"""Making a collection out of a source: a folder of sound, a table of features, the demo, or one that is made up."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from core.audio.endings import is_audio_name
from core.collection.changes import changes_between
from core.collection.collection import Collection, no_problems
from core.collection.genres.columns import GenreChoice, choose_genres
from core.collection.genres.label_source import FROM_FOLDER, FROM_TAGS, choose_labels
from core.collection.naming import check_name
from core.collection.problem import Problem
from core.collection.saved import load, read_info, save
from core.collection.sources.demo import ASSETS, read_demo
from core.collection.sources.feature_table import read_table
from core.collection.sources.folder import find_new, read_folder
from core.collection.sources.walk import Found, walk
from core.collection.tables.join import join_text
from core.collection.tables.sheet import is_sheet_name
from core.collection.written import carry_written, mark_source
from core.errors import CollectionError
from core.progress import Progress, silent
from core.simulated import SIMULATED, make_simulated

ALLOWED = f"a folder of sound, a CSV or Parquet table, demo, or what is made up ({', '.join(SIMULATED)})"
FILES = ("text", "audio", "genre_map")
"""Arguments that are places on disk."""
SECONDS_PER_FILE = 0.008
SECONDS_PER_BYTE = 1 / 500e6
SECONDS_PER_TABLE_BYTE = 1 / 10e6


def add(
    source: str | Path,
    name: str,
    *,
    text: str | Path | None = None,
    audio: str | Path | None = None,
    on: str | None = None,
    label: str | None = None,
    genres: str | None = None,
    main_genres: str | None = None,
    genre_map: str | Path | None = None,
    progress: Progress = silent,
) -> Collection:
    """Read a source into a collection and keep it under ``name``, in place of what was there.

    Adding a folder again takes up what is new or gone; files that did not change are not opened again. Where
    the same source is added again under the same name, ``text``, ``audio``, ``on``, ``label`` and what
    concerns genres that are left out stay as they were ("taken_over" in ``info``); ``on`` does so only with
    the table it belongs to. Another source starts anew, and ``info`` names the one that it replaced
    ("replaced"). To drop a join, take another name.

    Parameters
    ----------
    source : str or Path
        A folder of sound, a CSV or Parquet table whose numeric columns are features, "demo" ("./demo" is a
        folder), or a made-up collection by its name in :data:`core.simulated.SIMULATED`.
    text : path, optional
        A CSV or Parquet table of titles, artists, lyrics, captions, languages, genres to join.
    audio : path, optional
        For a table: the folder with the sound of its rows.
    on : str, optional
        The column of the joined table that says which track a row is about.
    label : str, optional
        "folder", "tags" or a column; see :func:`core.collection.genres.label_source.choose_labels`.
    genres, main_genres, genre_map : str, optional
        Which column holds several genres per track, what the main ones are, and a table of coarse groups; see
        :class:`core.collection.genres.columns.GenreChoice`.

    Raises
    ------
    CollectionError
        When the source can't be read, nothing in it can be used, or a join fits no track.
    """
    check_name(name)
    kind = kind_of(source)
    place = str(source) if kind in ("demo", "simulated") else str(Path(os.path.expanduser(source)).resolve())
    earlier = read_info(name)
    given = dict(
        text=text,
        audio=audio,
        on=on,
        label=label,
        genres=genres,
        main_genres=main_genres,
        genre_map=genre_map,
    )
    taken = _left_out(earlier.get("arguments", {}), given) if earlier.get("source") == place else {}
    given |= taken
    text, audio, on, label = (given[key] for key in ("text", "audio", "on", "label"))
    choice = GenreChoice(*(given[key] for key in ("genres", "main_genres", "genre_map")))
    if audio is not None and kind != "table":
        why = "is sound already" if kind != "simulated" else "is made up"
        raise CollectionError(f"--audio gives the rows of a table their sound; this source {why}")
    table = None
    if kind == "demo":
        tracks, problems, info = read_demo(progress)
    elif kind == "folder":
        tracks, problems, info = read_folder(source, progress)
    elif kind == "simulated":
        tracks, table, problems, info = make_simulated(place)
    else:
        own = None if label in (FROM_FOLDER, FROM_TAGS) else label
        tracks, table, problems, info = read_table(
            source, audio=audio, on=on, label=own, label_elsewhere=text is not None, progress=progress
        )
    columns: dict[str, str] = {}
    if text is not None:
        joined = join_text(tracks, text, on)
        tracks, columns, problems = joined.tracks, joined.columns, problems + joined.problems
        info["text_join"] = joined.counts
    found = info.get("labels", {"asked": None, "n_labelled": 0})
    if label != found["asked"] or not found["n_labelled"]:
        tracks["label"], info["labels"] = choose_labels(tracks, label, columns)
    tracks, info["labels"], info["genres"] = choose_genres(tracks, choice, columns, info["labels"])
    if label is not None and not info["labels"]["n_labelled"]:
        raise CollectionError(
            f"no track has a label from {label!r}; leave --label out, or name another column"
        )
    info |= {
        "kind": kind,
        "source": place,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "arguments": {
            key: str(Path(os.path.expanduser(value)).resolve()) if key in FILES else value
            for key, value in given.items()
            if value is not None
        },
        "taken_over": taken,
        "replaced": earlier["source"] if earlier.get("source") not in (None, place) else None,
    }
    tracks = mark_source(tracks)
    before = _tracks_of(name) if earlier.get("source") == place else None
    if before is not None:
        tracks = carry_written(tracks, before)
    info["changes"] = None if before is None else changes_between(before, tracks)
    if earlier.get("source") == place and earlier.get("former_names"):
        info["former_names"] = earlier["former_names"]
    collection = Collection(name, tracks, table, _table_of(problems), info)
    save(collection)
    return load(name)


def _tracks_of(name: str) -> pd.DataFrame | None:
    """Return the tracks of a collection before it is read again, None where it is damaged."""
    try:
        return load(name).tracks
    except CollectionError:
        return None


def _left_out(earlier: dict[str, str], given: dict) -> dict[str, str]:
    """Return the earlier arguments that are not given now; a column to join on belongs to its table and folder."""
    joins_anew = any(
        given[key] is not None and str(Path(os.path.expanduser(given[key])).resolve()) != earlier.get(key)
        for key in ("text", "audio")
    )
    return {
        key: value
        for key, value in earlier.items()
        if given[key] is None and not (key == "on" and joins_anew)
    }


def kind_of(source: str | Path) -> str:
    """Tell a source: "demo", "simulated", "folder" or "table".

    Raises
    ------
    CollectionError
        When it is none of them; says what it may be.
    """
    if str(source) == "demo":
        return "demo"
    if str(source) in SIMULATED:
        return "simulated"
    path = Path(source)
    try:
        path = Path(os.path.expanduser(path))
        if path.is_dir() and str(source).strip():  # "" is no name of the present folder
            return "folder"
        if path.is_file() and is_sheet_name(path):
            return "table"
        there = path.exists() and bool(str(source).strip())
    except (OSError, ValueError, RuntimeError):  # a name too long, or with NUL; no such user after ~
        there = False
    if not there:
        raise CollectionError(f"there is no {str(source)[:200]!r}; give {ALLOWED}")
    hint = "give the folder it lies in" if is_audio_name(path.name) else f"give {ALLOWED}"
    raise CollectionError(f"{path.name} can't be added: {hint}")


def estimate(source: str | Path, progress: Progress = silent) -> dict:
    """Count what a source holds, without opening it, and guess how long reading takes.

    Returns
    -------
    dict
        "n_files"; "n_new", those that are not known from an earlier reading; "bytes"; "seconds", a rough
        guess for what is new.

    Raises
    ------
    CollectionError
        When the source is none.
    """
    kind = kind_of(source)
    if kind == "simulated":
        return {"n_files": 0, "n_new": 0, "bytes": 0, "seconds": 0.2}
    if kind == "table":
        size = Path(os.path.expanduser(source)).stat().st_size
        return {
            "n_files": 1,
            "n_new": 1,
            "bytes": size,
            "seconds": round(0.2 + size * SECONDS_PER_TABLE_BYTE, 1),
        }
    root = ASSETS / "audio" if kind == "demo" else Path(os.path.expanduser(source))
    found: list[Found] = []
    for item in walk(root):
        if isinstance(item, Found):
            found.append(item)
            if len(found) % 1_000 == 0:
                progress(0, 0, f"counting: {len(found):,} files")
    new = find_new(root, found)
    seconds = len(new) * SECONDS_PER_FILE + sum(item.size for item in new) * SECONDS_PER_BYTE
    return {
        "n_files": len(found),
        "n_new": len(new),
        "bytes": sum(item.size for item in found),
        "seconds": round(seconds, 2),
    }


def _table_of(problems: list[Problem]) -> pd.DataFrame:
    """Return problems as a table."""
    return pd.DataFrame([vars(problem) for problem in problems]) if problems else no_problems()

"""Join the tables of a dataset to its audio files by the dataset's own ids, and count what has no partner."""

import os
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import numpy as np
import pandas as pd

from core.collection.genres.label_source import count_labels, tidy_labels
from core.collection.problem import Problem
from core.collection.sources.folder import read_folder
from core.collection.sources.tags import read_side_text
from core.collection.tables.join import join_rows, pick_rows
from core.collection.tables.join_keys import Match, find_column, without_ending
from core.collection.tables.sheet import Sheet, as_text, open_sheet
from core.collection.texts.track_texts import DISPLAY
from core.errors import CollectionError
from core.progress import Progress

ID = "dataset_id"
"""Column with the id that the dataset itself gives a track."""
SPLIT = "split"
"""Column with the part of the published split, "" for tracks that it leaves out."""
_TAGS = ("genre", "genres")
"""Columns of the files' tags that the annotations of a dataset replace."""
_EXAMPLES = 5
_AT_ONCE = 1_000  # files of lyrics between two reports of progress


@dataclass(frozen=True, eq=False)
class Table:
    """A table of a dataset.

    Attributes
    ----------
    path : Path
    sheet : Sheet
        Its rows.
    key : str
        The column with the dataset's ids.
    """

    path: Path
    sheet: Sheet
    key: str


@dataclass(frozen=True, eq=False)
class Annotated:
    """The audio files of a dataset with the tables joined to them.

    Attributes
    ----------
    tracks : DataFrame
    problems : list of Problem
    columns : dict
        Name of each column in the tables → in ``tracks``.
    tables : list of dict
        By table "file", "n_rows", "tracks_joined", "tracks_without_row", "rows_without_track", "examples".
    """

    tracks: pd.DataFrame
    problems: list[Problem] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)
    tables: list[dict] = field(default_factory=list)


def stem_of(file: str) -> str:
    """Return the name of a file without its folders and its ending, with composed accents."""
    return without_ending(unicodedata.normalize("NFC", PurePosixPath(file.replace("\\", "/")).name))


def open_table(path: Path, key: str) -> Table:
    """Read a table with a column of ids.

    Raises
    ------
    CollectionError
        When it can't be read or lacks the column.
    """
    sheet = open_sheet(path)
    return Table(path, sheet, find_column(list(sheet.frame.columns), key, f"in {path.name} the id"))


def read_audio(
    folder: Path,
    progress: Progress,
    id_of: Callable[[str], str] = stem_of,
    ids: Iterable[str] | None = None,
) -> tuple[pd.DataFrame, list[Problem], dict]:
    """Read the audio files of a dataset, with their ids in the column :data:`ID`.

    Genre tags are dropped, because the dataset has its own annotations. Titles that are file names are for
    display only: they are ids, or name the label.

    Parameters
    ----------
    id_of : callable
        The id of a file by its path below the folder.
    ids : iterable of str, optional
        The ids of the files that are read; by default all.
    """
    wanted = None if ids is None else set(ids)
    tracks, problems, counts = read_folder(
        folder, progress, None if wanted is None else lambda file: id_of(file) in wanted
    )
    tracks[ID] = [id_of(file) for file in tracks["file"]]
    tracks["title_from"] = tracks["title_from"].replace("file name", DISPLAY)
    return tracks.drop(columns=[name for name in _TAGS if name in tracks]), problems, counts


def annotate(tracks: pd.DataFrame, tables: Sequence[Table]) -> Annotated:
    """Join tables to tracks by the dataset's ids; rows of the first without an audio file are a problem."""
    problems: list[Problem] = []
    columns: dict[str, str] = {}
    counts = []
    for table in tables:
        match = _match(as_text(table.sheet.frame[table.key]), tracks[ID])
        joined = join_rows(tracks, pick_rows(tracks, table.path, table.sheet, table.key, match))
        tracks, columns, problems = joined.tracks, columns | joined.columns, problems + joined.problems
        names = ("n_rows", "tracks_joined", "tracks_without_row", "rows_without_track", "examples")
        counts.append({"file": table.path.name} | {name: joined.counts[name] for name in names})
    if counts and (n := counts[0]["rows_without_track"]):
        shown = ", ".join(counts[0]["examples"]) + (" …" if n > len(counts[0]["examples"]) else "")
        reason = f"{n} of {counts[0]['n_rows']} rows name a track without a usable audio file: {shown}"
        problems.append(Problem(str(tables[0].path), reason, "note"))
    return Annotated(tracks, problems, columns, counts)


def _match(keys: pd.Series, ids: pd.Series) -> Match:
    """Match ids exactly; an id of several files has no target."""
    names = [unicodedata.normalize("NFC", key) for key in keys]
    counts = Counter(ids)
    position = {name: i for i, name in enumerate(ids) if counts[name] == 1}
    target = np.array([position.get(name, -1) for name in names], dtype=int)
    return Match(target, np.array([counts[name] > 1 for name in names], bool), f"column {ID}")


def add_splits(tracks: pd.DataFrame, splits: Mapping[str, Iterable[str]]) -> tuple[pd.DataFrame, dict]:
    """Return the tracks with the column :data:`SPLIT`, and the number of tracks by part.

    Parameters
    ----------
    splits : mapping
        Ids by part; {} where the split is not there, which adds no column.
    """
    if not splits:
        return tracks, {}
    part = {track: name for name, ids in splits.items() for track in ids}
    tracks = tracks.assign(**{SPLIT: [part.get(track, "") for track in tracks[ID]]})
    found = Counter(tracks[SPLIT])
    return tracks, {name: found[name] for name in [*splits, *([""] if found[""] else [])]}


def add_lyrics(
    tracks: pd.DataFrame, folders: Iterable[Path], progress: Progress, ignored: Sequence[str] = ()
) -> tuple[pd.DataFrame, int]:
    """Return the tracks with the texts of ``ID.txt`` in folders as lyrics, and how many there are.

    Parameters
    ----------
    ignored : sequence of str
        Texts in upper case that stand for no lyrics.
    """
    files = {
        unicodedata.normalize("NFC", name[: -len(".txt")]): (folder, name)
        for folder in folders
        for name in os.listdir(folder)
        if name.lower().endswith(".txt")
    }
    texts = []
    for done, track in enumerate(tracks[ID]):
        folder, name = files.get(track, (None, ""))
        text = "" if folder is None else read_side_text(folder / name, Path(os.path.realpath(folder)))
        texts.append("" if text.strip().upper() in ignored else text)
        if done % _AT_ONCE == 0:
            progress(done, len(tracks), "reading lyrics")
    found = pd.Series(texts, index=tracks.index)
    return tracks.assign(lyrics=found.where(found.str.strip() != "", tracks["lyrics"])), sum(map(bool, texts))


def add_labels(tracks: pd.DataFrame, values: Iterable, origin: str) -> tuple[pd.DataFrame, dict]:
    """Return the tracks with labels, and the details of these; ``origin`` is their column, or "folder"."""
    labels = tidy_labels(values)
    return tracks.assign(label=labels), count_labels(labels, None, origin)


def describe(places: Mapping[str, Path], tables: Sequence[dict] = (), **more: object) -> dict:
    """Return the info of a dataset: "audio_folder", and "dataset" with "tables" and other counts.

    Parameters
    ----------
    tables : sequence of dict
        Of :class:`Annotated`.
    more : dict
        "splits" (tracks by part), "n_lyrics".
    """
    dataset = {"tables": list(tables)} | {name: value for name, value in more.items() if value}
    return {"audio_folder": os.path.realpath(places["audio"]), "dataset": dataset}


def check_some(tracks: pd.DataFrame, annotated: Annotated, title: str) -> None:
    """Refuse a dataset whose main table names none of the audio files.

    Raises
    ------
    CollectionError
        Shows an id of both.
    """
    table = annotated.tables[0]
    if not table["tracks_joined"]:
        shown = table["examples"][0] if table["examples"] else "nothing"
        raise CollectionError(
            f"{table['file']} of {title} names none of the {len(tracks)} audio files: it holds {shown!r}, a "
            f"file is called {tracks['file'].iloc[0]!r}; are table and audio of the same dataset?"
        )

"""FMA (Free Music Archive): four sizes of the same 106,574 tracks, and one table of metadata.

On disk: ``fma_small/000/000002.mp3`` (so ``fma_medium``, ``fma_large``, ``fma_full``) and
``fma_metadata/tracks.csv`` with three header rows. ``set.subset`` is the smallest size that holds a track:
*small* is in *medium*, and both are in *large*. *full* has the tracks of *large* in full length. So a smaller
size is also read from the folder of a larger one of clips, of which only its files are opened.

``track.genre_top`` is the label; about half of the tracks of *large* have none. ``track.genres`` holds ids,
which ``fma_metadata/genres.csv`` names. ``set.split`` becomes ``split`` (training, validation, test).
"""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pandas as pd

from core.collection.datasets.annotations import (
    ID,
    SPLIT,
    Table,
    add_labels,
    add_splits,
    annotate,
    check_some,
    describe,
    open_table,
    read_audio,
    stem_of,
)
from core.collection.datasets.dataset_layout import Places, Read, first_folder, subfolders_of
from core.collection.tables.sheet import as_text, read_sheet
from core.errors import CollectionError
from core.progress import Progress

CLIPS = ("small", "medium", "large")
"""Sizes with clips of 30 s; each holds the ones before."""
FULL = "full"
_SUBSET, _SPLIT, _GENRES, _TOP = "set.subset", "set.split", "track.genres", "track.genre_top"
_METADATA = "fma_metadata"
_PARTS = ("training", "validation", "test")


class Fma:
    """The layout of one size of FMA."""

    subset: ClassVar[str]

    def locate(self, folder: Path) -> Places | None:
        """Find the audio of this size or of a larger one of clips, and the metadata, below or beside."""
        below, beside = [folder, *subfolders_of(folder)], [folder.parent]
        sizes = [FULL] if self.subset == FULL else CLIPS[CLIPS.index(self.subset) :]
        around = below + (beside if folder.name == _METADATA else [])  # fma_small is not fma_medium beside it
        found = (first_folder(around, f"fma_{size}") for size in sizes)
        audio = next((place for place in found if place), None)
        metadata = first_folder(below + beside, _METADATA)
        if audio is None or metadata is None or not (metadata / "tracks.csv").is_file():
            return None
        genres = metadata / "genres.csv"
        return {"audio": audio, "tracks": metadata / "tracks.csv"} | (
            {"genres": genres} if genres.is_file() else {}
        )

    def read(self, places: Places, progress: Progress) -> Read:
        """Read the tracks of this size with their metadata, genres and split."""
        progress(0, 0, "reading tracks.csv")
        table = self._rows(open_table(places["tracks"], "track_id"))
        if "genres" in places:
            table = _name_genres(table, places["genres"])
        keys = as_text(table.sheet.frame[table.key])
        tracks, problems, counts = read_audio(places["audio"], progress, _number, keys)
        annotated = annotate(tracks, [table])
        check_some(tracks, annotated, "FMA")
        tracks, columns = annotated.tracks, annotated.columns
        splits: dict[str, int] = {}
        if columns.get(_SPLIT) in tracks:
            part = dict(zip(tracks[ID], tracks.pop(columns[_SPLIT])))
            tracks, splits = add_splits(
                tracks, {name: [i for i in part if part[i] == name] for name in _PARTS}
            )
            columns = columns | {_SPLIT: SPLIT}
        counts |= {"columns": columns} | describe(places, annotated.tables, splits=splits)
        if columns.get(_TOP) in tracks:
            tracks, counts["labels"] = add_labels(tracks, tracks[columns[_TOP]], columns[_TOP])
        return tracks, problems + annotated.problems, counts

    def _rows(self, table: Table) -> Table:
        """Return the rows of this size."""
        frame = table.sheet.frame
        if self.subset == FULL:
            return table
        if _SUBSET not in frame:
            raise CollectionError(
                f"{table.path} has no column {_SUBSET}, so the tracks of fma-{self.subset} are not known; it "
                "should be the tracks.csv of fma_metadata.zip, with three header rows"
            )
        sizes = CLIPS[: CLIPS.index(self.subset) + 1]
        rows = frame[frame[_SUBSET].isin(sizes)].reset_index(drop=True)
        return replace(table, sheet=replace(table.sheet, frame=rows))


class FmaSmall(Fma):
    """8,000 clips of eight genres, balanced."""

    subset = "small"


class FmaMedium(Fma):
    """25,000 clips of 16 genres."""

    subset = "medium"


class FmaLarge(Fma):
    """106,574 clips of 161 genres."""

    subset = "large"


class FmaFull(Fma):
    """106,574 tracks in full length."""

    subset = FULL


def _number(file: str) -> str:
    """Return the id in a file's name: ``000/000002.mp3`` is 2."""
    stem = stem_of(file)
    return str(int(stem)) if stem.isdecimal() and stem.isascii() else stem


def _name_genres(table: Table, path: Path) -> Table:
    """Return the table with the names of genres for their ids."""
    sheet = read_sheet(path)
    if not {"genre_id", "title"} <= set(sheet.columns) or _GENRES not in table.sheet.frame:
        return table
    titles = dict(zip(as_text(sheet["genre_id"]), as_text(sheet["title"])))
    cells = [
        json.dumps([titles.get(number, number) for number in re.findall(r"\d+", cell)], ensure_ascii=False)
        for cell in as_text(table.sheet.frame[_GENRES])
    ]
    named = pd.Series(["" if cell == "[]" else cell for cell in cells], dtype=object)
    return replace(table, sheet=replace(table.sheet, frame=table.sheet.frame.assign(**{_GENRES: named})))

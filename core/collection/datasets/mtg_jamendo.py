"""MTG-Jamendo: 55,000 full tracks with tags of genres, instruments and moods or themes.

On disk: ``data/autotagging.tsv`` (or its subsets ``autotagging_genre.tsv``, ``…_instrument``,
``…_moodtheme``) and the audio ``48/948.mp3`` or ``48/948.low.mp3``, in folders named after the last two
digits. A line has TRACK_ID, ARTIST_ID, ALBUM_ID, PATH, DURATION and then one cell for each tag, such as
``genre---rock``, so lines differ in length. Genres become ``genres``, the others ``instruments`` and
``moods_themes``. ``raw.meta.tsv`` gives titles and artists, ``splits/split-0`` the first of five published
splits.
"""

from pathlib import Path

import pandas as pd

from core.collection.datasets.annotations import (
    Table,
    add_splits,
    annotate,
    check_some,
    describe,
    open_table,
    read_audio,
    stem_of,
)
from core.collection.datasets.dataset_layout import Places, Read, subfolders_of
from core.collection.genres.splitting import join_genres
from core.collection.tables.sheet import Sheet, as_text
from core.errors import CollectionError
from core.progress import Progress

KINDS = {"genre": "genres", "instrument": "instruments", "mood/theme": "moods_themes"}
"""Prefix of a tag → its column."""
SUBSETS = ("autotagging_genre", "autotagging_instrument", "autotagging_moodtheme", "autotagging_top50tags")
"""Tables that together replace ``autotagging.tsv`` where that is missing."""
SPLITS = ("train", "validation", "test")
_HEAD = ("TRACK_ID", "ARTIST_ID", "ALBUM_ID", "PATH", "DURATION", "TAGS")


class MtgJamendo:
    """The layout of MTG-Jamendo."""

    def locate(self, folder: Path) -> Places | None:
        """Find the tables of tags, and a folder that has folders named by two digits, below or beside."""
        for data in (folder, *subfolders_of(folder), folder.parent, folder.parent / "data"):
            names = ["autotagging"] if (data / "autotagging.tsv").is_file() else SUBSETS
            tags = {name: data / f"{name}.tsv" for name in names if (data / f"{name}.tsv").is_file()}
            audio = _find_audio(folder) if tags else None
            if audio is not None:
                split = data / "splits" / "split-0"
                others = {part: split / f"{[*tags][0]}-{part}.tsv" for part in SPLITS}
                others["meta"] = data / "raw.meta.tsv"
                return {"audio": audio} | tags | {k: path for k, path in others.items() if path.is_file()}
        return None

    def read(self, places: Places, progress: Progress) -> Read:
        """Read the tagged tracks with titles, artists and the split."""
        progress(0, 0, "reading the tags of MTG-Jamendo")
        tags = [name for name in ("autotagging", *SUBSETS) if name in places]
        rows: dict[str, dict[str, str]] = {}
        for name in tags:
            for track, row in read_tags_of(places[name]).items():
                rows[track] = {**rows.get(track, {}), **row}
        frame = pd.DataFrame([{"id": track, **row} for track, row in rows.items()]).fillna("")
        tables = [Table(places[tags[0]], Sheet(frame), "id")]
        if "meta" in places:
            tables.append(_read_titles(places["meta"]))
        tracks, problems, counts = read_audio(places["audio"], progress, _id_of, rows)
        annotated = annotate(tracks, tables)
        check_some(tracks, annotated, "MTG-Jamendo")
        parts = {part: read_tags_of(places[part]) for part in SPLITS if part in places}
        tracks, splits = add_splits(annotated.tracks, parts)
        info = {"columns": annotated.columns} | describe(places, annotated.tables, splits=splits)
        return tracks, problems + annotated.problems, counts | info


def read_tags_of(path: Path) -> dict[str, dict[str, str]]:
    """Return the row of each track of a table of tags by the track's number: its ids, and tags by kind.

    Raises
    ------
    CollectionError
        When the file doesn't begin with the published header.
    """
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    if not lines or tuple(lines[0].strip().split("\t")) != _HEAD:
        raise CollectionError(
            f"{path} begins with {''.join(lines[:1])[:60]!r}, not with the columns {', '.join(_HEAD)}; "
            "perhaps it is a link that was not unpacked as one"
        )
    rows = {}
    for line in lines[1:]:
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) >= len(_HEAD) - 1 and cells[3]:
            tags = [tag.partition("---") for tag in cells[5:] if tag]
            named = {
                column: join_genres(list(dict.fromkeys(name for kind, _, name in tags if kind == prefix)))
                for prefix, column in KINDS.items()
            }
            ids = {"artist_id": cells[1], "album_id": cells[2]}
            rows[stem_of(cells[3])] = ids | {column: tags for column, tags in named.items() if tags}
    return rows


def _id_of(file: str) -> str:
    """Return the number of a track: ``48/948.low.mp3`` is 948."""
    return stem_of(file).removesuffix(".low")


def _read_titles(path: Path) -> Table:
    """Read titles, artists and albums, by the numbers of the tracks."""
    table = open_table(path, "TRACK_ID")
    frame = table.sheet.frame
    numbers = [cell.removeprefix("track_").lstrip("0") for cell in as_text(frame[table.key])]
    kept = [name for name in frame if name not in ("TRACK_ID", "ARTIST_ID", "ALBUM_ID")]
    return Table(path, Sheet(frame[kept].assign(id=numbers), table.sheet.report), "id")


def _find_audio(folder: Path) -> Path | None:
    """Return the folder of folders named by two digits, rather of the files in full quality."""
    near = [folder, *subfolders_of(folder), folder.parent, *subfolders_of(folder.parent)]
    found = [place for place in near if any(_is_part(sub.name) for sub in subfolders_of(place))]
    return next((place for place in found if "low" not in place.name), found[0] if found else None)


def _is_part(name: str) -> bool:
    """Return whether a folder's name is the last two digits of ids."""
    return len(name) == 2 and name.isdecimal()

"""JamendoLyrics MultiLang: about 20 songs in each of four languages, with their lyrics.

On disk: ``JamendoLyrics.csv`` (Filepath, Artist, Title, Genre, Language …), ``mp3/NAME.mp3`` and
``lyrics/NAME.txt``; or audio and lyrics by language, in ``subsets/en/mp3`` and ``subsets/en/lyrics``. Of the
texts only ``NAME.txt`` is read; ``NAME.words.txt`` holds the same words, one a line.
"""

from pathlib import Path

from core.collection.datasets.annotations import (
    Table,
    add_labels,
    add_lyrics,
    annotate,
    check_some,
    describe,
    open_table,
    read_audio,
    stem_of,
)
from core.collection.datasets.dataset_layout import Places, Read
from core.collection.tables.sheet import Sheet, as_text
from core.progress import Progress

TABLE = "JamendoLyrics.csv"


class JamendoLyrics:
    """The layout of JamendoLyrics."""

    def locate(self, folder: Path) -> Places | None:
        """Find the table, and the audio beside it."""
        for root in (folder, folder / "jamendolyrics", folder.parent if folder.name == "mp3" else folder):
            audio = next((root / name for name in ("mp3", "subsets") if (root / name).is_dir()), None)
            if audio is not None and (root / TABLE).is_file():
                lyrics = {path.parent.name: path for path in sorted(root.glob("subsets/*/lyrics"))}
                lyrics |= {"all": root / "lyrics"} if (root / "lyrics").is_dir() else {}
                found = {f"lyrics {name}": path for name, path in lyrics.items() if path.is_dir()}
                return {"audio": audio, "songs": root / TABLE} | found
        return None

    def read(self, places: Places, progress: Progress) -> Read:
        """Read the songs with their metadata, lyrics and genre."""
        table = open_table(places["songs"], "Filepath")
        names = [stem_of(name) for name in as_text(table.sheet.frame[table.key])]
        frame = table.sheet.frame.drop(columns=table.key).assign(id=names)
        tracks, problems, counts = read_audio(places["audio"], progress)
        annotated = annotate(tracks, [Table(table.path, Sheet(frame, table.sheet.report), "id")])
        check_some(tracks, annotated, "JamendoLyrics")
        folders = [path for role, path in places.items() if role.startswith("lyrics ")]
        tracks, n_lyrics = add_lyrics(annotated.tracks, folders, progress)
        if "genre" in tracks:
            tracks, counts["labels"] = add_labels(tracks, tracks["genre"], "genre")
        info = {"columns": annotated.columns} | describe(places, annotated.tables, n_lyrics=n_lyrics)
        return tracks, problems + annotated.problems, counts | info

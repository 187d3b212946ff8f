"""Music4All: 109,269 clips of 30 s with lyrics, 853 genres, tags and audio features of Spotify.

On disk: ``audios/ID.mp3``, ``lyrics/ID.txt`` and tab-separated tables with the column ``id``:
``id_information.csv`` (artist, song, album_name), ``id_genres.csv``, ``id_tags.csv``, ``id_lang.csv`` and
``id_metadata.csv`` (danceability, energy, tempo …). A track has one or several genres, separated by commas.

Instrumental tracks have a word in capitals for their language and lyrics; here they have no lyrics, and the
language "zxx" (no linguistic content).
"""

from pathlib import Path

from core.collection.datasets.annotations import (
    add_lyrics,
    annotate,
    check_some,
    describe,
    open_table,
    read_audio,
)
from core.collection.datasets.dataset_layout import Places, Read
from core.progress import Progress

TABLES = ("information", "genres", "tags", "lang", "metadata")
"""The tables ``id_….csv``, the main one first."""
_INSTRUMENTAL = ("INSTRUMENTAL", "INTRUMENTAL", "[INSTRUMENTAL]")
_NO_LANGUAGE = "zxx"  # ISO 639-2: no linguistic content


class Music4All:
    """The layout of Music4All."""

    def locate(self, folder: Path) -> Places | None:
        """Find ``audios`` and the tables in the folder, or in a folder ``music4all`` of it."""
        for root in (folder, folder / "music4all", folder.parent if folder.name == "audios" else folder):
            found = {name: root / f"id_{name}.csv" for name in TABLES}
            found = {name: path for name, path in found.items() if path.is_file()}
            if {"information", "genres"} <= found.keys() and (root / "audios").is_dir():
                lyrics = {"lyrics": root / "lyrics"} if (root / "lyrics").is_dir() else {}
                return {"audio": root / "audios"} | found | lyrics
        return None

    def read(self, places: Places, progress: Progress) -> Read:
        """Read the clips with their metadata, genres, tags, language and lyrics."""
        progress(0, 0, "reading the tables of Music4All")
        tables = [open_table(places[name], "id") for name in TABLES if name in places]
        tracks, problems, counts = read_audio(places["audio"], progress)
        annotated = annotate(tracks, tables)
        check_some(tracks, annotated, "Music4All")
        tracks, n_lyrics = annotated.tracks, 0
        if "lyrics" in places:
            tracks, n_lyrics = add_lyrics(tracks, [places["lyrics"]], progress, _INSTRUMENTAL)
        is_instrumental = tracks["language"].str.strip().str.upper().isin(_INSTRUMENTAL)
        tracks["language"] = tracks["language"].mask(is_instrumental, _NO_LANGUAGE)
        info = {"columns": annotated.columns} | describe(places, annotated.tables, n_lyrics=n_lyrics)
        return tracks, problems + annotated.problems, counts | info

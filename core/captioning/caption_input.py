"""The input of captioners: one track's lyrics, its genre where known, and its audio tags."""

import re
from dataclasses import dataclass

import pandas as pd

from core.collection import Collection
from core.collection.genres.splitting import normalize_genre, split_genres
from core.errors import ConfigError

NO_GENRE = "none"
_SECTION_HEADING = re.compile(
    r"\[[^\]\n]{1,60}\]|^\s*\(?(?:chorus|verse|bridge|refrain|intro|outro)\s*\d*\)?:?\s*$",
    re.IGNORECASE | re.MULTILINE,
)
"""``[Chorus]`` and the like, which are not sung."""


@dataclass(frozen=True)
class Song:
    """One track as captioners read it.

    Attributes
    ----------
    lyrics : str
        Without section headings such as [Chorus]; "" where there are none.
    genre : str
        "" where unknown or withheld.
    language : str
        ISO 639-1 code, "" where the collection has none.
    tags : tuple of (str, float)
        Audio tags of pretrained networks with their probabilities; empty without audio.
    """

    track_id: str
    lyrics: str = ""
    genre: str = ""
    language: str = ""
    tags: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class GenreUse:
    """Where the genres in captions come from, or why they are withheld.

    Attributes
    ----------
    column : str
        "" where no column is used.
    n_tracks : int
        Tracks that have a genre.
    withheld : {"", "as requested", "unknown", "is label"}
    gives_labels_away : bool
        Whether the genres in use equal the labels.
    """

    column: str = ""
    n_tracks: int = 0
    withheld: str = ""
    gives_labels_away: bool = False


def read_songs(collection: Collection, genre: str | None = None) -> tuple[list[Song], GenreUse]:
    """Return each track as a song, and how genres are used.

    Parameters
    ----------
    genre : str, optional
        The column that holds the genre, or "none". Default: ``genre``, else ``genres``, unless it equals the
        labels; captions would then give the labels away, and external scores would be meaningless.

    Raises
    ------
    ConfigError
        When there is no such text column.
    """
    from core.text.language import code_of

    tracks = collection.tracks
    genres, genre_use = _read_genres(tracks, genre)
    columns = zip(tracks["track_id"], tracks["lyrics"], genres, tracks["language"])
    songs = [
        Song(track_id, _SECTION_HEADING.sub("", lyrics).strip(), " ".join(name.split()), code_of(language))
        for track_id, lyrics, name, language in columns
    ]
    return songs, genre_use


def _read_genres(tracks: pd.DataFrame, requested: str | None) -> tuple[list[str], GenreUse]:
    """Return the genre of each track, and how genres are used."""
    nothing = [""] * len(tracks)
    if requested == NO_GENRE:
        return nothing, GenreUse(withheld="as requested")
    known = [name for name in ("genre", "genres") if name in tracks and (tracks[name].fillna("") != "").any()]
    if requested is None and not known:
        return nothing, GenreUse(withheld="unknown")
    column = requested or known[0]
    if column not in tracks or not pd.api.types.is_string_dtype(tracks[column]):
        text_columns = [name for name in tracks if pd.api.types.is_string_dtype(tracks[name])]
        raise ConfigError(
            f"there is no text column {column!r} to take the genre from; choose from {NO_GENRE}, "
            f"{', '.join(text_columns)}"
        )
    genres = tracks[column].fillna("").str.strip()
    both = (genres != "") & (tracks["label"] != "")
    n_equal = sum(map(_names_label, genres[both], tracks["label"][both]))
    is_label = bool(both.any() and n_equal > 0.5 * both.sum())
    if is_label and requested is None:
        return nothing, GenreUse(column, withheld="is label")
    return genres.tolist(), GenreUse(column, int((genres != "").sum()), gives_labels_away=is_label)


def _names_label(genre: str, label: str) -> bool:
    """Return whether one of a track's genres contains the label, as "garage rock; rock" contains "rock"."""
    return any(
        f" {normalize_genre(label)} " in f" {normalize_genre(name)} "
        for name in (genre, *split_genres(genre))
    )

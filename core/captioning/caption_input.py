"""What a caption is written from: one track's words, its genre where that is known, and what its sound is like."""

import re
from dataclasses import dataclass

import pandas as pd

from core.collection import Collection
from core.collection.genres.splitting import fold, split_genres
from core.errors import ConfigError

NO_GENRE = "none"
_HEADING = re.compile(
    r"\[[^\]\n]{1,60}\]|^\s*\(?(?:chorus|verse|bridge|refrain|intro|outro)\s*\d*\)?:?\s*$",
    re.IGNORECASE | re.MULTILINE,
)
"""``[Chorus]`` and the like: a part's name, sung by nobody."""


@dataclass(frozen=True)
class Song:
    """One track as captioners read it.

    Attributes
    ----------
    lyrics : str
        Without headings such as [Chorus]; "" where there are none.
    genre : str
        "" where it is not known or not to be told.
    language : str
        ISO 639-1 code, "" where the collection doesn't say.
    tags : tuple of (str, float)
        What pretrained networks hear in its sound, with probabilities; empty where there is none.
    """

    track_id: str
    lyrics: str = ""
    genre: str = ""
    language: str = ""
    tags: tuple[tuple[str, float], ...] = ()


def read_songs(collection: Collection, genre: str | None = None) -> tuple[list[Song], str]:
    """Return each track as a song, and one sentence about the genre: where it is from, or why it is not told.

    Parameters
    ----------
    genre : str, optional
        The column that holds it, or "none". Left out: the column ``genre``, else ``genres``, unless it says
        what the labels say; captions would then give the labels away, and scores of words against labels
        would prove nothing.

    Raises
    ------
    ConfigError
        When there is no such column of words.
    """
    from core.text.language import code_of

    tracks = collection.tracks
    genres, told = _genres(tracks, genre)
    columns = zip(tracks["track_id"], tracks["lyrics"], genres, tracks["language"])
    songs = [
        Song(track_id, _HEADING.sub("", lyrics).strip(), " ".join(word.split()), code_of(language))
        for track_id, lyrics, word, language in columns
    ]
    return songs, told


def _genres(tracks: pd.DataFrame, wanted: str | None) -> tuple[list[str], str]:
    """Return the genre of each track, and what is said about it."""
    nothing = [""] * len(tracks)
    if wanted == NO_GENRE:
        return nothing, "Genres are not told, as asked."
    known = [name for name in ("genre", "genres") if name in tracks and (tracks[name].fillna("") != "").any()]
    if wanted is None and not known:
        return nothing, "No genre is known."
    column = wanted or known[0]
    if column not in tracks or not pd.api.types.is_string_dtype(tracks[column]):
        able = [name for name in tracks if pd.api.types.is_string_dtype(tracks[name])]
        raise ConfigError(
            f"there is no column {column!r} of words to take the genre from; choose from {NO_GENRE}, "
            f"{', '.join(able)}"
        )
    genres = tracks[column].fillna("").str.strip()
    both = (genres != "") & (tracks["label"] != "")
    same = both.any() and sum(map(_names, genres[both], tracks["label"][both])) > 0.5 * both.sum()
    if same and wanted is None:
        return (
            nothing,
            "Genres are the labels here, so they are not told: captions would give the labels away.",
        )
    told = f"{int((genres != '').sum()):,} tracks have a genre, from the column {column}."
    return genres.tolist(), told + (
        " It says what the labels say, so captions give the labels away." if same else ""
    )


def _names(genre: str, label: str) -> bool:
    """Say whether a genre, or one of several, has the label in its name: "garage rock; rock" tells that it is rock."""
    return any(f" {fold(label)} " in f" {fold(name)} " for name in (genre, *split_genres(genre)))

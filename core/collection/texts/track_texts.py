"""Text of each track: lyrics, else caption, else "title – artist", or one chosen field."""

from collections.abc import Iterable, Iterator

import pandas as pd

from core.collection.tables.join_keys import without_ending
from core.collection.texts.file_names import title_in_name
from core.collection.texts.written import is_made_here, origins_of
from core.errors import ConfigError

TRANSCRIBED = "lyrics (transcribed)"
"""Origin of lyrics that were transcribed from the audio."""

METADATA = "metadata"
"""Text field for "title – artist"."""

DISPLAY = "display"
"""Origin of titles that are for display only: unless asked for, "title – artist" is no text then."""


def choose_texts(tracks: pd.DataFrame, field: str | None, collection: str) -> list[tuple[str, str]]:
    """Return the text of each track and its origin; ("", "nothing") where there is none.

    Parameters
    ----------
    field : str, optional
        A column of ``tracks``, or :data:`METADATA`. By default lyrics, else caption, else metadata where
        titles are not for display only.
    collection : str
        Name of the collection, for errors.

    Raises
    ------
    ConfigError
        When there is no such text column; lists the valid ones.
    """
    if field is None:
        lyrics_from = [
            TRANSCRIBED if is_made_here(origin) else "lyrics" for origin in origins_of(tracks, "lyrics")
        ]
        columns = zip(tracks["lyrics"], lyrics_from, tracks["caption"])
        chosen = [_first((lyrics, origin), (caption, "caption")) for lyrics, origin, caption in columns]
        blank = [row for row, (text, _) in enumerate(chosen) if not text]
        for row, metadata in zip(blank, _default_metadata(tracks.iloc[blank])):
            chosen[row] = metadata
        return chosen
    if field == METADATA:
        return _metadata(tracks)
    if field not in tracks or not pd.api.types.is_string_dtype(tracks[field]):
        valid = [column for column in tracks if pd.api.types.is_string_dtype(tracks[column])]
        raise ConfigError(
            f"{collection} has no text field {field!r}; choose from {METADATA}, {', '.join(valid)}"
        )
    return [_first((text, field)) for text in tracks[field].fillna("")]


def _default_metadata(tracks: pd.DataFrame) -> list[tuple[str, str]]:
    """Return "title – artist" per track, nothing where titles are for display only."""
    origins = tracks["title_from"] if "title_from" in tracks else ["table"] * len(tracks)
    return [
        ("", "nothing") if origin == DISPLAY else metadata
        for origin, metadata in zip(origins, _metadata(tracks))
    ]


def _metadata(tracks: pd.DataFrame) -> list[tuple[str, str]]:
    """Return "title – artist" per track; neither a row number nor a label in a file's name is a title."""
    nothing = [""] * len(tracks)
    origins = tracks["title_from"] if "title_from" in tracks else ["table"] * len(tracks)
    files = [
        audio or file for audio, file in zip(tracks.get("sound_file", nothing), tracks.get("file", nothing))
    ]
    return [
        _first(
            (
                f"{title} – {artist}" if title and artist else title or artist,
                "file name" if origin == "file name" and not artist else "title – artist",
            )
        )
        for title, artist, origin in zip(_titles(tracks, origins, files), tracks["artist"], origins)
    ]


def _titles(tracks: pd.DataFrame, origins: Iterable[str], files: Iterable[str]) -> Iterator[str]:
    """Yield the title of each track, "" for the number of its row, without the label where a file gave it."""
    for title, origin, file, label in zip(tracks["title"], origins, files, tracks["label"]):
        if origin == "row":
            yield ""
        elif origin == "file name" or file:
            *folders, name = str(file).replace("\\", "/").split("/")
            is_name = origin == "file name" or title == without_ending(name)
            yield title_in_name(title, (label, *folders)) if is_name else title
        else:
            yield title


def _first(*choices: tuple[str, str]) -> tuple[str, str]:
    """Return the first (text, origin) whose text is not blank."""
    for text, origin in choices:
        if text := text.strip():
            return text, origin
    return "", "nothing"

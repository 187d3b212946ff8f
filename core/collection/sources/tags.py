"""Tags of an audio file, and lyrics in a text file beside it."""

import io
import os
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from core.audio.isolated.remote_decoder import read_metadata_apart
from core.audio.opening import open_source_file
from core.collection.formats.ape import read_ape
from core.collection.formats.entities import decode_entities, strip_markup
from core.collection.formats.id3 import read_id3, read_id3v1_genre
from core.collection.formats.id3_genres import expand_references
from core.collection.formats.lrc import strip_stamps
from core.collection.genres.splitting import join_genres, split_genres
from core.collection.tables.encodings import decode, repair_encoding
from core.errors import AudioError

FIELDS = ("title", "artist", "album", "genre", "genres", "language", "lyrics", "year")
SIDE_ENDINGS = (".lrc", ".txt")
"""Endings of lyrics files beside the audio, the preferred first."""

MAX_LYRICS = 65_536
"""Longest lyrics in characters; the rest is cut off."""

_MAX_SIDE_BYTES = 4 * MAX_LYRICS
_MAX_READ = 32 * 2**20  # bytes tinytag may ask for at once; a damaged size field asks for gigabytes
_MAX_READS = 200_000
_OF_TINYTAG = ("title", "artist", "albumartist", "composer", "album", "year")
_LYRICS = ("lyrics", "unsyncedlyrics", "unsynced lyrics")
_FFMPEG = {"title": "title", "artist": "artist", "album_artist": "albumartist", "composer": "composer"} | {
    name: name for name in ("album", "genre", "language", "lyrics", "year")
}
_FFMPEG["date"] = "year"
_LANGUAGE = re.compile(r"-[a-z]{2,3}$")
"""Ending of a key in Matroska's metadata: the language of its value."""


class _Bounded(io.BufferedReader):
    """A file that refuses reads beyond the needs of any tag, to bound memory and time for damaged ones."""

    n_reads = 0

    def read(self, size: int | None = -1, /) -> bytes:
        self.n_reads += 1
        if self.n_reads > _MAX_READS:
            raise ValueError("too many reads for a tag")
        wanted = _MAX_READ + 1 if size is None or size < 0 else size
        if wanted > _MAX_READ and os.fstat(self.fileno()).st_size - self.tell() > _MAX_READ:
            raise ValueError("a tag longer than any tag is")
        return super().read(size)


def read_tags(path: Path, within: Path | None = None) -> dict[str, str]:
    """Read the tags of a file: :data:`FIELDS`, where ``genres`` is set only if there are several.

    A missing or unreadable tag gives "", never an error. Values in a wrong encoding are repaired if they are
    clearly broken, HTML entities are decoded, and ID3's genre references are resolved.

    Parameters
    ----------
    within : Path, optional
        A resolved folder that must contain the file (see :func:`~core.audio.opening.open_source_file`).

    Returns
    -------
    dict
        One string for each of :data:`FIELDS`.
    """
    found = dict.fromkeys(FIELDS, "")
    try:
        with open_source_file(path, within) as file:
            values = _first_of_each(_read_all(path, file))
    except (AudioError, OSError):
        return found
    for name, value in repair_encoding(values).items():
        text = strip_markup(clean(value)) if name == "lyrics" else decode_entities(clean(value))
        found[name] = text if name in ("lyrics", "genre") else " ".join(text.split())
    several = split_genres(found["genre"])
    found["genres"] = join_genres(several) if len(several) > 1 else ""
    found["genre"] = " ".join(re.split(r"[;\n]", found["genre"])[0].split())
    found["lyrics"] = strip_stamps(found["lyrics"])[:MAX_LYRICS]
    return found


def _first_of_each(tags: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return one text for each field of a file that has it; genres are one to a line."""
    artist = next((tags[name] for name in ("artist", "albumartist", "composer") if tags.get(name)), ())
    first = {name: values[0] for name, values in tags.items() if name in FIELDS and values}
    if artist:
        first["artist"] = artist[0]
    genres = [genre for value in tags.get("genre", ()) for genre in expand_references(value)]
    return first | {"genre": "\n".join(genres)}


def _read_all(path: Path, file: io.FileIO) -> dict[str, Sequence[str]]:
    """Return the values of all tags of a file by field: ID3v2 goes before APE, and ID3v1 comes last."""
    buffered = _Bounded(file)
    try:
        known, mime = _read_with_tinytag(path, buffered)
        id3, ape = (_tried(read, buffered) for read in (read_id3, read_ape))
        id3v1_genre = read_id3v1_genre(buffered)
    finally:
        buffered.detach()
    if mime == "audio/mpeg" and ("genre" in id3 or id3v1_genre):
        known.pop("genre", None)  # tinytag resolves references by a list that lacks some genres
    tags: dict[str, Sequence[str]] = {**ape, **known, **id3} if id3 else {**known, **ape}
    if id3v1_genre:
        tags.setdefault("genre", [id3v1_genre])
    return tags if tags or mime else _read_with_ffmpeg(file)


def _tried(read: Callable[[io.BufferedIOBase], dict[str, list[str]]], file: _Bounded) -> dict[str, list[str]]:
    """Return what a reader finds, nothing where the tag is damaged: the audio is still usable."""
    try:
        return read(file)
    except (ValueError, LookupError, OSError):
        return {}


def _read_with_tinytag(path: Path, file: _Bounded) -> tuple[dict[str, Sequence[str]], str]:
    """Return the values that tinytag finds, and the media type; "" if it doesn't support the format."""
    from tinytag import TinyTag, UnsupportedFormatError

    try:
        tag = TinyTag.get(filename=path, file_obj=file, duration=False)
    except UnsupportedFormatError:
        return {}, ""
    except Exception:  # a damaged tag may raise anything
        return {}, "damaged"
    other = {name.casefold(): values for name, values in tag.other.items() if values}
    values = {name: [getattr(tag, name)] for name in _OF_TINYTAG if getattr(tag, name)}
    if genres := [genre for genre in (tag.genre, *other.get("genre", [])) if genre]:
        values["genre"] = genres
    for name, keys in (("language", ("language",)), ("lyrics", _LYRICS)):
        if found := next((other[key] for key in keys if key in other), None):
            values[name] = found
    return {name: [str(value) for value in some] for name, some in values.items()}, tag.mime_type or "unknown"


def _read_with_ffmpeg(file: io.FileIO) -> dict[str, Sequence[str]]:
    """Return the values that FFmpeg finds in a format that tinytag doesn't support."""
    try:
        metadata = read_metadata_apart(file)
    except AudioError:
        return {}
    found: dict[str, Sequence[str]] = {}
    for key, value in metadata.items():
        name = _FFMPEG.get(key) or _FFMPEG.get(_LANGUAGE.sub("", key))
        if name and value.strip():
            found.setdefault(name, [value])
    return found


def read_side_text(path: Path, within: Path | None = None) -> str:
    """Read the lyrics in a ``.txt`` or ``.lrc`` file; "" if it is not text.

    Only a regular file is opened; at most :data:`MAX_LYRICS` characters are returned, without the time stamps
    of LRC and the markup of HTML.
    """
    try:
        with open_source_file(path, within) as file:
            data = file.read(_MAX_SIDE_BYTES)
    except (AudioError, OSError):
        return ""
    if len(data) == _MAX_SIDE_BYTES:
        data = data[: data.rfind(b"\n") + 1]  # whole lines, so that no character is cut in two
    text = decode(data)
    if "\0" in text:
        return ""
    return strip_stamps(strip_markup(clean(text)))[:MAX_LYRICS]


def clean(text: str) -> str:
    """Remove NUL and lone surrogates."""
    return text.replace("\0", "\n").strip("\n").encode("utf-8", "ignore").decode("utf-8")

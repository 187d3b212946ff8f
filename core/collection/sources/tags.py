"""Tags of an audio file, and lyrics in a text file beside it."""

import io
import os
import re
from pathlib import Path

from core.audio.opening import open_source_file
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
_STAMP = re.compile(r"[\[<]\d{1,3}:\d{1,2}(?:[.:]\d{1,3})?[\]>]")
_LRC_ENTRY = re.compile(
    r"^\s*\[(ti|ar|al|au|lr|by|offset|length|re|tool|ve|la|id|#)\s*:[^\]]*\]\s*$", re.IGNORECASE
)


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
    clearly broken.

    Parameters
    ----------
    within : Path, optional
        A resolved folder that must contain the file (see :func:`~core.audio.opening.open_source_file`).

    Returns
    -------
    dict
        One string for each of :data:`FIELDS`.
    """
    from tinytag import TinyTag

    found = dict.fromkeys(FIELDS, "")
    try:
        with _Bounded(open_source_file(path, within)) as file:
            tag = TinyTag.get(filename=path, file_obj=file, duration=False)
    except Exception:  # a damaged tag may raise anything; the audio is still usable
        return found
    other = {name.casefold(): values[0] for name, values in tag.other.items() if values}
    lyrics = other.get("lyrics") or other.get("unsyncedlyrics") or other.get("unsynced lyrics")
    values = {
        "title": tag.title,
        "artist": tag.artist or tag.albumartist or tag.composer,
        "album": tag.album,
        "genre": "\n".join(filter(None, [tag.genre, *tag.other.get("genre", [])])),
        "language": other.get("language"),
        "lyrics": lyrics,
        "year": tag.year,
    }
    for name, value in repair_encoding({name: str(value) for name, value in values.items() if value}).items():
        found[name] = clean(value) if name in ("lyrics", "genre") else " ".join(clean(value).split())
    several = split_genres(found["genre"])
    found["genres"] = join_genres(several) if len(several) > 1 else ""
    found["genre"] = " ".join(re.split(r"[;\n]", found["genre"])[0].split())
    found["lyrics"] = strip_stamps(found["lyrics"])[:MAX_LYRICS]
    return found


def read_side_text(path: Path, within: Path | None = None) -> str:
    """Read the lyrics in a ``.txt`` or ``.lrc`` file; "" if it is not text.

    Only a regular file is opened; at most :data:`MAX_LYRICS` characters are returned.
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
    return strip_stamps(clean(text))[:MAX_LYRICS]


def strip_stamps(text: str) -> str:
    """Remove time stamps ([01:02.30], <01:02.30>) and ID tags ([ar:…]) of LRC lyrics."""
    lines = [_STAMP.sub("", line).strip() for line in text.splitlines() if not _LRC_ENTRY.match(line)]
    return "\n".join(lines).strip()


def clean(text: str) -> str:
    """Remove NUL and lone surrogates."""
    return text.replace("\0", "\n").strip("\n").encode("utf-8", "ignore").decode("utf-8")

"""APE tags (versions 1 and 2) of MP3, WavPack, Musepack, Monkey's Audio, TAK and others.

References
----------
Hydrogenaudio Knowledgebase: "APEv2 specification", "APE Tags Header", "APE Tag Item".
"""

import io
import os

_LONGEST = 32 * 2**20
_MOST_ITEMS = 1000
_FIELDS = {
    "title": "title",
    "artist": "artist",
    "album artist": "albumartist",
    "albumartist": "albumartist",
    "composer": "composer",
    "album": "album",
    "genre": "genre",
    "language": "language",
    "year": "year",
    "lyrics": "lyrics",
    "unsyncedlyrics": "lyrics",
    "unsynced lyrics": "lyrics",
}


def read_ape(file: io.BufferedIOBase) -> dict[str, list[str]]:
    """Read the text items of an APE tag at the end of a file, before an ID3v1 tag, or at the start.

    Returns
    -------
    dict of list of str
        The values by field, as :func:`core.collection.formats.id3.read_id3` names them.
    """
    found: dict[str, list[str]] = {}
    for key, value in _items(file):
        field = _FIELDS.get(key)
        values = [part for part in value.split("\0") if part.strip()]
        if field and values:
            found.setdefault(field, values)
    return found


def _items(file: io.BufferedIOBase) -> list[tuple[str, str]]:
    """Return key (lower case) and text of every item; those read so far if the tag is damaged."""
    body, version, n_items = _read_body(file)
    found: list[tuple[str, str]] = []
    at = 0
    for _ in range(min(n_items, _MOST_ITEMS)):
        size, flags = (
            int.from_bytes(body[at : at + 4], "little"),
            int.from_bytes(body[at + 4 : at + 8], "little"),
        )
        end = body.find(b"\0", at + 8, at + 8 + 256)
        if end < 0 or end + 1 + size > len(body):
            break
        data, at_text = body[end + 1 : end + 1 + size], version < 2000 or not flags & 0b110
        if at_text:
            text = data.decode("latin-1" if version < 2000 else "utf-8", "replace")
            found.append((body[at + 8 : end].decode("latin-1").casefold(), text))
        at = end + 1 + size
    return found


def _read_body(file: io.BufferedIOBase) -> tuple[bytes, int, int]:
    """Return the items' bytes, the version and the number of items; empty where there is no tag."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(size - 160, 0))
    tail = file.read(160)
    end = size
    if tail[-128:-125] == b"TAG":
        end, tail = size - 128, tail[:-128]
    foot = tail[-32:]
    if foot[:8] == b"APETAGEX":
        length = int.from_bytes(foot[12:16], "little") - 32
        start = end - 32 - length
    else:
        file.seek(0)
        foot = file.read(32)
        if foot[:8] != b"APETAGEX":
            return b"", 0, 0
        start, length = 32, int.from_bytes(foot[12:16], "little") - 32
    if not 0 < length <= _LONGEST or start < 0:
        return b"", 0, 0
    file.seek(start)
    return file.read(length), int.from_bytes(foot[8:12], "little"), int.from_bytes(foot[16:20], "little")

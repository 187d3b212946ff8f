"""Text frames of ID3v2.2, 2.3 and 2.4, and the genre of ID3v1.

tinytag finds the other tags of a file; of ID3 it knows neither unsynchronisation and compression nor several
genre references in one frame.

References
----------
M. Nilsson: "ID3 tag version 2.4.0 – Main Structure" and "– Native Frames", "ID3 tag version 2.3.0".
"""

import io
import os
import zlib
from collections.abc import Iterator

from core.collection.formats.id3_genres import GENRES

_FIELDS = {  # by frame of 2.3 and 2.4, and of 2.2
    **dict.fromkeys(("TIT2", "TT2"), "title"),
    **dict.fromkeys(("TPE1", "TP1"), "artist"),
    **dict.fromkeys(("TPE2", "TP2"), "albumartist"),
    **dict.fromkeys(("TCOM", "TCM"), "composer"),
    **dict.fromkeys(("TALB", "TAL"), "album"),
    **dict.fromkeys(("TCON", "TCO"), "genre"),
    **dict.fromkeys(("TLAN", "TLA"), "language"),
    **dict.fromkeys(("TDRC", "TYER", "TYE"), "year"),
    **dict.fromkeys(("USLT", "ULT"), "lyrics"),
}
_LONGEST = 32 * 2**20
"""Bytes of the longest tag that is read: most of it is pictures."""
_MOST_CHUNKS = 1000


def read_id3(file: io.BufferedIOBase) -> dict[str, list[str]]:
    """Read the text frames of the ID3v2 tag at the start of a file, or in a chunk of a WAV or AIFF.

    Returns
    -------
    dict of list of str
        The values of "title", "artist", "albumartist", "composer", "album", "genre", "language", "year" and
        "lyrics", those that the tag has; genres as written, with references to ID3v1's list.
    """
    start = _find_tag(file)
    if start is None:
        return {}
    file.seek(start)
    head = file.read(10)
    version, flags, size = head[3], head[5], _synchsafe(head[6:10])
    body = file.read(min(size, _LONGEST))
    if version < 4 and flags & 0x80:
        body = _resynchronised(body)
    found: dict[str, list[str]] = {}
    for name, content in _frames(body[_extended_header(body, version, flags) :], version, flags):
        field = _FIELDS.get(name)
        if field and field not in found and (values := _values(name, content)):
            found[field] = values
    return found


def read_id3v1_genre(file: io.BufferedIOBase) -> str:
    """Return the genre in the last byte of an ID3v1 tag, "" if there is none."""
    if file.seek(0, os.SEEK_END) < 128:
        return ""
    file.seek(-128, os.SEEK_END)
    tag = file.read(128)
    return GENRES[tag[127]] if tag[:3] == b"TAG" and tag[127] < len(GENRES) else ""


def _find_tag(file: io.BufferedIOBase) -> int | None:
    """Return the position of the ID3v2 tag, None if there is none."""
    file.seek(0)
    head = file.read(12)
    if head[:3] == b"ID3":
        return 0
    if head[:4] not in (b"RIFF", b"RF64", b"FORM"):
        return None
    order, at = "big" if head[:4] == b"FORM" else "little", 12
    for _ in range(_MOST_CHUNKS):
        file.seek(at)
        chunk = file.read(11)
        if len(chunk) < 11:
            return None
        if chunk[:4].lower() == b"id3 " and chunk[8:] == b"ID3":
            return at + 8
        size = int.from_bytes(chunk[4:8], order)  # type: ignore[arg-type]
        at += 8 + size + size % 2
    return None


def _frames(body: bytes, version: int, tag_flags: int) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of each frame that is neither encrypted nor damaged."""
    name_size, at = (3, 0) if version == 2 else (4, 0)
    head_size = 6 if version == 2 else 10
    while at + head_size < len(body):
        head = body[at : at + head_size]
        name = head[:name_size]
        if not name.isalnum():
            return  # padding, or damage
        size = _frame_size(body, at, version)
        content = body[at + head_size : at + head_size + size]
        at += head_size + size
        if version == 4:
            content = _plain(content, head[9] | tag_flags >> 6 & 2, version)  # some set only the tag's flag
        elif version == 3:
            content = _plain(content, head[9], version)
        if content:
            yield name.decode("ascii"), content


def _frame_size(body: bytes, at: int, version: int) -> int:
    """Return the size of a frame; iTunes wrote plain integers where 2.4 has seven bits in a byte."""
    if version == 2:
        return int.from_bytes(body[at + 3 : at + 6], "big")
    size, safe = int.from_bytes(body[at + 4 : at + 8], "big"), _synchsafe(body[at + 4 : at + 8])
    if version < 4 or size == safe:
        return size
    following = body[at + 10 + safe : at + 14 + safe]
    fits = not following.strip(b"\0") or following.isalnum()
    return safe if fits and size | 0x7F7F7F7F == 0x7F7F7F7F else size


def _plain(content: bytes, flags: int, version: int) -> bytes:
    """Return the content of a frame without its format's additions, b"" if it can't be read."""
    if version == 4:
        grouped, compressed, encrypted, unsynchronised, sized = (flags & bit for bit in (0x40, 8, 4, 2, 1))
    else:
        compressed, encrypted, grouped = (flags & bit for bit in (0x80, 0x40, 0x20))
        unsynchronised, sized = 0, compressed
    if encrypted:
        return b""
    content = content[(1 if grouped else 0) + (4 if sized else 0) :]
    if unsynchronised:
        content = _resynchronised(content)
    if not compressed:
        return content
    try:
        return zlib.decompressobj().decompress(content, _LONGEST)
    except zlib.error:
        return b""


def _extended_header(body: bytes, version: int, flags: int) -> int:
    """Return the bytes of the extended header."""
    if not flags & 0x40 or version == 2:
        return 0
    return _synchsafe(body[:4]) if version == 4 else 4 + int.from_bytes(body[:4], "big")


def _values(name: str, content: bytes) -> list[str]:
    """Return the values of a text frame, or the text of a lyrics frame."""
    if name in ("USLT", "ULT"):
        *_, text = _decode(content[:1] + content[4:]).split("\0", 1)  # after language and description
        return [text.strip("\0")] if text.strip("\0") else []
    return [value for part in _decode(content).split("\0") if (value := part.strip("\ufeff"))]


def _decode(content: bytes) -> str:
    """Decode text after its encoding byte; each value of UTF-16 may have a byte order mark."""
    encoding, data = content[0], content[1:]
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or encoding in (1, 2):
        return _decode_utf_16(data, "be" if encoding == 2 else "")
    return data.decode("utf-8" if encoding == 3 else "latin-1", "replace")


def _decode_utf_16(data: bytes, order: str) -> str:
    """Decode UTF-16 by its mark, else in the order given, else in the one that makes more Latin letters."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        order = "le" if data[0] == 0xFF else "be"
    elif not order:
        order = "be" if data[::2].count(0) > data[1::2].count(0) else "le"
    text = data[: len(data) // 2 * 2].decode(f"utf-16-{order}", "replace")
    return text.replace("\ufeff", "")


def _resynchronised(data: bytes) -> bytes:
    """Undo unsynchronisation: a zero byte after each 0xFF."""
    return data.replace(b"\xff\x00", b"\xff")


def _synchsafe(data: bytes) -> int:
    """Return an integer of seven bits in each byte."""
    return sum((byte & 0x7F) << 7 * place for place, byte in enumerate(reversed(data)))

"""Chained OGG: several streams one after the other in one file, as radio recorders and ``cat`` leave them.

References
----------
RFC 3533, section 4 (grouped and chained bitstreams) and section 6 (the page header).
"""

import io
import os
from collections.abc import Iterator

_BLOCK = 1 << 20
_FIRST_PAGE = b"OggS\0\2" + bytes(8)
"""Start of a stream's first page: version 0, "beginning of stream", granule position 0."""
_CODECS = (b"\x01vorbis", b"OpusHead", b"\x7fFLAC", b"Speex   ", b"\x80theora", b"fishead\0", b"\x01video")
_HEADER = 27
_LONGEST = 1 << 16
"""Bytes of the longest page, about."""
_SMALL = 1 << 18
"""Bytes of a file that is searched whole at once."""
_FEWER = 0.7
"""Share of the pages that a file of one link may seem to lack, because pages differ in size."""


class Slice(io.RawIOBase):
    """Part of a file that reads like a whole one.

    Parameters
    ----------
    file : io.FileIO
    start, stop : int
        Its bytes.
    """

    def __init__(self, file: io.FileIO, start: int, stop: int):
        self._file, self._start, self.size = file, start, stop - start
        self._at = 0

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """Move to a position within the slice."""
        origin = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self.size}[whence]
        self._at = max(origin + offset, 0)
        return self._at

    def tell(self) -> int:
        """Return the position within the slice."""
        return self._at

    def readinto(self, buffer, /) -> int:  # type: ignore[no-untyped-def]
        """Read into a buffer; return the number of bytes."""
        n = min(len(buffer), max(self.size - self._at, 0))
        self._file.seek(self._start + self._at)
        n = self._file.readinto(memoryview(buffer)[:n]) or 0
        self._at += n
        return n


def find_links(file: io.FileIO, thorough: bool = False) -> list[Slice]:
    """Return the links of an OGG file, a slice each; [] for other formats and for a file with one link.

    A link starts at the first page of a stream that follows pages of content; the streams of a video start
    together and are one link. The whole file is searched only if its last page belongs to another stream than
    the first, or has a number too low for a file of that size, or the file is small.

    Parameters
    ----------
    thorough : bool
        Search the whole file in any case, for links of one serial number and very different sizes. About a
        millisecond per megabyte.
    """
    position = file.tell()
    try:
        size = os.fstat(file.fileno()).st_size
        if _read(file, 0, 4) != b"OggS" or not (thorough or _may_be_chained(file, size)):
            return []
        starts, end = [], -1
        for start in _first_pages(file):
            if start != end:  # else the streams are multiplexed, not chained
                starts.append(start)
            end = start + _page_size(_read(file, start, _HEADER + 255))
        stops = [*starts[1:], size]
        return [Slice(file, start, stop) for start, stop in zip(starts, stops)] if len(starts) > 1 else []
    finally:
        file.seek(position)


def _read(file: io.FileIO, start: int, n: int) -> bytes:
    """Read up to ``n`` bytes from ``start``."""
    file.seek(start)
    return file.read(n)


def _may_be_chained(file: io.FileIO, size: int) -> bool:
    """Return whether the last page may not end the stream that starts the file."""
    if size <= _SMALL:
        return True
    first = _read(file, 0, 1 << 12)
    serials, at = set(), 0
    while first[at : at + len(_FIRST_PAGE)] == _FIRST_PAGE:
        serials.add(first[at + 14 : at + 18])
        at += _page_size(first[at:])
    tail = _read(file, max(size - _LONGEST, 0), _LONGEST)
    last = tail.rfind(b"OggS")
    if last < 0 or len(tail) < last + _HEADER:
        return False
    if tail[last + 14 : last + 18] not in serials:
        return True
    sizes = [page for part in (1, 2, 3) if (page := _page_near(_read(file, size * part // 4, 1 << 14)))]
    n_pages = 1 + int.from_bytes(tail[last + 18 : last + 22], "little")
    return len(serials) == 1 and bool(sizes) and n_pages * sum(sizes) / len(sizes) < _FEWER * size


def _page_near(data: bytes) -> int:
    """Return the size of the first page in some bytes, 0 if there is none."""
    at = data.find(b"OggS\0")
    return _page_size(data[at:]) if at >= 0 and len(data) >= at + _HEADER else 0


def _page_size(head: bytes) -> int:
    """Return the bytes of a page whose header is given."""
    n_segments = head[26]
    return _HEADER + n_segments + sum(head[_HEADER : _HEADER + n_segments])


def _first_pages(file: io.FileIO) -> Iterator[int]:
    """Yield the position of every page that begins a stream."""
    overlap = _HEADER + 1 + max(map(len, _CODECS)) - 1
    at = 0
    while True:
        data = _read(file, at, _BLOCK + overlap)
        found = data.find(_FIRST_PAGE)
        while 0 <= found < _BLOCK:
            content = found + _HEADER + data[found + 26] if found + 26 < len(data) else len(data)
            if data[found + 18 : found + 22] == bytes(4) and data[content:].startswith(_CODECS):
                yield at + found
            found = data.find(_FIRST_PAGE, found + 1)
        if len(data) < _BLOCK + overlap:
            return
        at += _BLOCK

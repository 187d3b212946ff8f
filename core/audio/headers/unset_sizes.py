"""Sizes that a recorder never wrote into the header of a WAV, RF64, AU or AIFF.

Programs that stream, and recorders that lose power, leave 0, -1 or an early size where the size of the audio
belongs. :func:`find_patches` finds the right one, and :class:`PatchedFile` shows it to a decoder.
"""

import io
import os
import struct

MAY_BE_UNSET = (b"RIFF", b"RF64", b"BW64", b".snd", b"FORM")
"""First bytes of the formats that are looked at."""
_UNSET_32, _UNSET_64 = 0xFFFF_FFFF, 1 << 62
_MOST_CHUNKS = 1000
_UNSTATED = 0.01
"""Share of the audio that may follow its stated end without being a chunk: padding of the file."""
_TAGS = (b"ID3", b"TAG", b"APETAGEX", b"LYRICSBEGIN")


class PatchedFile(io.RawIOBase):
    """A file some bytes of which read differently.

    Parameters
    ----------
    file : io.FileIO
    patches : dict of bytes
        By position.
    """

    def __init__(self, file: io.FileIO, patches: dict[int, bytes]):
        self._file, self._patches = file, patches

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """Move to a position."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """Return the position."""
        return self._file.tell()

    def readinto(self, buffer, /) -> int:  # type: ignore[no-untyped-def]
        """Read into a buffer; return the number of bytes."""
        start = self._file.tell()
        n = self._file.readinto(buffer) or 0
        for at, data in self._patches.items():
            first, last = max(at, start), min(at + len(data), start + n)
            if first < last:
                memoryview(buffer)[first - start : last - start] = data[first - at : last - at]
        return n


def find_patches(file: io.FileIO) -> dict[int, bytes]:
    """Return the sizes to be read in place of the header's, by position; {} where the header is right.

    A size that exceeds the file is no concern here, unless it means "unknown": then the file is truncated.
    The position in the file is left as it was.
    """
    position = file.tell()
    try:
        head = _read(file, 0, 12)
        if head[:4] in (b"RIFF", b"RF64", b"BW64") and head[8:] == b"WAVE":
            return _patch_wav(file, head)
        if head[:4] == b".snd":
            return {8: b"\xff" * 4} if head[8:] == bytes(4) else {}
        if head[:4] == b"FORM" and head[8:] in (b"AIFF", b"AIFC"):
            return _patch_aiff(file)
        return {}
    finally:
        file.seek(position)


def _patch_wav(file: io.FileIO, head: bytes) -> dict[int, bytes]:
    """Return the patches of a WAV or RF64."""
    found = _find_chunk(file, b"data", "<I")
    if found is None:
        return {}
    start, stated = found
    size = os.fstat(file.fileno()).st_size
    ds64 = _find_chunk(file, b"ds64", "<I") if head[:4] != b"RIFF" else None
    if ds64 is not None and stated in (0, _UNSET_32):
        stated = int.from_bytes(_read(file, ds64[0] + 8, 8), "little")
        stated = 0 if stated > _UNSET_64 else stated
    if not _goes_on(file, start, stated, size):
        return {}
    if ds64 is None:
        return {start - 4: struct.pack("<I", min(size - start, _UNSET_32))}
    return {
        start - 4: struct.pack("<I", _UNSET_32),
        ds64[0]: struct.pack("<QQ", size - 8, size - start),
    }


def _patch_aiff(file: io.FileIO) -> dict[int, bytes]:
    """Return the patches of an AIFF: libsndfile reads on to the end if the size is 0."""
    found = _find_chunk(file, b"SSND", ">I")
    if found is None or found[1] > 8:
        return {}
    size = os.fstat(file.fileno()).st_size
    return {found[0] - 4: bytes(4)} if _goes_on(file, found[0] + 8, 0, size) else {}


def _read(file: io.FileIO, start: int, n: int) -> bytes:
    """Read up to ``n`` bytes from ``start``."""
    file.seek(start)
    return file.read(n)


def _find_chunk(file: io.FileIO, name: bytes, size_format: str) -> tuple[int, int] | None:
    """Return where the content of the first chunk of that name starts, and its stated size."""
    at = 12
    start = _read(file, 0, 1024)
    for _ in range(_MOST_CHUNKS):
        head = start[at : at + 8] if at + 8 <= len(start) else _read(file, at, 8)
        if len(head) < 8:
            return None
        size = struct.unpack(size_format, head[4:])[0]
        if head[:4] == name:
            return at + 8, size
        at += 8 + size + size % 2
    return None


def _goes_on(file: io.FileIO, start: int, stated: int, size: int) -> bool:
    """Return whether audio follows the stated end: neither a chunk, nor a tag, nor padding."""
    end = start + stated
    if size - end <= max(_UNSTATED * (size - start), 64):
        return False
    after = _read(file, end, 4096)
    if after.startswith(_TAGS) or not any(after):
        return stated == 0 and not after.startswith(_TAGS)
    return not any(_is_chunk(after[pad : pad + 8], size - end - pad) for pad in (0, 1))


def _is_chunk(head: bytes, rest: int) -> bool:
    """Return whether bytes are a chunk's name and a size that the rest of the file holds."""
    name, size = head[:4], head[4:8]
    fits = any(int.from_bytes(size, order) + 8 <= rest + 1 for order in ("little", "big"))
    return len(head) == 8 and fits and all(0x20 <= byte < 0x7F for byte in name)

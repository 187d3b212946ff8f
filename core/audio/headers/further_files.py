"""Further files behind the first in one, as ``cat`` leaves them: decoders read the first only."""

import io

from core.audio.headers.flac_frames import runs_through
from core.audio.headers.ogg_links import find_links

_BLOCK = 1 << 18
_FLAC = b"fLaC\0\0\0\x22"
"""Start of a FLAC file: the marker, and a STREAMINFO block of 34 bytes that is not the last one."""
_MOST_CHUNKS = 10_000
_STARTS = {b"\x1a\x45\xdf\xa3": 12, b"\x30\x26\xb2\x75": 16, b"caff": 12, b"TTA1": 12, b".snd": 8}
"""First bytes of Matroska, ASF, CAF, TTA and AU, and how many more of a file begin another one like it."""


def has_further_file(file: io.FileIO) -> bool:
    """Return whether another file of the same format follows in a file that FFmpeg or libsndfile reads.

    MP3 and ADTS are read through by their decoders. An OGG, Matroska, ASF, CAF, TTA or AU is searched as a
    whole, which takes less time than hashing it; a FLAC is only if its frames don't run from start to end.
    The position in the file is left as it was.
    """
    before = file.tell()
    try:
        file.seek(0)
        head = file.read(16)
        if head[:4] == b"OggS":
            return bool(find_links(file, thorough=True))
        if head[:4] in (b"RIFF", b"FORM"):
            return _has_chunk(file, head[:4], "little" if head[0] == ord("R") else "big")
        if head[4:8] == b"ftyp":
            return _counts_atoms(file, b"moov") > 1
        if head[:4] == b"wvpk":
            return _counts_starts(file) > 1
        if head[:4] in _STARTS:
            return _find(file, head[: _STARTS[head[:4]]], 1) >= 0
        return head[:4] == b"fLaC" and not runs_through(file) and _find(file, _FLAC, 1) >= 0
    finally:
        file.seek(before)


def _find(file: io.FileIO, mark: bytes, start: int) -> int:
    """Return the next position of bytes, -1 where there is none."""
    block = bytearray(_BLOCK)
    file.seek(start)
    at, kept = start, 0  # `kept` bytes are of the block before, so that a mark across two is found
    while n := file.readinto(memoryview(block)[kept:]):
        n += kept
        if (found := block.find(mark, 0, n)) >= 0:
            return at + found
        kept = min(len(mark) - 1, n)
        block[:kept] = block[n - kept : n]
        at += n - kept
    return -1


def _has_chunk(file: io.FileIO, name: bytes, order: str) -> bool:
    """Return whether a chunk of a WAV or AIFF has that name."""
    at = 12
    for _ in range(_MOST_CHUNKS):
        file.seek(at)
        head = file.read(12)
        if len(head) < 12:
            return False
        if head[:4] == name and head[8:12] in (b"WAVE", b"AIFF", b"AIFC"):
            return True
        size = int.from_bytes(head[4:8], order)  # type: ignore[arg-type]
        at += 8 + size + size % 2
    return False


def _counts_starts(file: io.FileIO) -> int:
    """Return how many blocks of a WavPack hold a first sample; several of one file do for many channels."""
    at, n, was_start = 0, 0, False
    while at >= 0:
        file.seek(at)
        head = file.read(32)
        if head[:4] != b"wvpk":  # the tag of a file
            at = _find(file, b"wvpk", at)
            continue
        is_start = not int.from_bytes(head[16:20], "little") and int.from_bytes(head[20:24], "little") > 0
        n += is_start and not was_start
        was_start = is_start
        at += 8 + int.from_bytes(head[4:8], "little")
    return n


def _counts_atoms(file: io.FileIO, name: bytes) -> int:
    """Return how many atoms of that name an MP4 has at its top."""
    at, n = 0, 0
    for _ in range(_MOST_CHUNKS):
        file.seek(at)
        head = file.read(16)
        if len(head) < 8:
            break
        size = int.from_bytes(head[:4], "big")
        size = int.from_bytes(head[8:16], "big") if size == 1 else size
        if size < 8:
            break
        n += head[4:8] == name
        at += size
    return n

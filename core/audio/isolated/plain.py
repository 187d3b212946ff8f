"""Which files are decoded in this process: FLAC, and WAV and AIFF of plain samples and well-formed chunks."""

import io
import os
from typing import Literal

_PLAIN_TAGS = {1, 3}
"""WAVE_FORMAT_PCM and WAVE_FORMAT_IEEE_FLOAT."""
_EXTENSIBLE = 0xFFFE
_GUID_TAIL = bytes.fromhex("000000001000800000aa00389b71")
"""End of the sub-format of WAVE_FORMAT_EXTENSIBLE, behind the two bytes of its tag."""
_AIFF_CHUNKS = {b"COMM", b"SSND", b"FVER", b"NAME", b"AUTH", b"ANNO", b"(c) ", b"ID3 ", b"CHAN", b"PEAK"}
_FORMAT_CHUNKS = (b"fmt ", b"COMM")
_MOST_CHUNKS = 64
_MOST_CHANNELS = 64


def is_plain(file: io.FileIO) -> bool:
    """Return whether a file is FLAC, or a WAV or AIFF of PCM or floats with one well-formed format chunk.

    Every chunk is walked, because a second format behind the samples could name another codec. The file is
    left at its start.
    """
    file.seek(0)
    head = file.read(12)
    try:
        if head[:4] == b"fLaC":
            return True
        if head[:4] == b"RIFF" and head[8:] == b"WAVE":
            return _has_plain_chunks(file, "little")
        return head[:4] == b"FORM" and head[8:] == b"AIFF" and _has_plain_chunks(file, "big")
    finally:
        file.seek(0)


def _has_plain_chunks(file: io.FileIO, order: Literal["little", "big"]) -> bool:
    """Return whether the chunks end with the file, and the only format among them is plain."""
    size = os.fstat(file.fileno()).st_size
    position, n_formats = 12, 0
    for _ in range(_MOST_CHUNKS):
        file.seek(position)
        header = file.read(8)
        if len(header) < 8:
            return n_formats == 1
        name, length = header[:4], int.from_bytes(header[4:], order)
        if order == "big" and name not in _AIFF_CHUNKS:
            return False
        if name in _FORMAT_CHUNKS:
            n_formats += 1
            is_format = _is_plain_format if order == "little" else _is_plain_common
            if not is_format(file.read(min(length, 40))):
                return False
        position += 8 + length + length % 2
        if position > size + 1:
            return False  # truncated, or a size that is not known
    return False


def _is_plain_format(chunk: bytes) -> bool:
    """Return whether a WAV's ``fmt`` names PCM or floats, and its block size is that of its samples."""
    if len(chunk) < 16:
        return False
    tag, channels = int.from_bytes(chunk[:2], "little"), int.from_bytes(chunk[2:4], "little")
    block, bits = int.from_bytes(chunk[12:14], "little"), int.from_bytes(chunk[14:16], "little")
    if tag == _EXTENSIBLE and chunk[26:40] == _GUID_TAIL:
        tag = int.from_bytes(chunk[24:26], "little")
    is_sized = 0 < channels <= _MOST_CHANNELS and block == channels * ((bits + 7) // 8)
    return tag in _PLAIN_TAGS and is_sized


def _is_plain_common(chunk: bytes) -> bool:
    """Return whether an AIFF's ``COMM`` has a usual number of channels and bits."""
    channels, bits = int.from_bytes(chunk[:2], "big"), int.from_bytes(chunk[6:8], "big")
    return len(chunk) == 18 and 0 < channels <= _MOST_CHANNELS and bits in (8, 16, 24, 32)

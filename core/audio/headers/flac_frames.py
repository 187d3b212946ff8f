"""Positions of FLAC frames: whether those of a file run from its start to its end.

References
----------
RFC 9639, section 8.2 (STREAMINFO) and section 9.1 (the frame header).
"""

import io
import os

_NEAR = 1 << 16
"""Bytes that hold a whole frame, except in rare formats."""
_PARTS = (0.25, 0.5, 0.75)
_DEVIATION = 0.3
"""Distance of a frame's share of the samples from its share of the bytes that music allows."""


def runs_through(file: io.FileIO) -> bool:
    """Return whether a FLAC's last frame is the last that its header states, and those between lie in order.

    False, too, where no frame is found or music is much denser in one half: then a closer look is due.
    """
    file.seek(0)
    head = file.read(42)
    block, total = int.from_bytes(head[8:10], "big"), int.from_bytes(head[18:26], "big") & (1 << 36) - 1
    size = os.fstat(file.fileno()).st_size
    last = _last_position(_read(file, max(size - _NEAR, 0), _NEAR), block)
    if not total or last is None or last < total - 2 * max(block, 1) or last >= total:
        return False
    shares = [_first_position(_read(file, int(size * part), _NEAR // 2), block) for part in _PARTS]
    return all(
        share is not None and abs(share / total - part) <= _DEVIATION for share, part in zip(shares, _PARTS)
    )


def _read(file: io.FileIO, start: int, n: int) -> bytes:
    """Read up to ``n`` bytes from ``start``."""
    file.seek(start)
    return file.read(n)


def _first_position(data: bytes, block: int) -> int | None:
    """Return the first sample of the first frame in some bytes, None if there is none."""
    at = data.find(b"\xff")
    while at >= 0:
        found = _position(data[at : at + 16], block)
        if found is not None:
            return found
        at = data.find(b"\xff", at + 1)
    return None


def _last_position(data: bytes, block: int) -> int | None:
    """Return the first sample of the last frame in some bytes, None if there is none."""
    at = data.rfind(b"\xff")
    while at >= 0:
        found = _position(data[at : at + 16], block)
        if found is not None:
            return found
        at = data.rfind(b"\xff", 0, at)
    return None


def _position(head: bytes, block: int) -> int | None:
    """Return the first sample of the frame that starts here, None if no frame does, by its check sum."""
    if len(head) < 16 or head[1] & 0xFE != 0xF8:
        return None
    n_more = 7 - (~head[4] & 0xFF).bit_length() if head[4] & 0x80 else 0  # coded like UTF-8
    number = head[4] & (0x7F if not n_more else 0x3F >> n_more)
    for byte in head[5 : 5 + n_more]:
        number = number << 6 | byte & 0x3F
    end = 5 + n_more + {6: 1, 7: 2}.get(head[2] >> 4, 0) + {12: 1, 13: 2, 14: 2}.get(head[2] & 15, 0)
    if end > 15 or _crc_8(head[:end]) != head[end]:
        return None
    return number if head[1] & 1 else number * block


def _crc_8(data: bytes) -> int:
    """Return the check sum of the polynomial x^8 + x^2 + x + 1."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc << 1 ^ 0x07) & 0xFF if crc & 0x80 else crc << 1
    return crc

"""The length that an MP3's Xing, Info or VBRI header states, where it fits the file.

libsndfile takes an MP3's length from this header and reads no further, so a count that is missing or wrong,
or that is the first of several files in one, would lose audio in silence.

References
----------
LAME: "Mp3 Info Tag revision 1 Specifications"; G. Bouvigne, "MP3 Tech – VBR header" (Xing, VBRI).
"""

import io
import os

from core.audio.headers.frame_headers import parse_frame_header

_JUNK = 1 << 16
"""Bytes before the first frame, after all tags, in which it is searched for."""
_WINDOWS = {b"Info": 2, b"Xing": 5, b"VBRI": 5}
"""Places where frame sizes are sampled."""
_WINDOW = 4096
"""Bytes read at each place: at least one whole frame."""
_TOLERANCE = {b"Info": 0.05, b"Xing": 0.35, b"VBRI": 0.35}
"""Deviation of the stated count from the sampled one: frames of one size, and of many."""
_UNSTATED = 4096
"""Bytes after the stated end that are no more audio: padding, or an unknown tag."""


def count_samples(file: io.FileIO) -> int | None:
    """Return the samples that an MP3's header states; 0 if it states none that fits the file.

    A count fits if the stated bytes reach the end of the file, or beyond (a truncated file keeps its promise,
    which is checked when it is opened), and frames of the size found in the file make up those bytes.

    Returns
    -------
    int or None
        None if the file doesn't start as MPEG audio. The position in the file is left as it was.
    """
    position = file.tell()
    try:
        return _count_samples(file)
    finally:
        file.seek(position)


def _count_samples(file: io.FileIO) -> int | None:
    """Return the stated samples, 0 for none that fits, None for other formats."""
    start = _skip_tags(file)
    head = _read(file, start, 4)
    if parse_frame_header(head) is None:
        if not start:
            return None
        start += _find_frame(_read(file, start, _JUNK))
    first = _read(file, start, 256)
    header = parse_frame_header(first)
    if header is None:
        return None
    stated = _parse_stated(first, mono=header[3] == 1)
    if stated is None:
        return 0
    kind, n_frames, n_bytes = stated
    end = _skip_end_tags(file)
    n_per_byte = _sample_density(file, start + header[0], end, first[1], _WINDOWS[kind])
    expected = (n_bytes or end - start) * n_per_byte
    reaches_end = not n_bytes or start + n_bytes + _UNSTATED >= end
    fits = abs(n_frames - expected) <= max(_TOLERANCE[kind] * expected, 4)
    return n_frames * header[1] if reaches_end and fits else 0


def _read(file: io.FileIO, start: int, n: int) -> bytes:
    """Read up to ``n`` bytes from ``start``."""
    file.seek(start)
    return file.read(n)


def _skip_tags(file: io.FileIO) -> int:
    """Return where the ID3v2 tags at the start end."""
    at = 0
    while (head := _read(file, at, 10))[:3] == b"ID3" and len(head) == 10:
        size = sum((byte & 0x7F) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0)))
        at += 10 + size + (10 if head[5] & 0x10 else 0)
    return at


def _skip_end_tags(file: io.FileIO) -> int:
    """Return where the audio ends: before ID3v1 and APE tags."""
    end = os.fstat(file.fileno()).st_size
    tail = _read(file, max(end - 160, 0), 160)
    if tail[-128:-125] == b"TAG":
        end, tail = end - 128, tail[:-128]
    if tail[-32:-24] == b"APETAGEX":
        end -= int.from_bytes(tail[-20:-16], "little") + (32 if tail[-9] & 0x80 else 0)
    return end


def _find_frame(data: bytes) -> int:
    """Return the offset of the first frame that another one of its kind follows, else 0."""
    at = data.find(b"\xff")
    while at >= 0:
        header = parse_frame_header(data[at : at + 4])
        if header and data[at + header[0] : at + header[0] + 2] == data[at : at + 2]:
            return at
        at = data.find(b"\xff", at + 1)
    return 0


def _parse_stated(frame: bytes, mono: bool) -> tuple[bytes, int, int] | None:
    """Return kind, frames and bytes (0: unstated) of a Xing, Info or VBRI header; None without a count."""
    if frame[36:40] == b"VBRI":
        return b"VBRI", int.from_bytes(frame[50:54], "big"), int.from_bytes(frame[46:50], "big")
    side = (17 if mono else 32) if frame[1] & 0x08 else (9 if mono else 17)
    for at in (4 + side, 6 + side):  # some encoders leave room for a checksum
        kind, flags = frame[at : at + 4], frame[at + 7 : at + 8]
        if kind in (b"Xing", b"Info") and flags and flags[0] & 1:
            n_bytes = int.from_bytes(frame[at + 12 : at + 16], "big") if flags[0] & 2 else 0
            return kind, int.from_bytes(frame[at + 8 : at + 12], "big"), n_bytes
    return None


def _sample_density(file: io.FileIO, start: int, end: int, kind: int, n_windows: int) -> float:
    """Return the frames per byte, estimated at evenly spaced places; 0 where no frame is found."""
    sync = bytes((0xFF, kind))
    found: list[float] = []
    for i in range(n_windows):
        data = _read(file, start + max(end - start - _WINDOW, 0) * (i + 1) // (n_windows + 1), _WINDOW)
        at, last = data.find(sync), len(found) + 2
        while at >= 0 and len(found) < last:
            header = parse_frame_header(data[at : at + 4])
            if header and data[at + header[0] : at + header[0] + 2] == sync:
                found.append(1 / header[0])
                at += header[0]
            else:
                at = data.find(sync, at + 1)
    return sum(found) / len(found) if found else 0.0

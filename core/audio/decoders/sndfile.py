"""Decode with libsndfile: WAV, FLAC, OGG, Opus, MP3, AIFF, AU, CAF and related formats.

libsndfile seeks to the exact frame in all of them, MP3 included, except on some pages of OGG Vorbis, where it
lands a few milliseconds off (libsndfile issue 885; FFmpeg does so, too): :meth:`SndFile.blocks` detects and
corrects that.
"""

import io
import os
import re
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
import soundfile as sf

from core.audio.decoders.decoder_errors import as_audio_error
from core.audio.headers.mp3_header import count_samples
from core.audio.headers.ogg_links import Slice
from core.audio.headers.unset_sizes import MAY_BE_UNSET, PatchedFile, find_patches
from core.errors import AudioError

BLOCK = 1 << 20
"""Samples decoded at a time, to bound memory where a header has a thousand channels."""
COMPARED = 64
"""Frames at the end of a crop of OGG Vorbis that two seeks must agree upon."""
EARLIER = (1 << 16, 1 << 17, 1 << 18, 1 << 19)
"""Frames before a crop from which it is read again if they disagree; each is more than a usual page."""
UNKNOWN = 1 << 60
"""Frame counts beyond this mean that the header has none."""

# libsndfile logs the promised and the actual size of the chunk that holds the samples.
_SIZES = re.compile(r"^\s*(data|SSND|Data Size|riff|Riff size)\s*: (\d+) \(should be (\d+)\)", re.MULTILINE)
GAPLESS = 8192
"""Samples by which an MP3 may be shorter than its frames: delay and padding of the encoder, 12 bits each."""
UNUSABLE = "is not audio whose length libsndfile knows and can seek in"
_STREAMED = (0x7FFF_0000, 0xFFFF_FFFF)  # sizes in 32-bit headers of files that were written to a pipe


class _Forward(sf.SoundFile):
    """A file that reports no seeking, or soundfile would seek after every read, which decodes again."""

    def seekable(self) -> bool:
        return False


class SndFile:
    """One file open in libsndfile.

    Raises
    ------
    AudioError
        If libsndfile doesn't support the format, recognises it by the file's name alone, can't seek in it or
        doesn't know its length (streamed FLAC, MP3 without a frame count): FFmpeg counts those.
    """

    slack_s = 0.0  # lengths are exact
    is_chained = False

    def __init__(self, file: io.FileIO | Slice):
        source, counted, self.as_stated = _as_source(file)
        if counted == 0:
            raise AudioError(UNUSABLE)
        with as_audio_error("is not audio, or its header is damaged", details=False):
            self._file = _Forward(source, closefd=False)
        self._bytes = file
        try:
            self.sr, self.channels = self._file.samplerate, self._file.channels
            self.format, self.subtype = self._file.format, self._file.subtype
            self.n_frames = self._file.frames
            guessed = self.format == "MP3" and abs((counted or 0) - self.n_frames) > GAPLESS
            unknown = self.n_frames > UNKNOWN or guessed
            if self.format == "RAW" or not sf.SoundFile.seekable(self._file) or unknown:
                raise AudioError(UNUSABLE)
            # libsndfile's own conversion of int16 is slow
            self._dtype = "int16" if self.subtype == "PCM_16" else "float32"
            self.is_float = self.subtype in ("FLOAT", "DOUBLE")
            self.promised = _promised(self._file.extra_info, self.n_frames)
        except BaseException:
            self.close()
            raise

    def blocks(self, start: int, n: int) -> Iterator[np.ndarray]:
        """Yield ``n`` frames from ``start``, float32 or int16 of shape (m, channels); fewer at the end."""
        if self.subtype == "VORBIS" and start:
            yield self._read_vorbis(start, n)
        else:
            yield from self._read_on(start, n)

    def _read_on(self, start: int, n: int) -> Iterator[np.ndarray]:
        """Seek once, then read blocks."""
        step = max(1, BLOCK // self.channels)
        with as_audio_error("is damaged where it is read"):
            try:
                self._file.seek(start)
                while n > 0:
                    block = self._file.read(min(n, step), dtype=self._dtype, always_2d=True)
                    if not len(block):
                        return
                    yield block
                    n -= len(block)
            except sf.LibsndfileError:
                return  # damaged from here on: the caller counts the missing frames

    def _read_vorbis(self, start: int, n: int) -> np.ndarray:
        """Read frames of OGG Vorbis that two seeks to different pages agree on.

        A seek to one of the bad pages shifts all that follows. So the last frames of a long crop are also
        read by a seek of their own, which costs half a page; where they differ, and for crops that may be
        within one page, reading starts at earlier and earlier pages until two agree (from the start of the
        file is always correct).
        """
        ends = [self._read_from(0, start + n - COMPARED, COMPARED)] if n > EARLIER[0] else []
        for back in (0, *EARLIER):
            y = self._read_from(min(back, start), start, n)
            end = y[-COMPARED:]
            if back >= start or any(np.array_equal(end, other) for other in ends):
                break
            ends.append(end)
        return y

    def _read_from(self, back: int, start: int, n: int) -> np.ndarray:
        """Seek ``back`` frames before ``start`` and return the ``n`` frames from ``start``."""
        parts, skip = [np.zeros((0, self.channels), np.float32)], back
        for block in self._read_on(start - back, back + n):
            parts.append(block[skip:])
            skip = max(skip - len(block), 0)
        return np.concatenate(parts)

    def is_cut(self) -> bool:
        """Return whether an OGG file ends within a page; its header promises no length to compare with."""
        return self.format == "OGG" and _ends_within_page(self._bytes)

    def close(self) -> None:
        """Close libsndfile's handle; the caller closes the file."""
        self._file.close()


def _as_source(file: io.FileIO | Slice) -> tuple[Any, int | None, bool]:
    """Return what libsndfile is given, the samples that an MP3's header states, and whether sizes are right.

    Without a frame count libsndfile guesses an MP3's length from its first bit rate, and stops there.
    """
    file.seek(0)
    if isinstance(file, Slice):
        return file, None, True
    head = file.read(4)
    counted = count_samples(file) if head[:1] == b"\xff" or head[:3] == b"ID3" else None
    patches = find_patches(file) if head in MAY_BE_UNSET else {}
    file.seek(0)
    if patches:
        return PatchedFile(file, patches), counted, False
    # A descriptor needs no calls into Python, but on Windows libsndfile may have a C library of its own.
    return file if sys.platform == "win32" else file.fileno(), counted, True


def _promised(log: str, n_frames: int) -> int:
    """Return the number of frames that the header promises, ``n_frames`` by default."""
    found = _SIZES.search(log)
    if not found:
        return n_frames
    promised, actual = int(found[2]), int(found[3])
    if actual <= 0 or _STREAMED[0] <= promised <= _STREAMED[1]:
        return n_frames
    return round(n_frames * promised / actual)


def _ends_within_page(file: io.FileIO | Slice) -> bool:
    """Return whether the last OGG page (RFC 3533, section 6) exceeds the end of the file."""
    position = file.tell()
    file.seek(max(file.seek(0, os.SEEK_END) - (1 << 17), 0))
    end = file.read(1 << 17)
    file.seek(position)
    page = end.rfind(b"OggS")
    if page < 0:
        return False
    if len(end) < page + 27 or len(end) < page + 27 + end[page + 26]:
        return True
    n_segments = end[page + 26]
    return len(end) < page + 27 + n_segments + sum(end[page + 27 : page + 27 + n_segments])

"""A file with a time limit, so that no damaged one keeps FFmpeg searching indefinitely."""

import io
import os
import time

from core.errors import AudioError

UNKNOWN = 0x7FFF_0000
"""Sizes beyond this are written where the size is not known."""


class TimedFile:
    """A file whose reads raise :class:`~core.errors.AudioError` after a time limit, which stops FFmpeg."""

    def __init__(self, file: io.FileIO, limit_s: float):
        file.seek(0)
        self._file = io.BufferedReader(file)
        self._limit_s = limit_s
        self.restart_clock()

    def restart_clock(self) -> None:
        """Start the time limit again."""
        self._until = time.monotonic() + self._limit_s

    def check_time(self) -> None:
        """Raise AudioError after the time limit."""
        if time.monotonic() > self._until:
            raise AudioError(f"gave no audio within {self._limit_s} s of searching, so it is damaged")

    def read(self, n: int) -> bytes:
        """Read up to ``n`` bytes."""
        self.check_time()
        return self._file.read(n)

    def seek(self, offset: int, whence: int = 0) -> int:
        """Move to a position."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """Return the position."""
        return self._file.tell()

    def refuse_cut_riff(self) -> None:
        """Raise AudioError if a RIFF file is more than 1 % shorter than its header states."""
        position = self._file.tell()
        self._file.seek(0)
        stated = 8 + int.from_bytes(self._file.read(8)[4:], "little")
        size = self._file.seek(0, os.SEEK_END)
        self._file.seek(position)
        if size < 0.99 * stated and stated < UNKNOWN:
            raise AudioError(f"truncated: its header promises {stated:,} bytes, of which {size:,} are there")

    def release(self) -> None:
        """Leave the file open."""
        self._file.detach()  # or the buffer would close the file when it is deleted

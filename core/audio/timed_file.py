"""A file with a time limit, so that no damaged one keeps FFmpeg searching indefinitely."""

import io
import time

from core.errors import AudioError


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

    def release(self) -> None:
        """Leave the file open."""
        self._file.detach()  # or the buffer would close the file when it is deleted

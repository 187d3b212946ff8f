"""Progress on standard error: one line that is rewritten on a terminal, few lines in a log."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from core.progress import Progress


@contextmanager
def progress_line() -> Iterator[Progress]:
    """Give a progress callable that shows note, count, rate and time left."""
    line = _Line(sys.stderr.isatty())
    try:
        yield line
    finally:
        line.close()


class _Line:
    """Rewrites one line at most five times a second; without a terminal, a line every ten seconds."""

    def __init__(self, is_terminal: bool):
        self.is_terminal, self.pause = is_terminal, 0.2 if is_terminal else 10.0
        self.last, self.note, self.began, self.first, self.dirty = 0.0, None, 0.0, 0, False

    def __call__(self, done: int, total: int, note: str = "", **figures) -> None:
        now = time.monotonic()
        if note.split(":")[0] != self.note or done < self.first:
            self.note, self.began, self.first = note.split(":")[0], now, done
        if now - self.last < self.pause and not (figures and not self.is_terminal):
            return
        self.last = now
        self._show(describe_progress(done, total, note, now - self.began, self.first, figures))

    def _show(self, text: str) -> None:
        if self.is_terminal:
            sys.stderr.write(f"\r\x1b[K{text[:150]}")
            self.dirty = True
        else:
            sys.stderr.write(text + "\n")
        sys.stderr.flush()

    def close(self) -> None:
        if self.dirty:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def describe_progress(done: int, total: int, note: str, elapsed_s: float, first: int, figures: dict) -> str:
    """Say in words where work stands: ``note 12 of 160, 3.4/s, 43 s left (total 0.71)``."""
    words = f"{note} {done} of {total}" if total else note
    if done > first and elapsed_s > 0:
        rate = (done - first) / elapsed_s
        words += f", {rate:.2g}/s, {(total - done) / rate:.0f} s left"
    if figures:
        words += " (" + ", ".join(f"{name} {value:.4g}" for name, value in figures.items()) + ")"
    return words

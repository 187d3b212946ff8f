"""Progress on standard error: one line that is rewritten on a terminal, few lines in a log."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from core.progress import Pace, Progress


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
        self.last, self.pace, self.dirty = 0.0, Pace(), False

    def __call__(self, done: int, total: int, note: str = "", **figures) -> None:
        now = time.monotonic()
        rate, left = self.pace(done, total)
        if now - self.last < self.pause and not (figures and not self.is_terminal):
            return
        self.last = now
        text = describe_progress(done, total, note, rate, left, figures)
        sys.stderr.write(f"\r\x1b[K{text[:150]}" if self.is_terminal else text + "\n")
        sys.stderr.flush()
        self.dirty = self.is_terminal

    def close(self) -> None:
        """Leave the terminal's line empty."""
        if self.dirty:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def describe_progress(done: int, total: int, note: str, rate: float | None, left: float | None, figures: dict) -> str:
    """Say in words where work stands: ``note 12 of 160, 3.4/s, 43 s left (total 0.71)``."""
    words = f"{note} {done} of {total}" if total else note
    if rate:
        words += f", {rate:.2g}/s, {left:.0f} s left"
    shown = {name: value for name, value in figures.items() if name not in ("epoch", "seconds")}
    if shown:
        words += " (" + ", ".join(f"{name} {value:.4g}" for name, value in shown.items()) + ")"
    return words

"""Progress of long work: one callable, passed down, called often.

``progress(done, total, note, **figures)`` may raise :class:`core.errors.Cancelled`, which stops a job.
``figures`` are named numbers to plot meanwhile, such as parts of the loss.
"""

import time
from collections.abc import Callable

Progress = Callable[..., None]


def silent(done: int, total: int, note: str = "", **figures) -> None:
    """Ignore progress."""


class Pace:
    """Rate and remaining time of a step; a step begins when the total changes or the count falls."""

    def __init__(self) -> None:
        self._total: int | None = None
        self._first, self._last, self._began = 0, 0, 0.0

    def __call__(self, done: int, total: int) -> tuple[float | None, float | None]:
        """Return steps per second and seconds left, None while unknown."""
        now = time.monotonic()
        if total != self._total or done < self._last:
            self._total, self._first, self._began = total, done, now
        self._last = done
        if done <= self._first or now <= self._began:
            return None, None
        rate = (done - self._first) / (now - self._began)
        return rate, (total - done) / rate

"""How long work tells where it stands: one callable, passed down, called often.

``progress(done, total, note, **figures)`` may raise :class:`core.errors.Cancelled`, which is how a job is
stopped. ``figures`` are named numbers worth drawing while they come (loss parts, for instance).
"""

import time
from collections.abc import Callable

Progress = Callable[..., None]


def silent(done: int, total: int, note: str = "", **figures) -> None:
    """Take a report and show nothing."""


class Pace:
    """Rate and time left of the step under way; a step begins when the total changes or the count falls."""

    def __init__(self):
        self._total, self._first, self._last, self._began = None, 0, 0, 0.0

    def __call__(self, done: int, total: int) -> tuple[float | None, float | None]:
        """Return steps per second and seconds left, None while there is nothing to tell from."""
        now = time.monotonic()
        if total != self._total or done < self._last:
            self._total, self._first, self._began = total, done, now
        self._last = done
        if done <= self._first or now <= self._began:
            return None, None
        rate = (done - self._first) / (now - self._began)
        return rate, (total - done) / rate

"""How long work tells where it stands: one callable, passed down, called often.

``progress(done, total, note, **figures)`` may raise :class:`core.errors.Cancelled`, which is how a job is
stopped. ``figures`` are named numbers worth drawing while they come (loss parts, for instance).
"""

from collections.abc import Callable

Progress = Callable[..., None]


def silent(done: int, total: int, note: str = "", **figures) -> None:
    """Take a report and show nothing."""

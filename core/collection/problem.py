"""A file, row or cell that can't be used."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """A path that can't be used, with the reason; ``kind`` is "error", "duplicate" or "note"."""

    path: str
    reason: str
    kind: str = "error"

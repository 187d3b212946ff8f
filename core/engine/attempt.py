"""One try at one item."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True)
class Failed:
    """Why an item has no result.

    Attributes
    ----------
    reason : str
    is_transient : bool
        Whether another run may succeed: a file could not be opened, or memory was short.
    """

    reason: str
    is_transient: bool = False


def attempt(work: Callable[[T], R], item: T, reports: tuple[type[Exception], ...]) -> R | Failed:
    """Return the result of an item, or why it failed."""
    try:
        return work(item)
    except reports as error:
        return Failed(str(error), isinstance(error.__cause__, (OSError, MemoryError)))

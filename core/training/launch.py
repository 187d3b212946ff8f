"""One training in several processes, as ``accelerate launch`` and ``torchrun`` start them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from core import store


def is_main_process() -> bool:
    """Return whether this process stores and prints what a training gives: the only one, or the first."""
    return os.environ.get("RANK", "0") == "0"


@contextmanager
def one_writer(key: str) -> Iterator[bool]:
    """Hold the lock of ``key`` in the main process, and yield whether this is it.

    The others work with it, so that they must not wait for its lock, and write nothing.
    """
    if not is_main_process():
        yield False
        return
    with store.lock(key):
        yield True

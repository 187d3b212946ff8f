"""What was read from the store lately: the one memory of values beneath pages and command line."""

import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

SMALLEST = 1 << 16
"""Bytes that the smallest value counts."""
SETTLED_NS = 50_000_000
"""A file that changed more recently is read anew: two changes can fall into one tick of the file system's clock."""


class Memory:
    """Values by the files that they were read from; a file that changed is read anew, the longest unused value goes first.

    Parameters
    ----------
    most_bytes : int
        Sizes of all files behind the values, together.
    """

    def __init__(self, most_bytes: int):
        self.most_bytes, self._bytes, self._lock = most_bytes, 0, threading.Lock()
        self._held: OrderedDict[tuple[Path, ...], tuple[tuple, int, Any]] = OrderedDict()

    def read(self, paths: tuple[Path, ...], read: Callable[..., Any]) -> Any:
        """Return ``read(*paths)``, from memory where no file has changed since; it is shared, so nobody may change it."""
        state = tuple(map(_state_of, paths))
        with self._lock:
            held = self._held.get(paths)
            if held is not None and held[0] == state:
                self._held.move_to_end(paths)
                return held[2]
        value = read(*paths)
        if time.time_ns() - max((found[1] for found in state if found), default=0) > SETTLED_NS:
            self._hold(paths, state, value)
        return value

    def _hold(self, paths: tuple[Path, ...], state: tuple, value: Any) -> None:
        """Keep a value, and drop what there is no room for."""
        size = max(SMALLEST, sum(found[0] for found in state if found))
        with self._lock:
            self._bytes += size - self._held.pop(paths, (None, 0, None))[1]
            self._held[paths] = (state, size, value)
            while self._bytes > self.most_bytes:
                self._bytes -= self._held.popitem(last=False)[1][1]

    def clear(self) -> None:
        """Drop everything."""
        with self._lock:
            self._held.clear()
            self._bytes = 0

    def __len__(self) -> int:
        return len(self._held)


def _state_of(path: Path) -> tuple[int, int, int, int] | None:
    """Return what changes when a file does: its size, times and inode; None where there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_size, max(found.st_mtime_ns, found.st_ctime_ns), found.st_mtime_ns, found.st_ino

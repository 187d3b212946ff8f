"""In-memory LRU cache of values read from files, shared by pages and command line."""

import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

SMALLEST = 1 << 16
"""Minimum size in bytes that an entry counts as."""
SETTLED_NS = 50_000_000
"""Files changed more recently aren't cached: two changes can share one tick of the file system's clock."""


class FileCache:
    """LRU cache of values by the files they were read from; a changed file is read again.

    Parameters
    ----------
    max_bytes : int
        Total size of the files whose values are cached.
    """

    def __init__(self, max_bytes: int):
        self.max_bytes, self._bytes, self._lock = max_bytes, 0, threading.Lock()
        self._entries: OrderedDict[tuple[Path, ...], tuple[tuple, int, Any]] = OrderedDict()

    def read(self, paths: tuple[Path, ...], read: Callable[..., Any]) -> Any:
        """Return ``read(*paths)``, from memory if no file changed; the value is shared: don't modify it."""
        state = tuple(map(_state_of, paths))
        with self._lock:
            entry = self._entries.get(paths)
            if entry is not None and entry[0] == state:
                self._entries.move_to_end(paths)
                return entry[2]
        value = read(*paths)
        if time.time_ns() - max((found[1] for found in state if found), default=0) > SETTLED_NS:
            self._add(paths, state, value)
        return value

    def _add(self, paths: tuple[Path, ...], state: tuple, value: Any) -> None:
        """Add a value, and evict the least recently used ones above ``max_bytes``."""
        size = max(SMALLEST, sum(found[0] for found in state if found))
        with self._lock:
            self._bytes += size - self._entries.pop(paths, (None, 0, None))[1]
            self._entries[paths] = (state, size, value)
            while self._bytes > self.max_bytes:
                self._bytes -= self._entries.popitem(last=False)[1][1]

    def clear(self) -> None:
        """Remove all entries."""
        with self._lock:
            self._entries.clear()
            self._bytes = 0

    def __len__(self) -> int:
        return len(self._entries)


def _state_of(path: Path) -> tuple[int, int, int, int] | None:
    """Return size, times and inode of a file, which differ after every change; None if it doesn't exist."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_size, max(found.st_mtime_ns, found.st_ctime_ns), found.st_mtime_ns, found.st_ino

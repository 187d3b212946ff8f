"""The content hash of weight files, and opening them without blocking."""

import hashlib
import io
import os
import time
from pathlib import Path
from typing import BinaryIO

from core import store
from core.errors import CheckpointError
from core.store.files import open_regular

SETTLED_NS = 2_000_000_000
"""Files modified more recently aren't cached: the file system's clock may not resolve two changes."""
LARGE = 16 << 20
"""Size in bytes from which a hash is cached in the store, so that a new process needn't read the file."""

_hashes: dict[tuple, str] = {}


def open_checkpoint_file(path: Path) -> BinaryIO:
    """Open a regular file for reading; never block on a FIFO or a device.

    Raises
    ------
    CheckpointError
        When it doesn't exist, is no regular file, or can't be read.
    """
    try:
        return io.BufferedReader(open_regular(path))
    except OSError as reason:
        raise unreadable(path, reason) from reason
    except ValueError as reason:
        raise CheckpointError(f"{str(path)!r} can't be read: {reason}") from reason  # NUL in the name


def unreadable(path: Path, reason: OSError) -> CheckpointError:
    """Return the error for a file that the system can't open or read."""
    return CheckpointError(f"{path} can't be read: {reason.strerror or reason}")


def state_of(path: Path, file: BinaryIO) -> tuple | None:
    """Return what identifies an open file's content: path, size, times and inode; None if just modified."""
    found = os.fstat(file.fileno())
    if time.time_ns() - max(found.st_mtime_ns, found.st_ctime_ns) <= SETTLED_NS:
        return None
    return os.path.abspath(path), found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def content_hash(path: Path) -> str:
    """Return the BLAKE2b hash of a file's content, 32 hexadecimal digits.

    It is cached by :func:`state_of`.

    Raises
    ------
    CheckpointError
        As :func:`open_checkpoint_file`.
    """
    with open_checkpoint_file(path) as file:
        state = state_of(path, file)
        if state is None:
            return _digest(path, file)
        if state not in _hashes:
            _hashes[state] = _cached_digest(state, path, file) if state[1] >= LARGE else _digest(path, file)
        return _hashes[state]


def _cached_digest(state: tuple, path: Path, file: BinaryIO) -> str:
    """Return the hash from the store, computed on the first call."""
    return store.cached("hashes", store.key_of(state), lambda: {"blake2b": _digest(path, file)})["blake2b"]


def _digest(path: Path, file: BinaryIO) -> str:
    """Return the hash of all bytes."""
    digest = hashlib.blake2b(digest_size=16)
    try:
        while part := file.read(1 << 20):
            digest.update(part)
    except OSError as reason:
        raise unreadable(path, reason) from reason
    return digest.hexdigest()

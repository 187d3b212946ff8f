"""A file of weights as bytes: opened without waiting for anybody, and known by the hash of its content."""

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
"""A file that changed more recently is read anew: two changes can fall into one tick of the file system's clock."""
LARGE = 16 << 20
"""Bytes from which a hash is kept in the store as well, so that a new process need not read the file again."""

_hashes: dict[tuple, str] = {}


def open_checkpoint_file(path: Path) -> BinaryIO:
    """Open a regular file for reading; a FIFO or a device is never waited for.

    Raises
    ------
    CheckpointError
        With the reason: missing, not permitted, or no regular file.
    """
    try:
        return io.BufferedReader(open_regular(path))
    except OSError as reason:
        raise unreadable(path, reason) from reason
    except ValueError as reason:
        raise CheckpointError(f"{str(path)!r} can't be read: {reason}") from reason  # NUL in the name


def unreadable(path: Path, reason: OSError) -> CheckpointError:
    """Return what is raised where the system refuses to open or read a file."""
    return CheckpointError(f"{path} can't be read: {reason.strerror or reason}")


def state_of(path: Path, file: BinaryIO) -> tuple | None:
    """Return path, size, times and inode of an open file: what changes when it does; None where it changed just now."""
    found = os.fstat(file.fileno())
    if time.time_ns() - max(found.st_mtime_ns, found.st_ctime_ns) <= SETTLED_NS:
        return None
    return os.path.abspath(path), found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def content_hash(path: Path) -> str:
    """Return the BLAKE2b hash of a file's content, 32 hexadecimal digits.

    It is remembered by :func:`state_of`.

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
            _hashes[state] = _kept(state, path, file) if state[1] >= LARGE else _digest(path, file)
        return _hashes[state]


def _kept(state: tuple, path: Path, file: BinaryIO) -> str:
    """Return the hash from the store, computed where it isn't there yet."""
    return store.cached("hashes", store.key_of(state), lambda: {"blake2b": _digest(path, file)})["blake2b"]


def _digest(path: Path, file: BinaryIO) -> str:
    """Hash all bytes."""
    digest = hashlib.blake2b(digest_size=16)
    try:
        while part := file.read(1 << 20):
            digest.update(part)
    except OSError as reason:
        raise unreadable(path, reason) from reason
    return digest.hexdigest()

"""Atomic writing of files, and opening regular files without waiting for a pipe."""

import errno
import io
import json
import math
import os
import re
import stat
import uuid
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

from core.errors import WriteError

_READ_FLAGS = (
    os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
)
"""With O_NONBLOCK a pipe that takes a file's place after the first check is opened at once, and refused."""


class IrregularFileError(OSError):
    """A pipe, socket or device where a regular file is expected."""


def publish(path: Path, write: Callable[[Path], object]) -> Path:
    """Write a file atomically: call ``write`` with a temporary path beside ``path``, then rename it.

    The temporary name has the same suffix, because many writers choose their format by it.

    Raises
    ------
    WriteError
        When the disk is full, or the file can't be written for another reason; an existing file stays.
    """
    temporary = path.with_name(f".tmp-{uuid.uuid4().hex}{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write(temporary)
        os.replace(temporary, path)
    except WriteError:
        raise
    except OSError as reason:
        raise WriteError(f"{path} can't be written: {_describe(reason)}") from reason
    finally:
        with suppress(OSError):  # the folder may not be writable either
            temporary.unlink(missing_ok=True)
    return path


def _describe(reason: OSError) -> str:
    """Return why a file could not be written; NumPy gives only the numbers of values of a full disk."""
    if reason.errno is None and re.fullmatch(r"\d+ requested and \d+ written", str(reason)):
        return f"{os.strerror(errno.ENOSPC)} ({reason})"
    return reason.strerror or str(reason)


def write_json(path: Path, value) -> None:
    """Write ``value`` as JSON, atomically."""
    text = json.dumps(value, ensure_ascii=False, indent=1, default=_plain)
    publish(path, lambda temporary: temporary.write_text(text, encoding="utf-8"))


def create_numbered(place: Path, stem: str, suffix: str) -> Path:
    """Create an empty file ``STEM-NUMBER`` under the lowest free number from 1, and return its path.

    The file is created exclusively: two processes never get the same one.

    Raises
    ------
    WriteError
        When the disk is full, or the file can't be created for another reason.
    """
    for number in count(1):
        path = place / f"{stem}-{number}{suffix}"
        try:
            path.touch(exist_ok=False)
            return path
        except FileExistsError:
            continue
        except OSError as reason:
            raise WriteError(f"{path} can't be written: {_describe(reason)}") from reason
    raise AssertionError("there is always a further number")


def read_json(path: Path, default=None):
    """Return the value of a JSON file, ``default`` if it is missing or damaged."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return default


def open_regular(path: str | os.PathLike) -> io.FileIO:
    """Open a regular file for unbuffered reading; never wait for a pipe, nor open a device.

    Raises
    ------
    OSError
        When it is missing or may not be read; IsADirectoryError for a folder, :class:`IrregularFileError` for
        anything else that is no regular file.
    ValueError
        When the name holds NUL.
    """
    _refuse_irregular(os.stat(path).st_mode)  # opening a device can have effects of its own
    file = io.FileIO(os.open(path, _READ_FLAGS))
    try:
        _refuse_irregular(os.fstat(file.fileno()).st_mode)
    except OSError:
        file.close()
        raise
    return file


def _refuse_irregular(mode: int) -> None:
    """Raise where a mode is not that of a regular file."""
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, "it is a folder")
    if not stat.S_ISREG(mode):
        raise IrregularFileError(errno.EINVAL, "it is a pipe, socket or device")


def _plain(value):
    """Convert numpy values and paths to JSON types."""
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        return value.tolist()
    return str(value)


def json_values(value: Any) -> Any:
    """Return a value of JSON's types alone: lists for tuples, plain numbers, None for nan and infinity."""
    if isinstance(value, dict):
        return {str(key): json_values(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [json_values(part) for part in value]
    if hasattr(value, "item"):  # numpy's and torch's scalars
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value

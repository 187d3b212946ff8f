"""Atomic writing of files."""

import json
import os
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np

from core.errors import WriteError


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
        raise WriteError(f"{path} can't be written: {reason.strerror or reason}") from reason
    finally:
        with suppress(OSError):  # the folder may not be writable either
            temporary.unlink(missing_ok=True)
    return path


def write_json(path: Path, value) -> None:
    """Write ``value`` as JSON, atomically."""
    text = json.dumps(value, ensure_ascii=False, indent=1, default=_plain)
    publish(path, lambda temporary: temporary.write_text(text, encoding="utf-8"))


def read_json(path: Path, default=None):
    """Return the value of a JSON file, ``default`` if it is missing or damaged."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return default


def _plain(value):
    """Convert numpy values and paths to JSON types."""
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        return value.tolist()
    return str(value)

"""Files of the store: written whole or not at all."""

import json
import os
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np

from core.errors import WriteError


def publish(path: Path, write: Callable[[Path], object]) -> Path:
    """Let ``write`` fill a temporary file beside ``path``, then rename it there.

    The temporary name keeps the ending, because many writers choose their format by it.

    Raises
    ------
    WriteError
        When the disk is full, or the file can't be written for another reason; nothing is left of it then,
        and what was there before stays.
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
        with suppress(OSError):  # nothing could be made there either
            temporary.unlink(missing_ok=True)
    return path


def write_json(path: Path, value) -> None:
    """Write ``value`` as JSON, whole or not at all."""
    text = json.dumps(value, ensure_ascii=False, indent=1, default=_plain)
    publish(path, lambda temporary: temporary.write_text(text, encoding="utf-8"))


def read_json(path: Path, default=None):
    """Read JSON; a missing or damaged file gives ``default``."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return default


def _plain(value):
    """Turn numpy scalars and paths into what JSON knows."""
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        return value.tolist()
    return str(value)

"""The header of a checkpoint file, read without torch, which keeps lists of checkpoints fast.

A safetensors file is a length, as many bytes of JSON, and the tensors' bytes. The JSON has each tensor's
type, shape and offsets, which the library safetensors checks. Songscape stores the model's metadata as text
beside them (:mod:`core.checkpoints.metadata`), which is validated here.
"""

import json
import math
import os
import struct
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from safetensors import SafetensorError, safe_open

from core.checkpoints.content import open_checkpoint_file, state_of, unreadable
from core.checkpoints.json_checks import format_value
from core.checkpoints.metadata import check_metadata
from core.errors import CheckpointError

KEY = "songscape"
MAX_HEADER_BYTES = 16 << 20
MAX_DEPTH = 12
"""Levels of nested JSON; Songscape writes five."""
FLOATS = {"F16", "BF16", "F32", "F64"}
"""Types of weights."""

_cache: dict[tuple, tuple[dict, dict[str, "Entry"]]] = {}
"""Parsed headers by the state of their file."""


class Entry(NamedTuple):
    """A tensor in the header: its type and shape."""

    dtype: str
    shape: tuple[int, ...]


def read_meta(path: Path) -> dict:
    """Return a checkpoint's metadata, reading only its header.

    Raises
    ------
    CheckpointError
        As :func:`read_header`.
    """
    return read_header(path)[0]


def read_header(path: Path) -> tuple[dict, dict[str, Entry]]:
    """Return valid metadata and the type and shape of each tensor.

    Both are cached and must not be changed by callers.

    Raises
    ------
    CheckpointError
        When it is no file, no complete safetensors file, not written by Songscape, of an unknown model or
        format, or has invalid metadata.
    """
    path = Path(path)
    with open_checkpoint_file(path) as file:
        state = state_of(path, file)
        if state not in _cache:
            found = _read(path, file)
            if state is None:
                return found
            _cache[state] = found
        return _cache[state]


def _read(path: Path, file: BinaryIO) -> tuple[dict, dict[str, Entry]]:
    """Read and check the header of an open file."""
    try:
        size = os.fstat(file.fileno()).st_size
        start = file.read(8)
    except OSError as reason:
        raise unreadable(path, reason) from reason
    (length,) = struct.unpack("<Q", start) if len(start) == 8 else (0,)
    try:
        if not 2 <= length <= min(MAX_HEADER_BYTES, size - 8):
            raise ValueError(_explain_other_format(start, size))
        with safe_open(path, "np") as header:  # checks that the tensors cover the bytes exactly once
            text = (header.metadata() or {}).get(KEY)
            slices = {name: header.get_slice(name) for name in header.keys()}  # noqa: SIM118, no iterator
            entries = {name: Entry(s.get_dtype(), tuple(s.get_shape())) for name, s in slices.items()}
        if text is None:
            raise ValueError("is a safetensors file that Songscape didn't write, so its model is unknown")
        _check_entries(entries)
        meta = parse_meta(text)
    except (SafetensorError, OSError) as reason:
        clause = " ".join(str(reason).split())[:300]
        raise CheckpointError(f"{path.name} is damaged or cut short; copy it again ({clause})") from reason
    except ValueError as reason:
        raise CheckpointError(f"{path.name} {reason}") from reason
    return meta, entries


def parse_meta(text: str) -> dict:
    """Parse and check metadata.

    Raises
    ------
    ValueError
        When they are invalid, with a sentence that continues the file's name.
    """
    meta = _parse(text)
    check_metadata(meta)
    return meta


def _parse(text: str) -> Any:
    """Parse JSON; refuse duplicate keys, deep nesting and values that can't be shown or stored."""
    try:
        value = json.loads(text, object_pairs_hook=_build_dictionary)
        _check_values(value, MAX_DEPTH)
    except RecursionError:
        raise ValueError("has a metadata entry that is nested too deeply") from None
    except ValueError as reason:
        raise ValueError(f"has a metadata entry that can't be read: {str(reason)[:120]}") from None
    return value


def _build_dictionary(pairs: list[tuple[str, Any]]) -> dict:
    """Return a dictionary of pairs; refuse duplicate keys."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key occurs twice")
    return found


def _check_values(value: Any, levels: int) -> None:
    """Refuse NaN, infinite and huge numbers, lone surrogates, and too many levels."""
    if isinstance(value, dict | list):
        if not levels:
            raise RecursionError
        for item in value:
            _check_values(item, levels - 1)
        for item in value.values() if isinstance(value, dict) else ():
            _check_values(item, levels - 1)
    elif isinstance(value, str):
        value.encode()  # raises for a lone surrogate, which can be neither shown nor stored
    elif isinstance(value, float) and not math.isfinite(value):
        raise ValueError("a number in it is not finite")
    elif isinstance(value, int) and abs(value) >= 1 << 63:
        raise ValueError("a number in it is too large")


def _check_entries(entries: dict[str, Entry]) -> None:
    """Refuse names that can't be shown, and tensors that are no weights."""
    for name, (dtype, shape) in entries.items():
        if not name.isprintable() or len(name) > 256:
            raise ValueError(f"has a tensor with an invalid name: {format_value(name)}")
        # BatchNorm counts its batches in a scalar; a mask is BOOL
        if dtype not in FLOATS and dtype != "BOOL" and shape:
            raise ValueError(f"has {name} of type {dtype}, which is no type of weights")


def _explain_other_format(start: bytes, size: int) -> str:
    """Return a clause on the probable format of a file without a readable header."""
    if start[:4] == b"PK\x03\x04" or start[:2] in (b"\x80\x02", b"\x80\x04"):
        return "is a pickled PyTorch file; such files can run code, so only .safetensors ones are loaded"
    if len(start) == 8 and size - 8 < struct.unpack("<Q", start)[0] <= MAX_HEADER_BYTES:
        return f"is cut short: it has {size} bytes; copy it again"
    return "is not a safetensors file"

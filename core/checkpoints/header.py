"""The header of a checkpoint file, read without torch, which keeps lists of checkpoints fast.

A safetensors file is a length, as many bytes of JSON, and the tensors' bytes. The JSON has each tensor's
type, shape and offsets; Songscape stores the model's metadata as text beside them
(:mod:`core.checkpoints.metadata`). All values are validated here.
"""

import json
import math
import os
import struct
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from core.checkpoints.content import open_checkpoint_file, state_of, unreadable
from core.checkpoints.json_checks import format_value, is_integer
from core.checkpoints.metadata import check_metadata
from core.errors import CheckpointError

KEY = "songscape"
MAX_HEADER_BYTES = 16 << 20
MAX_DEPTH = 12
"""Levels of nested JSON; Songscape writes five."""
ITEM_BYTES = {
    "BOOL": 1,
    "U8": 1,
    "I8": 1,
    "U16": 2,
    "I16": 2,
    "F16": 2,
    "BF16": 2,
    "U32": 4,
    "I32": 4,
    "F32": 4,
    "U64": 8,
    "I64": 8,
    "F64": 8,
}
"""Bytes per number by the name of a tensor's type in the header."""
FLOATS = {"F16", "BF16", "F32", "F64"}
"""Types of weights."""

_cache: dict[tuple, tuple[dict, dict[str, "Entry"]]] = {}
"""Parsed headers by the state of their file."""


class Entry(NamedTuple):
    """A tensor in the header: its type, a key of :data:`ITEM_BYTES`, and its shape."""

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
        (length,) = struct.unpack("<Q", start) if len(start) == 8 else (0,)
        head = file.read(length) if 2 <= length <= min(MAX_HEADER_BYTES, size - 8) else b""
    except OSError as reason:
        raise unreadable(path, reason) from reason
    try:
        if head[:1] != b"{":
            raise ValueError(_explain_other_format(start, size))
        header = _parse("header", head)
        metadata = header.pop("__metadata__", {})
        if not isinstance(metadata, dict) or not isinstance(metadata.get(KEY), str):
            raise ValueError("is a safetensors file that Songscape didn't write, so its model is unknown")
        entries = _check_tensors(header, size - 8 - len(head))
        meta = parse_meta(metadata[KEY])
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
    meta = _parse("metadata entry", text)
    check_metadata(meta)
    return meta


def _parse(what: str, text: bytes | str) -> Any:
    """Parse JSON; refuse duplicate keys, deep nesting and values that can't be shown or stored."""
    try:
        value = json.loads(text, object_pairs_hook=_build_dictionary)
        _check_values(value, MAX_DEPTH)
    except RecursionError:
        raise ValueError(f"has a {what} that is nested too deeply") from None
    except ValueError as reason:
        raise ValueError(f"has a {what} that can't be read: {str(reason)[:120]}") from None
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


def _check_tensors(header: dict, n_bytes: int) -> dict[str, Entry]:
    """Return the tensors; refuse them unless they cover the bytes after the header exactly once."""
    entries, offsets = {}, []
    for name, found in header.items():
        entries[name], place = _check_tensor(name, found if isinstance(found, dict) else {})
        offsets.append(place)
    end = max((end for _, end in offsets), default=0)
    if end != n_bytes:
        raise ValueError(
            f"is damaged or cut short: it has {n_bytes} bytes of tensors instead of {end}; copy it again"
        )
    reached = 0
    for begin, end in sorted(offsets):
        if begin != reached:
            raise ValueError("is damaged: its tensors overlap, or leave bytes between them")
        reached = end
    return entries


def _check_tensor(name: str, found: dict) -> tuple[Entry, tuple[int, int]]:
    """Return a tensor's type and shape, and its first and last offset."""
    if not name.isprintable() or len(name) > 256:
        raise ValueError(f"has a tensor with an invalid name: {format_value(name)}")
    dtype, shape, place = (found.get(key) for key in ("dtype", "shape", "data_offsets"))
    if not isinstance(dtype, str) or dtype not in ITEM_BYTES:
        raise ValueError(f"has {name} of type {format_value(dtype)}, which is no type of numbers here")
    if (
        not isinstance(shape, list)
        or not isinstance(place, list)
        or not all(is_integer(size, 0) for size in (*shape, *place))
        or len(shape) > 8
        or len(place) != 2
    ):
        raise ValueError(
            f"has {name} with invalid shape={format_value(shape)}, data_offsets={format_value(place)}"
        )
    # BatchNorm counts its batches in a scalar; a mask is BOOL
    if dtype not in FLOATS and dtype != "BOOL" and shape:
        raise ValueError(f"has {name} of type {dtype}, which is no type of weights")
    if place[1] - place[0] != math.prod(shape) * ITEM_BYTES[dtype]:
        raise ValueError(
            f"has data_offsets={format_value(place)} for {name}, which is not the size of {dtype} in shape "
            f"{format_value(shape)}"
        )
    return Entry(dtype, tuple(shape)), (place[0], place[1])


def _explain_other_format(start: bytes, size: int) -> str:
    """Return a clause on the probable format of a file without a readable header."""
    if start[:4] == b"PK\x03\x04" or start[:2] in (b"\x80\x02", b"\x80\x04"):
        return "is a pickled PyTorch file; such files can run code, so only .safetensors ones are loaded"
    if len(start) == 8 and size - 8 < struct.unpack("<Q", start)[0] <= MAX_HEADER_BYTES:
        return f"is cut short: it has {size} bytes; copy it again"
    return "is not a safetensors file"

"""The header of a checkpoint file, read without torch, so that lists of checkpoints are quick, and trusted by nobody before.

A safetensors file is a length, so many bytes of JSON, and the tensors' bytes in a row. The JSON names each
tensor's type, shape and place; Songscape keeps what it knows of a model as text beside them
(:mod:`core.checkpoints.metadata`). Everything is checked here: what this module returns may be relied on.
"""

import json
import math
import os
import struct
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from core.checkpoints.content import open_checkpoint_file, state_of, unreadable
from core.checkpoints.metadata import check_metadata, shown
from core.errors import CheckpointError

KEY = "songscape"
MAX_HEADER_BYTES = 16 << 20
MAX_DEPTH = 12
"""Levels of JSON; what is written here has five."""
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
"""Types of tensors by their names in the header, with the bytes of one number."""
FLOATS = {"F16", "BF16", "F32", "F64"}
"""What a file may hold for weights."""


_known: dict[tuple, tuple] = {}
"""What was read, by the state of its file."""


class Entry(NamedTuple):
    """What the header says of a tensor: a key of :data:`ITEM_BYTES`, and the shape."""

    dtype: str
    shape: tuple[int, ...]


def read_meta(path: Path) -> dict:
    """Return what a checkpoint says of itself, reading only its header.

    Raises
    ------
    CheckpointError
        As :func:`read_header`.
    """
    return read_header(path)[0]


def read_header(path: Path) -> tuple[dict, dict[str, Entry]]:
    """Return metadata that fit :data:`core.checkpoints.metadata.FIELDS`, and what the file holds of each tensor.

    Both are shared by all who ask for this file, so nobody may change them.

    Raises
    ------
    CheckpointError
        When it is no file, not a whole safetensors file, not ours, of a model or format unknown here, or says
        of itself what can't be.
    """
    path = Path(path)
    with open_checkpoint_file(path) as file:
        state = state_of(path, file)
        if state not in _known:
            found = _read(path, file)
            if state is None:
                return found
            _known[state] = found
        return _known[state]


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
            raise ValueError(_what_else(start, size))
        header = _parse("header", head)
        metadata = header.pop("__metadata__", {})
        if not isinstance(metadata, dict) or not isinstance(metadata.get(KEY), str):
            raise ValueError(
                "is a safetensors file, but Songscape didn't write it, so what it holds is unknown"
            )
        entries = _check_tensors(header, size - 8 - len(head))
        meta = parse_meta(metadata[KEY])
    except ValueError as reason:
        raise CheckpointError(f"{path.name} {reason}") from reason
    return meta, entries


def parse_meta(text: str) -> dict:
    """Return the metadata that a text holds.

    Raises
    ------
    ValueError
        When they can't be relied on, with a sentence to follow the file's name.
    """
    meta = _parse("description of its model", text)
    check_metadata(meta)
    return meta


def _parse(what: str, text: bytes | str) -> Any:
    """Return what JSON holds, refused where it is ambiguous, endless or beyond what Python and a page can show."""
    try:
        value = json.loads(text, object_pairs_hook=_once_each)
        _check_values(value, MAX_DEPTH)
    except RecursionError:
        raise ValueError(f"has a {what} that is nested too deeply") from None
    except ValueError as reason:
        raise ValueError(f"has a {what} that can't be read: {str(reason)[:120]}") from None
    return value


def _once_each(pairs: list[tuple[str, Any]]) -> dict:
    """Return a dictionary, refused where a key stands twice."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands in it twice")
    return found


def _check_values(value: Any, levels: int) -> None:
    """Refuse NaN, infinite and huge numbers, half a character, and too many levels."""
    if isinstance(value, dict | list):
        if not levels:
            raise RecursionError
        for item in value:
            _check_values(item, levels - 1)
        for item in value.values() if isinstance(value, dict) else ():
            _check_values(item, levels - 1)
    elif isinstance(value, str):
        value.encode()  # raises for half of a surrogate pair, which can be neither shown nor stored
    elif isinstance(value, float) and not math.isfinite(value):
        raise ValueError("a number in it is not finite")
    elif isinstance(value, int) and abs(value) >= 1 << 63:
        raise ValueError("a number in it is too large")


def _check_tensors(header: dict, n_bytes: int) -> dict[str, Entry]:
    """Return the tensors, refused where they are not exactly the bytes behind the header, each byte of one tensor."""
    entries, places = {}, []
    for name, found in header.items():
        dtype, shape, place = (
            (found.get(key) for key in ("dtype", "shape", "data_offsets"))
            if isinstance(found, dict)
            else (None, None, None)
        )
        if not name.isprintable() or len(name) > 256:
            raise ValueError(f"holds a tensor with a name that can't be: {shown(name)}")
        if not isinstance(dtype, str) or dtype not in ITEM_BYTES:
            raise ValueError(f"holds {name} as {shown(dtype)}, which is no type of numbers here")
        if not _are_sizes(shape) or len(shape) > 8 or not _are_sizes(place) or len(place) != 2:
            raise ValueError(
                f"says of {name} shape={shown(shape)}, data_offsets={shown(place)}, which can't be"
            )
        if (
            dtype not in FLOATS and dtype != "BOOL" and shape
        ):  # BatchNorm counts its batches in one number; a mask is BOOL
            raise ValueError(f"holds {name} as {dtype}, where a model has weights")
        if place[1] - place[0] != math.prod(shape) * ITEM_BYTES[dtype]:
            raise ValueError(
                f"keeps {shown(place)} for {name}, which is not the size of {dtype} in shape {shown(shape)}"
            )
        entries[name] = Entry(dtype, tuple(shape))
        places.append(place)
    end = max((end for _, end in places), default=0)
    if end != n_bytes:
        raise ValueError(
            f"is damaged or cut short: it has {n_bytes} bytes of tensors where {end} belong; copy it again"
        )
    reached = 0
    for begin, end in sorted(places):
        if begin != reached:
            raise ValueError("is damaged: its tensors overlap, or leave bytes between them")
        reached = end
    return entries


def _are_sizes(value: Any) -> bool:
    """Say whether this is a list of whole numbers, 0 or more."""
    return isinstance(value, list) and all(type(item) is int and item >= 0 for item in value)


def _what_else(start: bytes, size: int) -> str:
    """Say what a file without a readable header probably is."""
    if start[:4] == b"PK\x03\x04" or start[:2] in (b"\x80\x02", b"\x80\x04"):
        return "is a pickled PyTorch file; such files can run code, so only .safetensors ones are loaded"
    if len(start) == 8 and size - 8 < struct.unpack("<Q", start)[0] <= MAX_HEADER_BYTES:
        return f"is cut short: it has {size} bytes; copy it again"
    return "is not a safetensors file"

"""What a checkpoint says of itself: the header of the file, read without torch, so that lists of checkpoints are quick."""

import json
import struct
from pathlib import Path

from core.errors import CheckpointError
from core.models import MODELS

FORMAT = 1
KEY = "songscape"
MAX_HEADER_BYTES = 16 << 20
NEEDED = ("format", "model", "config", "input", "input_shape", "n_labels")


def read_meta(path: Path) -> dict:
    """Return what a checkpoint says of itself, reading only its header.

    Raises
    ------
    CheckpointError
        When the file is not a whole safetensors file, is not ours, or is of a model or format unknown here.
    """
    return read_header(Path(path))[0]


def read_header(path: Path) -> tuple[dict, dict[str, tuple[int, ...]]]:
    """Return metadata and the shape of each tensor, after checking that the file is whole."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(8)
            (length,) = struct.unpack("<Q", start) if len(start) == 8 else (0,)
            head = file.read(length) if 2 <= length <= min(MAX_HEADER_BYTES, size - 8) else b""
    except OSError as reason:
        raise CheckpointError(f"{path} can't be read: {reason.strerror or reason}") from reason
    try:
        header = json.loads(head)
        metadata = header.pop("__metadata__", {})
        shapes = {name: tuple(entry["shape"]) for name, entry in header.items()}
        end = max((entry["data_offsets"][1] for entry in header.values()), default=0)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as reason:
        raise CheckpointError(f"{path.name} {_what_else(start, size)}") from reason
    if KEY not in metadata:
        raise CheckpointError(
            f"{path.name} is a safetensors file, but Songscape didn't write it, so what it holds is unknown"
        )
    if 8 + length + end != size:
        raise CheckpointError(
            f"{path.name} is damaged or cut short: it has {size} bytes where {8 + length + end} belong; copy it again"
        )
    try:
        meta = json.loads(metadata[KEY])
        lacks = [name for name in NEEDED if name not in meta]
    except (ValueError, TypeError) as reason:
        raise CheckpointError(f"{path.name} says nothing readable about its model") from reason
    if lacks or not isinstance(meta["input"], dict) or "name" not in meta["input"]:
        raise CheckpointError(f"{path.name} doesn't say its {', '.join(lacks) or 'input'}")
    if meta["format"] != FORMAT:
        raise CheckpointError(f"{path.name} is written in format {meta['format']!r}; this version reads {FORMAT}")
    if meta["model"] not in MODELS:
        raise CheckpointError(f"{path.name} holds a {meta['model']!r}; the models here are {', '.join(MODELS)}")
    return meta, shapes


def _what_else(start: bytes, size: int) -> str:
    """Say what a file without a readable header probably is."""
    if start[:4] == b"PK\x03\x04" or start[:2] in (b"\x80\x02", b"\x80\x04"):
        return "is a pickled PyTorch file; such files can run code, so only .safetensors ones are loaded"
    if len(start) == 8 and size - 8 < struct.unpack("<Q", start)[0] <= MAX_HEADER_BYTES:
        return f"is cut short: it has {size} bytes; copy it again"
    return "is not a safetensors file"

"""Hostile checkpoints: shapes of many gigabytes, lying offsets, deep or large JSON, pickles by any name."""

import json
import pickle
import random
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from core.bench.hostile.hostile_audio import mutated
from core.checkpoints.checkpoint_files import SHIPPED, list_files

_TOUCHED = "touched-by-a-pickle"


class _Runs:
    """What a pickle would run."""

    def __init__(self, folder: Path):
        self.folder = folder

    def __reduce__(self) -> tuple:
        return (open, (str(self.folder / _TOUCHED), "w"))


def has_run(folder: Path) -> bool:
    """Return whether one of the pickles was run."""
    return (folder / _TOUCHED).exists()


def write_checkpoints(folder: Path, n: int, seed: int) -> int:
    """Write crafted files and mutations of a small shipped checkpoint, ``n`` in all; return how many."""
    rng = random.Random(seed)
    good = min(list_files(SHIPPED), key=lambda path: path.stat().st_size).read_bytes()
    crafted = list(_crafted(folder, good))[:n]
    for name, data in crafted:
        (folder / name).write_bytes(data)
    for i in range(n - len(crafted)):
        (folder / f"{i:05}.safetensors").write_bytes(mutated(good, good[::-1], rng))
    return n


def _crafted(folder: Path, good: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield files made to harm, from the header and the tensors of a good one."""
    (length,) = struct.unpack("<Q", good[:8])
    header, tensors = json.loads(good[8 : 8 + length]), good[8 + length :]
    meta = json.loads(header["__metadata__"]["songscape"])
    name = next(key for key in header if key != "__metadata__")
    size = 25 * 10**9  # floats of 100 GB
    yield "shape.safetensors", _file({**header, name: {**header[name], "shape": [size]}}, tensors)
    claim = {"dtype": "F32", "shape": [size], "data_offsets": [0, 4 * size]}
    yield "claim.safetensors", _file({**header, name: claim}, tensors)
    overlap = {**header[name], "data_offsets": [0, 2**63 - 1]}
    yield "offsets.safetensors", _file({**header, name: overlap}, tensors)
    for field in meta["config"]:
        for value in (10**9, -1, [10**6] * 4, "x" * 10**6, None, 1e308):
            odd = {**meta, "config": {**meta["config"], field: value}}
            yield f"config-{field}-{str(value)[:6]}.safetensors", _with_meta(header, odd, tensors)
    for shape in ([10**9], [10**6, 10**6], [-1], [0]):
        yield f"input-{shape}.safetensors", _with_meta(header, {**meta, "input_shape": shape}, tensors)
    deep = '{"a":' * 100_000 + "1" + "}" * 100_000
    yield "deep.safetensors", _file({"__metadata__": {"songscape": deep}}, b"")
    yield "deep-header.safetensors", struct.pack("<Q", len(deep)) + deep.encode()
    wide = json.dumps({str(i): i for i in range(500_000)})
    yield "wide.safetensors", _file({"__metadata__": {"songscape": wide}}, b"")
    yield "length.safetensors", struct.pack("<Q", 2**63) + b"{}"
    code = pickle.dumps(_Runs(folder))
    for ending in ("safetensors", "pt", "pth", "bin", "ckpt", "npy"):
        yield f"pickle.{ending}", code


def _with_meta(header: dict[str, Any], meta: dict[str, Any], tensors: bytes) -> bytes:
    """Return a file with other metadata."""
    return _file({**header, "__metadata__": {"songscape": json.dumps(meta)}}, tensors)


def _file(header: dict[str, Any], tensors: bytes) -> bytes:
    """Return a safetensors file of a header and bytes."""
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + tensors

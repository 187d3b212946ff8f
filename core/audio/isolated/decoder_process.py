"""The decoding process: ``python -m core.audio.isolated.decoder_process SOCKET MEMORY``, two descriptors.

It decodes one file at a time, on request, into memory that it shares with its parent, and ends when its
parent does. Its memory is limited.
"""

import contextlib
import io
import mmap
import os
import socket
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np

from core.audio.decoders.container_metadata import read_metadata
from core.audio.decoders.opened import Decoder, open_here
from core.audio.isolated.messages import receive, send
from core.audio.mixing import mix_blocks
from core.errors import AudioError

MEMORY_BYTES = 768 * 2**20
"""Largest private memory: what an absurd size in a header asks for beyond is refused."""
CHATTER_BYTES = 2**20
"""Most that the libraries write to standard error."""
ATTRIBUTES = (
    "sr",
    "channels",
    "format",
    "subtype",
    "n_frames",
    "promised",
    "is_float",
    "slack_s",
    "as_stated",
    "is_chained",
)
"""Attributes of a decoder that the parent is told."""


def limit_resources() -> None:
    """Limit memory and written files, and forbid core dumps, where the system can."""
    import resource

    limits = {"RLIMIT_DATA": MEMORY_BYTES, "RLIMIT_FSIZE": CHATTER_BYTES, "RLIMIT_CORE": 0}
    for name, most in limits.items():
        if kind := getattr(resource, name, None):
            with contextlib.suppress(ValueError, OSError):
                resource.setrlimit(kind, (most, most))


class _Server:
    """One open file, and the memory that blocks are written into."""

    def __init__(self, memory: mmap.mmap):
        self.memory = memory
        self.file: io.FileIO | None = None
        self.decoder: Decoder | None = None
        self.blocks: Iterator[np.ndarray] = iter(())

    def answer(self, request: dict[str, Any], descriptor: int | None) -> dict[str, Any]:
        """Do what a request asks."""
        action = request.get("do")
        if descriptor is not None:
            self.close()
            self.file = io.FileIO(descriptor)
            self.file.seek(0)
        assert self.file is not None
        if action == "metadata":
            return {"metadata": read_metadata(self.file)}
        if action == "open":
            self.decoder = open_here(self.file)
            return {name: getattr(self.decoder, name) for name in ATTRIBUTES}
        assert self.decoder is not None
        if action == "blocks":
            found = self.decoder.blocks(int(request["start"]), int(request["n"]))
            self.blocks = _in_pieces(found, len(self.memory))
        if action == "mixed":
            found = self.decoder.blocks(int(request["start"]), int(request["n"]))
            y, one_channel = mix_blocks(found)
            self.blocks = _in_pieces(iter([y[:, None]]), len(self.memory))
            return {"n": len(y), "one_channel": one_channel, **self._next_block()}
        if action in ("blocks", "next"):
            return self._next_block()
        return {"is_cut": self.decoder.is_cut()}

    def _next_block(self) -> dict[str, Any]:
        """Write the next block into the shared memory and return its shape, none at the end."""
        block = next(self.blocks, None)
        if block is None:
            return {"shape": None}
        np.frombuffer(self.memory, block.dtype, block.size).reshape(block.shape)[:] = block
        return {"shape": block.shape, "dtype": block.dtype.name}

    def close(self) -> None:
        """Close the file."""
        self.blocks = iter(())
        if self.decoder is not None:
            self.decoder.close()
            self.decoder = None
        if self.file is not None:
            self.file.close()
            self.file = None


def _in_pieces(blocks: Iterator[np.ndarray], n_bytes: int) -> Iterator[np.ndarray]:
    """Join small blocks of one type, and split large ones, into pieces that fit the shared memory."""
    held: list[np.ndarray] = []
    size = 0
    for block in blocks:
        step = max(1, n_bytes // (block.itemsize * block.shape[1]))
        for i in range(0, len(block), step):
            piece = block[i : i + step]
            is_other = bool(held) and (held[0].dtype, held[0].shape[1]) != (piece.dtype, piece.shape[1])
            if held and (is_other or size + piece.nbytes > n_bytes):
                yield _joined(held)
                held, size = [], 0
            held.append(piece)
            size += piece.nbytes
    if held:
        yield _joined(held)


def _joined(blocks: list[np.ndarray]) -> np.ndarray:
    """Return blocks as one."""
    return blocks[0] if len(blocks) == 1 else np.concatenate(blocks)


def serve(connection: socket.socket, memory: mmap.mmap) -> None:
    """Answer requests until the parent ends."""
    server = _Server(memory)
    while True:
        try:
            request, descriptor = receive(connection, with_file=True)
        except EOFError:
            return
        if request.get("do") == "close":
            server.close()
            continue  # nobody waits for an answer
        try:
            answer = server.answer(request, descriptor)
        except AudioError as reason:
            is_transient = isinstance(reason.__cause__, (OSError, MemoryError))
            answer = {"error": str(reason), "is_transient": is_transient}
        send(connection, answer)


if __name__ == "__main__":
    limit_resources()
    shared = mmap.mmap(int(sys.argv[2]), 0)
    os.close(int(sys.argv[2]))
    serve(socket.socket(fileno=int(sys.argv[1])), shared)

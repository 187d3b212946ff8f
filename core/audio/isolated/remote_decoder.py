"""A decoder of the interface of :class:`~core.audio.decoders.sndfile.SndFile`, in another process."""

import io
from collections.abc import Iterator
from math import prod
from typing import Any

import numpy as np

from core.audio.decoders.container_metadata import read_metadata
from core.audio.isolated.decoder_pool import (
    IS_AVAILABLE,
    Budget,
    DecoderEndedError,
    DecoderProcess,
    return_process,
    take_process,
)
from core.errors import AudioError

LIMIT_S = 20.0
"""Time that the decoding of one file may take, besides :data:`SHARE` of the duration that is read."""
SHARE = 0.2
"""Decoding slower than five times real time counts as stuck."""
MOST_CHANNELS = 4096
MIXED_APART = 1 << 24
"""Most frames that the other process mixes at once, which bounds its memory."""


class RemoteDecoder:
    """One file open in a decoding process.

    Raises
    ------
    AudioError
        With the reason, if it can't be decoded, crashes its decoder or holds it longer than :data:`LIMIT_S`.
    """

    sr: int
    channels: int
    n_frames: int
    promised: int
    format: str
    subtype: str
    slack_s: float
    is_float: bool
    as_stated: bool
    is_chained: bool

    def __init__(self, file: io.FileIO):
        self._file = file
        self._open(take_process())

    def _open(self, process: DecoderProcess) -> None:
        """Open the file in a process; in a new one, where an earlier file has harmed that."""
        self._process, self._budget = process, Budget(LIMIT_S, SHARE)
        try:
            found = self._budget.ask(process, {"do": "open"}, self._file.fileno())
            for name, kind in RemoteDecoder.__annotations__.items():
                setattr(self, name, kind(found[name]))
            if not 1 <= self.channels <= MOST_CHANNELS:
                raise AudioError(f"its header names {self.channels} channels, so it is damaged or not music")
        except DecoderEndedError:
            if not process.n_files:
                raise
            self._open(DecoderProcess())
        except BaseException:
            self.close()
            raise

    def blocks(self, start: int, n: int) -> Iterator[np.ndarray]:
        """Yield ``n`` frames from ``start``, float32 or int16 of shape (m, channels); fewer at the end."""
        self._budget.add(n / self.sr if self.sr > 0 else 0)
        answer = self._ask({"do": "blocks", "start": start, "n": n})
        while answer["shape"] is not None:
            yield self._shared(answer).copy()
            answer = self._ask({"do": "next"})

    def mixed(self, start: int, n: int) -> tuple[np.ndarray, bool]:
        """Return ``n`` frames from ``start``, mixed in the other process, which halves what is copied.

        Returns
        -------
        y, one_channel
            As :func:`~core.audio.mixing.mix_blocks`.
        """
        request = {"do": "mixed", "start": start, "n": n}
        self._budget.add(n / self.sr if self.sr > 0 else 0)
        try:
            answer = self._ask(request)
        except DecoderEndedError:
            if not self._process.n_files:
                raise
            self._open(DecoderProcess())
            self._budget.add(n / self.sr if self.sr > 0 else 0)
            answer = self._ask(request)
        y = np.empty(min(int(answer["n"]), n), np.float32)
        done = 0
        one_channel = bool(answer["one_channel"])
        while done < len(y) and answer["shape"] is not None:
            piece = self._shared(answer)[: len(y) - done, 0]
            y[done : done + len(piece)] = piece
            done += len(piece)
            answer = self._ask({"do": "next"}) if done < len(y) else answer
        return y[:done], one_channel

    def _shared(self, answer: dict[str, Any]) -> np.ndarray:
        """Return the block in the shared memory, which the next request overwrites."""
        dtype = np.dtype({"int16": np.int16, "float32": np.float32, "float64": np.float64}[answer["dtype"]])
        shape = [int(size) for size in answer["shape"]]
        return np.frombuffer(self._process.memory, dtype, prod(shape)).reshape(shape)

    def is_cut(self) -> bool:
        """Return whether the file ends within a page."""
        return bool(self._ask({"do": "is_cut"})["is_cut"])

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Ask the process within the file's budget."""
        return self._budget.ask(self._process, request)

    def close(self) -> None:
        """Return the process to the pool; the caller closes the file."""
        if self._process.close_file():
            return_process(self._process)


def read_metadata_apart(file: io.FileIO) -> dict[str, str]:
    """Return the metadata that FFmpeg finds (:mod:`core.audio.decoders.container_metadata`).

    Raises
    ------
    AudioError
        If FFmpeg can't open the file.
    """
    if not IS_AVAILABLE:
        return read_metadata(file)
    process = take_process()
    try:
        found = process.ask({"do": "metadata"}, LIMIT_S, file.fileno())["metadata"]
        return {str(key): str(value) for key, value in found.items()}
    finally:
        if process.close_file():
            return_process(process)

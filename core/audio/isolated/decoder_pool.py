"""The pool of decoding processes: as many as files are open at once, kept for the next file."""

import atexit
import contextlib
import mmap
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import IO, Any

from core.audio.isolated.messages import receive, send
from core.errors import AudioError

ROOT = Path(__file__).resolve().parents[3]
IS_AVAILABLE = hasattr(socket, "send_fds") and hasattr(socket, "AF_UNIX") and os.name == "posix"
"""Whether open files can be given to another process; where not, all files are decoded in this one."""
SHARED_BYTES = 8 * 2**20
START_S = 60.0
_ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    # glibc would return every block's memory to the system, and ask for it again: a third of the time
    "MALLOC_TRIM_THRESHOLD_": str(2**28),
    "MALLOC_MMAP_THRESHOLD_": str(2**25),
}
_SIGNALS = {signal.SIGKILL: "was ended by the system", signal.SIGSEGV: "crashed", signal.SIGABRT: "crashed"}


class DecoderEndedError(AudioError):
    """The process ended while it was asked, because of this file or an earlier one."""


class DecoderProcess:
    """One process that decodes; see :mod:`core.audio.isolated.decoder_process`."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        self._chatter = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the process lives
        with _memory_file() as file:
            file.truncate(SHARED_BYTES)
            self.memory = mmap.mmap(file.fileno(), SHARED_BYTES)
            command = [sys.executable, "-m", "core.audio.isolated.decoder_process"]
            self._process = subprocess.Popen(
                [*command, str(theirs.fileno()), str(file.fileno())],
                cwd=ROOT,
                env={**os.environ, **_ENVIRONMENT},
                pass_fds=(theirs.fileno(), file.fileno()),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._chatter,
            )
        theirs.close()
        self._socket = ours
        self._is_new = True
        self.n_files = 0

    def ask(self, request: dict[str, Any], limit_s: float, file: int | None = None) -> dict[str, Any]:
        """Send a request and return the answer.

        Raises
        ------
        AudioError
            With the decoder's reason; or where it crashes or doesn't answer within ``limit_s`` s, after
            which the process is of no further use.
        """
        self._socket.settimeout(limit_s + START_S * self._is_new)
        try:
            send(self._socket, request, file)
            answer, _ = receive(self._socket)
        except TimeoutError:
            self.end()
            raise AudioError(
                f"gave no audio within {limit_s:.0f} s of decoding, so it is damaged or made to be slow"
            ) from None
        except (EOFError, OSError, ValueError) as error:
            raise DecoderEndedError(self._describe_end()) from error
        self._is_new = False
        if reason := answer.get("error"):
            said = self._read_chatter()
            cause = OSError() if answer.get("is_transient") else None
            raise AudioError(f"{reason} (the decoder says: {said})" if said else str(reason)) from cause
        return answer

    def close_file(self) -> bool:
        """Close the open file without waiting; return whether the process can be asked again."""
        if not self.is_alive:
            return False
        try:
            send(self._socket, {"do": "close"})
        except OSError:
            self.end()
            return False
        return True

    @property
    def is_alive(self) -> bool:
        """Whether it can be asked."""
        return self._process.poll() is None

    def end(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        self._socket.close()
        self._chatter.close()

    def forget_chatter(self) -> None:
        """Drop what the libraries wrote about an earlier file."""
        self._chatter.seek(0)
        self._chatter.truncate()

    def _describe_end(self) -> str:
        """End the process and return what its end says about the file."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(5)
        said = self._read_chatter()
        code = self._process.poll()
        self.end()
        how = _SIGNALS.get(-code, "failed") if code else "ended"  # type: ignore[call-overload]
        return f"is damaged: its decoder {how}" + (f" ({said})" if said else "")

    def _read_chatter(self) -> str:
        """Return the last line that a library wrote to standard error, in at most 200 characters."""
        self._chatter.seek(max(0, self._chatter.seek(0, os.SEEK_END) - 4096))
        lines = self._chatter.read().decode("utf-8", "replace").split("\n")
        found = [" ".join(line.split()) for line in lines if line.strip()]
        shown = "".join(c if c.isprintable() else "?" for c in found[-1]) if found else ""
        return shown[:200]


def _memory_file() -> IO[bytes]:
    """Return a file in memory; where the system has none, on disk, which is slower."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("decoded"), "w+b")
    return tempfile.TemporaryFile()


_lock = threading.Lock()
_idle: list[tuple[int, DecoderProcess]] = []


def take_process() -> DecoderProcess:
    """Return an idle decoding process, or start one."""
    with _lock:
        while _idle:
            owner, process = _idle.pop()
            if owner == os.getpid() and process.is_alive:  # a fork has no share in its parent's
                process.forget_chatter()
                process.n_files += 1
                return process
    return DecoderProcess()


def return_process(process: DecoderProcess) -> None:
    """Keep a process for the next file; end it where there are enough."""
    with _lock:
        is_kept = process.is_alive and len(_idle) < (os.cpu_count() or 1)
        if is_kept:
            _idle.append((os.getpid(), process))
    if not is_kept:
        process.end()


@atexit.register
def _end_all() -> None:
    """End the idle processes of this one."""
    while _idle:
        owner, process = _idle.pop()
        if owner == os.getpid():
            process.end()


class Budget:
    """How long the decoding of one file may take: some seconds, and a share of the duration that is read."""

    def __init__(self, limit_s: float, share: float):
        self._left_s, self._share = limit_s, share

    def add(self, duration_s: float) -> None:
        """Allow for a duration that is read."""
        self._left_s += self._share * duration_s

    def ask(
        self, process: DecoderProcess, request: dict[str, Any], file: int | None = None
    ) -> dict[str, Any]:
        """Ask a process; see :meth:`DecoderProcess.ask`."""
        began = time.monotonic()
        answer = process.ask(request, max(self._left_s, 0.1), file)
        self._left_s -= time.monotonic() - began
        return answer

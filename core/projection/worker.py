"""One process of its own in which the slow libraries stay warm.

Importing and compiling UMAP or PaCMAP costs seconds to half a minute per process, so the app keeps one
process that has done it. Requests run one after the other. numba keeps what it compiled in the store, for the
next start.

The process is a plain ``python -m core.projection.worker`` that inherits one end of a
:func:`multiprocessing.Pipe`. So it never imports the program's main module again, it ends when the program
does, however that ends (its pipe closes), and leaving the program doesn't wait for a fit that runs, as the
pools of processes do. Only these two processes hold the pipe, which has no name, so what is unpickled comes
from the other one.
"""

import atexit
import multiprocessing.connection
import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Sequence
from concurrent.futures import CancelledError, Future
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from core import store
from core.errors import SongscapeError
from core.projection import PROJECTIONS, get_projection

WARM = tuple(name for name, spec in PROJECTIONS.items() if spec.warm_starts)
"""What is worth warming up, in the order in which it is likely to be wanted: libraries that pages go on with live."""


class Worker:
    """A process that fits projections, one at a time, and starts again when it dies.

    Parameters
    ----------
    env : dict, optional
        What the process gets besides this one's environment, in place of :func:`environment`.
    """

    def __init__(self, env: dict[str, str] | None = None):
        self._env = env
        self._process: subprocess.Popen | None = None
        self._connection: Connection | None = None
        self._ready = threading.Condition()
        self._requests: list[tuple[Future, tuple]] = []
        self._warm_ups: list[str] = []
        self._thread: threading.Thread | None = None

    def submit(self, X: np.ndarray, config, seed: int = 0, init: np.ndarray | None = None) -> Future:
        """Ask for a layout and return at once.

        Parameters
        ----------
        X, config, seed, init
            As in ``config.fit(X, seed, init)``.

        Returns
        -------
        Future
            Of the layout, ndarray of shape (n_tracks, 2).
        """
        future = Future()
        with self._ready:
            self._requests.append((future, (config, np.asarray(X), seed, init)))
            self._start()
        return future

    def warm(self, names: Sequence[str] = WARM) -> None:
        """Import and compile these projections when nobody is waiting, one by one; return at once."""
        with self._ready:
            self._warm_ups += [name for name in dict.fromkeys(names) if name not in self._warm_ups]
            self._start()

    def stop(self) -> None:
        """End the process now; the next request starts a new one."""
        with self._ready:
            self._warm_ups.clear()
            for future, _ in self._requests:
                future.cancel()
            self._requests.clear()
            process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()

    def _start(self) -> None:
        """Wake the thread that hands requests to the process, or start it. Called with the lock held."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._serve, name="projections", daemon=True)
            self._thread.start()
            atexit.register(self.stop)
        self._ready.notify()

    def _serve(self) -> None:
        """Hand over requests one at a time, the oldest first, and warm up in between."""
        while True:
            with self._ready:
                self._ready.wait_for(lambda: self._requests or self._warm_ups)
                if self._requests:
                    future, request = self._requests.pop(0)
                else:
                    future, request = Future(), (self._warm_ups.pop(0),)
                if not future.set_running_or_notify_cancel():
                    continue
            try:
                future.set_result(self._run(*request))
            except BaseException as error:  # noqa: BLE001 (whoever waits for the future gets it, whatever it is)
                future.set_exception(error)

    def _run(self, *request):
        """Run one request in the process; a process that died gets one successor."""
        for attempt in (1, 2):
            with self._ready:
                if self._process is None:
                    self._process, self._connection = _launch(
                        environment() if self._env is None else self._env
                    )
                process, connection = self._process, self._connection
            try:
                connection.send(request)
                done, answer = connection.recv()
            except (EOFError, OSError) as error:
                with self._ready:
                    stopped = self._process is not process
                    if not stopped:
                        self._process = None
                process.kill()
                process.wait()
                connection.close()
                if stopped:
                    raise CancelledError("the projection process was stopped") from error
                if attempt == 2:
                    raise SongscapeError(
                        "the process that draws the map ended twice without an answer; the computer may be "
                        "out of "
                        "memory. PCA needs least, or choose fewer tracks"
                    ) from error
            else:
                if not done:
                    raise answer
                return answer


def environment() -> dict[str, str]:
    """Return what the process gets: numba's cache in the store, and half the cores, since others work too."""
    threads = str(max(1, (os.cpu_count() or 1) // 2))
    return {
        "NUMBA_CACHE_DIR": os.environ.get("NUMBA_CACHE_DIR") or str(store.folder("numba")),
        "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS") or threads,
    }


def _warm_up(name: str) -> None:
    """Fit a small set cold and warm in the worker process, so that everything is imported and compiled."""
    X = np.random.default_rng(0).normal(size=(64, 8)).astype(np.float32)
    config = get_projection(name)()
    config.fit(X, init=config.fit(X))


# The two ends of the pipe


def _launch(env: dict[str, str]) -> tuple[subprocess.Popen, Connection]:
    """Start the process, from the folder that holds ``core``, with the other end of a pipe."""
    ours, theirs = multiprocessing.Pipe()
    handle = theirs.fileno()
    if sys.platform == "win32":
        os.set_handle_inheritable(handle, True)
        handed = {"startupinfo": subprocess.STARTUPINFO(lpAttributeList={"handle_list": [handle]})}
    else:
        handed = {"pass_fds": [handle]}
    with theirs:  # closed here once the process has it, so that its end is seen
        process = subprocess.Popen(
            [sys.executable, "-m", "core.projection.worker", str(handle)],
            stdin=subprocess.DEVNULL,
            cwd=Path(__file__).resolve().parents[2],
            env={**os.environ, **env},
            **handed,
        )
    return process, ours


def _answer_requests(handle: int) -> None:
    """Answer until the program closes the pipe: what the process does all its life."""
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # Ctrl-C in the terminal is for the program, which then closes the pipe
    os.dup2(2, 1)  # what libraries print is not what the program prints
    kind = multiprocessing.connection.PipeConnection if sys.platform == "win32" else Connection
    connection, requests = kind(handle), queue.SimpleQueue()
    threading.Thread(target=_receive, args=(connection, requests), daemon=True).start()
    while True:
        message = requests.get()
        try:
            answer = True, _answer(*pickle.loads(message))
        except Exception as error:  # noqa: BLE001 (it is raised where the request came from)
            error.add_note(f"in the projection process:\n{traceback.format_exc()}")
            answer = False, error
        connection.send(answer)


def _receive(connection: Connection, requests: queue.SimpleQueue) -> None:
    """Take requests; once the program is gone, end the process, in the middle of a fit too."""
    try:
        while True:
            requests.put(connection.recv_bytes())
    except (EOFError, OSError):
        os._exit(0)


def _answer(*request):
    """Fit (config, X, seed, init), or warm up (name,)."""
    if len(request) == 1:
        return _warm_up(*request)
    config, X, seed, init = request
    return config.fit(X, seed, init)


# The program's one process

_shared = Worker()
warm = _shared.warm


def project_in_worker(X: np.ndarray, config, seed: int = 0, init: np.ndarray | None = None) -> np.ndarray:
    """Return ``config.fit(X, seed, init)``, computed in the warm process.

    Raises
    ------
    SongscapeError
        What ``fit`` raises, or when the process dies twice over the same request.
    """
    return _shared.submit(X, config, seed, init).result()


if __name__ == "__main__":
    _answer_requests(int(sys.argv[1]))

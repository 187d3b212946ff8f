"""A separate process for projections that has imported and compiled the slow libraries.

Importing and compiling UMAP or PaCMAP costs seconds to half a minute per process, so the app reuses one
process. Requests run one after the other. numba caches compiled code in the store for the next start.

The process is a plain ``python -m core.projection.worker_process`` that inherits one end of a
:func:`multiprocessing.Pipe`. So it doesn't import the app's main module again, it ends when the app does in
any way (its pipe closes), and the app can exit during a fit, which process pools would wait for. Only these
two processes have the pipe, which has no name, so unpickled data always comes from the other one.
"""

import atexit
import multiprocessing
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import CancelledError, Future
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np

from core import store
from core.errors import SongscapeError
from core.projection import PROJECTIONS
from core.projection.projector import Projection

WARM_UP = tuple(name for name, spec in PROJECTIONS.items() if spec.warm_starts)
"""The projections to warm up, most likely first: those that pages update live."""


class Worker:
    """A process that fits projections, one at a time, and is restarted when it dies.

    Parameters
    ----------
    env : dict, optional
        Additions to this process's environment, in place of :func:`environment`.
    """

    def __init__(self, env: dict[str, str] | None = None):
        self._env = env
        self._process: subprocess.Popen | None = None
        self._connection: Connection | None = None
        self._ready = threading.Condition()
        self._requests: list[tuple[Future, tuple]] = []
        self._warm_ups: list[str] = []
        self._thread: threading.Thread | None = None

    def submit(
        self, X: np.ndarray, config: Projection, seed: int = 0, init: np.ndarray | None = None
    ) -> "Future[np.ndarray]":
        """Request a layout and return immediately.

        Parameters
        ----------
        X, config, seed, init
            As in ``config.fit(X, seed, init)``.

        Returns
        -------
        Future
            Of the layout, ndarray of shape (n_tracks, 2).
        """
        future: Future[np.ndarray] = Future()
        with self._ready:
            self._requests.append((future, (config, np.asarray(X), seed, init)))
            self._start()
        return future

    def warm(self, names: Sequence[str] = WARM_UP) -> None:
        """Import and compile these projections one by one while idle; return immediately."""
        with self._ready:
            self._warm_ups += [name for name in dict.fromkeys(names) if name not in self._warm_ups]
            self._start()

    def stop(self) -> None:
        """Kill the process; the next request starts a new one."""
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
        """Wake the thread that sends requests to the process, or start it. Called with the lock held."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._serve, name="projections", daemon=True)
            self._thread.start()
            atexit.register(self.stop)
        self._ready.notify()

    def _serve(self) -> None:
        """Send requests one at a time, oldest first, and warm up in between."""
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
            except BaseException as error:  # noqa: BLE001 (raised again where the future is awaited)
                future.set_exception(error)

    def _run(self, *request):
        """Run one request in the process; restart a process that died once."""
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
                        "the projection process ended twice without a result; the computer may be out of "
                        "memory. Choose PCA, which needs least memory, or fewer tracks"
                    ) from error
            else:
                if not done:
                    raise answer
                return answer


def environment() -> dict[str, str]:
    """Return the process's additional environment: numba's cache in the store, and half the cores."""
    threads = str(max(1, (os.cpu_count() or 1) // 2))
    return {
        "NUMBA_CACHE_DIR": os.environ.get("NUMBA_CACHE_DIR") or str(store.folder("numba")),
        "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS") or threads,
    }


def _launch(env: dict[str, str]) -> tuple[subprocess.Popen, Connection]:
    """Start the process in the folder that contains ``core``, with the other end of a pipe."""
    ours, theirs = multiprocessing.Pipe()
    handle = theirs.fileno()
    options: dict[str, Any] = {"pass_fds": [handle]}
    if sys.platform == "win32":
        os.set_handle_inheritable(handle, True)
        options = {"startupinfo": subprocess.STARTUPINFO(lpAttributeList={"handle_list": [handle]})}
    with theirs:  # closed here once the process has it, so that the end of the process closes the pipe
        process = subprocess.Popen(
            [sys.executable, "-m", "core.projection.worker_process", str(handle)],
            stdin=subprocess.DEVNULL,
            cwd=Path(__file__).resolve().parents[2],
            env={**os.environ, **env},
            **options,
        )
    return process, ours


_shared = Worker()
warm = _shared.warm


def project_in_worker(
    X: np.ndarray, config: Projection, seed: int = 0, init: np.ndarray | None = None
) -> np.ndarray:
    """Return ``config.fit(X, seed, init)``, computed in the app's worker.

    Raises
    ------
    SongscapeError
        Raised by ``fit``, or when the process dies twice over the same request.
    """
    return _shared.submit(X, config, seed, init).result()

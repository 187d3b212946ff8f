"""The worker's process: answers the requests of :mod:`core.projection.worker` over a pipe.

Run as ``python -m core.projection.worker_process HANDLE``, where HANDLE is the inherited end of the pipe.
"""

import multiprocessing.connection
import os
import pickle
import queue
import signal
import sys
import threading
import traceback
from multiprocessing.connection import Connection

import numpy as np

from core.projection import projection_spec


def answer_requests(handle: int) -> None:
    """Answer requests until the app closes the pipe."""
    # Ctrl-C in the terminal is for the app, which then closes the pipe.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.dup2(2, 1)  # output of libraries must not mix with the app's standard output
    if sys.platform == "win32":
        connection = multiprocessing.connection.PipeConnection(handle)
    else:
        connection = Connection(handle)
    requests: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(connection, requests), daemon=True).start()
    while True:
        message = requests.get()
        try:
            answer = True, _answer(*pickle.loads(message))  # noqa: S301 (only the parent has this pipe)
        except Exception as error:  # noqa: BLE001 (it is raised where the request came from)
            error.add_note(f"in the projection process:\n{traceback.format_exc()}")
            answer = False, error
        connection.send(answer)


def _receive(connection: Connection, requests: "queue.SimpleQueue[bytes]") -> None:
    """Queue requests; once the pipe is closed, end the process, even during a fit."""
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


def _warm_up(name: str) -> None:
    """Fit a small data set cold and warm, so that everything is imported and compiled."""
    X = np.random.default_rng(0).normal(size=(64, 8)).astype(np.float32)
    config = projection_spec(name).load()()
    config.fit(X, init=config.fit(X))


if __name__ == "__main__":
    answer_requests(int(sys.argv[1]))

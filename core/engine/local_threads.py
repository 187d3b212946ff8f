"""Work on single tracks in threads: decoding and transforms release the interpreter's lock."""

import os
from collections.abc import Callable, Generator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from typing import TypeVar

from core.engine.attempt import Failed, attempt

T = TypeVar("T")
R = TypeVar("R")

AHEAD = 4
"""Items that wait, run or are finished for each thread, so that a killed process loses few."""


def run_in_threads(
    work: Callable[[T], R],
    items: Mapping[str, T],
    reports: tuple[type[Exception], ...],
    n_threads: int | None = None,
) -> Generator[tuple[str, R | Failed], None, None]:
    """Yield results as completed, see :func:`core.engine.engine.run_each`."""
    n_threads = n_threads or os.cpu_count() or 1
    pool = ThreadPoolExecutor(n_threads)
    waiting = iter(items.items())
    running: dict[Future, str] = {}

    def start(n: int) -> None:
        for name, item in islice(waiting, n):
            running[pool.submit(attempt, work, item, reports)] = name

    try:
        start(AHEAD * n_threads)
        while running:
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                name = running.pop(future)
                start(1)
                yield name, future.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)

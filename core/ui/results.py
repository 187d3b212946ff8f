"""What Explore has computed so far: made once, in the background, and kept in memory for every visitor of this server.

:func:`core.pipeline` and the store decide what a result is; here it is only decided that nobody waits for one
twice, and that a page can ask "is it there yet?".
"""

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor, TimeoutError, wait
from threading import Lock

import streamlit as st

from core import collection as collections
from core import store
from core.collection import Collection
from core.errors import Cancelled

LANES = {"now": 2, "layouts": 2, "scores": 1}
"""Threads per lane."""

KEPT = 200
"""Results held in memory; older ones come from the store again."""


class Results:
    """Futures by key, the longest unused dropped first."""

    def __init__(self):
        self._lock = Lock()
        self._futures: OrderedDict[tuple, Future] = OrderedDict()
        # What a person waits for must not queue behind what may follow later.
        self._pools = {lane: ThreadPoolExecutor(n, thread_name_prefix=lane) for lane, n in LANES.items()}

    def begin(self, key: tuple, work: Callable, lane: str = "now") -> Future:
        """Start the work behind ``key``, or return where it stands.

        Work that failed is handed out once more, so that its reason is seen, and tried again when asked for
        after that; work that was cancelled is begun again at once.
        """
        with self._lock:
            future = self._futures.pop(key, None)
            error = future.exception() if future is not None and future.done() and not future.cancelled() else None
            if error is not None and not isinstance(error, (Cancelled, CancelledError)):
                return future
            if future is None or future.cancelled() or error is not None:
                future = self._pools[lane].submit(work)
            self._futures[key] = future
            while len(self._futures) > KEPT:
                self._futures.popitem(last=False)
        return future

    def settle(self) -> None:
        """Wait until nothing is under way; for tests and benchmarks."""
        with self._lock:
            futures = list(self._futures.values())
        wait(futures)


@st.cache_resource(show_spinner=False)
def results() -> Results:
    """Return the server's results."""
    return Results()


def within(future: Future, seconds: float):
    """Return the result if it comes within so many seconds, else None.

    Raises
    ------
    Exception
        Whatever the work raised.
    """
    try:
        return future.result(timeout=seconds)
    except TimeoutError:
        if future.done():  # the work itself ran out of some time
            raise
        return None


def version_of(name: str) -> tuple:
    """Return what changes when a collection does."""
    folder = store.root() / "collections" / name
    files = sorted(folder.glob("*")) if folder.exists() else []
    return (str(store.root()), name, *((path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in files))


def load_collection(name: str) -> Collection:
    """Return a collection, read again only when it changed."""
    return results().begin(("collection", version_of(name)), lambda: collections.load(name)).result()

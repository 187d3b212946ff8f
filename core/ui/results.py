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
from core.errors import Cancelled, SongscapeError
from core.progress import Progress

LANES = {"now": 2, "layouts": 2, "scores": 1, "fusing": 2}
"""Threads per lane."""

_WANTED = "explore-wanted"

KEPT = 200
"""Results held in memory; older ones come from the store again."""


class Results:
    """Futures by key, the longest unused dropped first."""

    def __init__(self):
        self._lock = Lock()
        self._futures: OrderedDict[tuple, Future] = OrderedDict()
        self._reports: dict[tuple, tuple[float, str]] = {}
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
                dropped, _ = self._futures.popitem(last=False)
                self._reports.pop(dropped, None)
        return future

    def report(self, key: tuple, done: int, total: int, note: str = "") -> None:
        """Keep how far the work behind ``key`` is; for the progress callable of that work."""
        self._reports[key] = (min(1.0, done / total) if total else 0.0, note)

    def report_of(self, key: tuple) -> tuple[float, str]:
        """Return the share that is done and what is being done; 0 and "" before the first report."""
        return self._reports.get(key, (0.0, ""))

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


def now_or_why(future: Future, seconds: float = 0.02):
    """Return the result if it is there, and the reason where a user can mend that it isn't."""
    try:
        return within(future, seconds), ""
    except SongscapeError as reason:
        return None, str(reason)


def is_there(future: Future) -> bool:
    """Say whether work is done; what another visitor left is not: it is begun again at the next look.

    Raises
    ------
    Exception
        Whatever else the work raised.
    """
    try:
        within(future, 0.02)
    except Cancelled:
        return False
    return future.done()


def while_wanted(what: str, key: tuple | None) -> Progress:
    """Make ``key`` what this visitor waits for, and return the progress callable of the work behind it.

    Once the visitor waits for another one of the same kind, the work ends at its next report.
    """
    wanted, held = st.session_state.setdefault(_WANTED, {}), results()
    wanted[what] = key

    def go_on(done: int, total: int, note: str = "", **figures) -> None:
        if wanted[what] != key:
            raise Cancelled("another choice was made")
        held.report(key, done, total, note)

    return go_on


def version_of(name: str) -> tuple:
    """Return what changes when a collection does."""
    folder = store.root() / "collections" / name
    files = sorted(folder.glob("*")) if folder.exists() else []
    return (str(store.root()), name, *((path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in files))


def load_collection(name: str) -> Collection:
    """Return a collection, read again only when it changed."""
    return results().begin(("collection", version_of(name)), lambda: collections.load(name)).result()

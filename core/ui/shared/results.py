"""Work that is under way: begun once, in the background, for all visitors of this server who ask for the same.

What it makes lies in the store, under keys that :mod:`core.pipeline.stages` and its neighbours make; nothing that is
done is held here.
"""

from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor, TimeoutError, wait
from threading import Lock

import streamlit as st

from core import store
from core.checkpoints.catalogue import list_checkpoints
from core.errors import Cancelled, SongscapeError
from core.progress import Progress

LANES = {"now": 2, "layouts": 2, "scores": 1, "fusing": 2, "counting": 2}
"""Threads per lane."""

_WANTED = "explore-wanted"

FAILURES = 50
"""Failures that wait to be handed out; older ones are forgotten, and the work begun anew."""


class Results:
    """Futures by key, of work that runs or that failed and has not said so yet."""

    def __init__(self):
        self._lock = Lock()
        self._running: dict[tuple, Future] = {}
        self._failed: dict[tuple, Future] = {}
        self._reports: dict[tuple, tuple[float, str]] = {}
        # What a person waits for must not queue behind what may follow later.
        self._pools = {lane: ThreadPoolExecutor(n, thread_name_prefix=lane) for lane, n in LANES.items()}

    def begin(self, key: tuple, work: Callable, lane: str = "now") -> Future:
        """Start the work behind ``key``, or return where it stands.

        Work that failed is handed out once more, so that its reason is seen, and tried again when asked for
        after that; work that was cancelled is begun again at once, and so is work that was done.
        """
        with self._lock:
            future = self._failed.pop(key, None) or self._running.get(key)
            if future is not None and not _is_given_up(future):
                return future
            future = self._running[key] = self._pools[lane].submit(work)
        future.add_done_callback(lambda ended: self._end(key, ended))
        return future

    def kept_or_begin(self, key: tuple, work: Callable, lane: str = "now") -> Future:
        """Return what ``work`` returns where the store has all of it, else as :meth:`begin`.

        A value that is kept never queues behind what is computed in its lane.
        """
        with self._lock:
            is_known = key in self._running or key in self._failed
        if not is_known:
            future = _look_up(work)
            if future is not None:
                self._reports.pop(key, None)
                return future
        return self.begin(key, work, lane)

    def _end(self, key: tuple, future: Future) -> None:
        """Let go of work that ended; a failure is kept until it was seen."""
        with self._lock:
            if self._running.get(key) is future:
                del self._running[key]
                self._reports.pop(key, None)
                if not _is_given_up(future) and future.exception() is not None:
                    self._failed[key] = future
            while len(self._failed) > FAILURES:
                del self._failed[next(iter(self._failed))]

    def report(self, key: tuple, done: int, total: int, note: str = "") -> None:
        """Keep how far the work behind ``key`` is; for the progress callable of that work."""
        self._reports[key] = (min(1.0, done / total) if total else 0.0, note)

    def report_of(self, key: tuple) -> tuple[float, str]:
        """Return the share that is done and what is being done; 0 and "" before the first report."""
        return self._reports.get(key, (0.0, ""))

    def settle(self) -> None:
        """Wait until nothing is under way; for tests and benchmarks."""
        with self._lock:
            futures = list(self._running.values())
        wait(futures)

    def __len__(self) -> int:
        """Count the futures that are held."""
        return len(self._running) + len(self._failed)


def _is_given_up(future: Future) -> bool:
    """Say whether work ended because nobody wanted it any more."""
    return future.done() and (
        future.cancelled() or isinstance(future.exception(), (Cancelled, CancelledError))
    )


def _look_up(work: Callable) -> Future | None:
    """Return what the work gives where the store has it, None where it would have to compute."""
    future = Future()
    try:
        with store.cached_only():
            future.set_result(work())
    except store.NotCached:
        return None
    except Exception as reason:
        future.set_exception(reason)
    return future


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
    return (
        str(store.root()),
        name,
        *((path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in files),
    )


def state_of(name: str) -> tuple:
    """Return what changes when a collection does, or a checkpoint that a name may mean: a model's newest one."""
    return (
        *version_of(name),
        *((checkpoint.name, checkpoint.content_or_empty) for checkpoint in list_checkpoints()),
    )

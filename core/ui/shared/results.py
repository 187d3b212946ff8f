"""Background work, started once for all visitors of this server who ask for the same.

Results are in the store, under the keys of :mod:`core.pipeline.stages`; only unfinished work is held here.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor, TimeoutError, wait
from threading import Lock
from typing import Any

import streamlit as st

from core import store
from core.access.viewer import for_same_viewer
from core.checkpoints.catalogue import list_checkpoints
from core.collection.saved import version_of
from core.errors import Cancelled, SongscapeError
from core.progress import Progress
from core.ui.shared.frame import as_sentence, friendly, plain_markdown

LANES = {"now": 2, "layouts": 2, "scores": 1, "fusing": 2, "counting": 2}
"""Threads per lane."""

_WANTED = "explore-wanted"

FAILURES = 50
"""Failures that are held until they are read; older ones are dropped, and the work is started again."""


class Results:
    """Futures by key, of work that runs, or that failed and was not read yet."""

    def __init__(self):
        self._lock = Lock()
        self._running: dict[tuple, Future] = {}
        self._failed: dict[tuple, Future] = {}
        self._reports: dict[tuple, tuple[float, str]] = {}
        # Work that a person waits for must not queue behind work for later.
        self._pools = {lane: ThreadPoolExecutor(n, thread_name_prefix=lane) for lane, n in LANES.items()}

    def begin(self, key: tuple, work: Callable, lane: str = "now") -> Future:
        """Start the work of ``key``, or return its future if it runs already.

        Failed work is returned once, so that its reason can be read, and started again on the next call;
        cancelled work and finished work are started again at once.
        """
        with self._lock:
            future = self._failed.pop(key, None) or self._running.get(key)
            if future is not None and not _is_cancelled(future):
                return future
            future = self._running[key] = self._pools[lane].submit(for_same_viewer(work))
        future.add_done_callback(lambda ended: self._end(key, ended))
        return future

    def kept_or_begin(self, key: tuple, work: Callable, lane: str = "now") -> Future:
        """Return the stored result of ``work`` if the store has all of it, else :meth:`begin` it.

        A stored value never queues behind work in its lane.
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
        """Drop work that ended; a failure is held until it is read."""
        with self._lock:
            if self._running.get(key) is future:
                del self._running[key]
                self._reports.pop(key, None)
                if not _is_cancelled(future) and future.exception() is not None:
                    self._failed[key] = future
            while len(self._failed) > FAILURES:
                del self._failed[next(iter(self._failed))]

    def report(self, key: tuple, done: int, total: int, note: str = "") -> None:
        """Record the progress of the work of ``key``."""
        self._reports[key] = (min(1.0, done / total) if total else 0.0, note)

    def report_of(self, key: tuple) -> tuple[float, str]:
        """Return the share that is done and a note; 0 and "" before the first report."""
        return self._reports.get(key, (0.0, ""))

    def settle(self) -> None:
        """Wait until nothing runs; for tests and benchmarks."""
        with self._lock:
            futures = list(self._running.values())
        wait(futures)

    def __len__(self) -> int:
        """Return the number of futures that are held."""
        return len(self._running) + len(self._failed)


def _is_cancelled(future: Future) -> bool:
    """Return whether work was cancelled."""
    return future.done() and (
        future.cancelled() or isinstance(future.exception(), (Cancelled, CancelledError))
    )


def _look_up(work: Callable) -> Future | None:
    """Return the result of work if the store has it, None if it would have to be computed."""
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
    """Return the result if it is ready within so many seconds, else None.

    Raises
    ------
    Exception
        Any error of the work.
    """
    try:
        return future.result(timeout=seconds)
    except TimeoutError:
        if future.done():  # the work itself raised it
            raise
        return None


def now_or_why(future: Future, seconds: float = 0.02):
    """Return the result or None, and the reason for a failure that a user can fix."""
    try:
        return within(future, seconds), ""
    except SongscapeError as reason:
        return None, str(reason)


def take_or_explain(future: Future, what: str) -> tuple[Any, list[Future]]:
    """Return the result, or None and what is pending; a failure that a user can fix is shown.

    Parameters
    ----------
    what : str
        Clause that begins the sentence about a failure: "the stability could not be measured".
    """
    try:
        found = within(future, 0.02)
    except Cancelled:  # by another visitor who left; the next run starts it again
        return None, [future]
    except SongscapeError as reason:
        st.caption(plain_markdown(as_sentence(f"{what}: {reason}")))
        return None, []
    return found, [] if found is not None else [future]


def is_there(future: Future) -> bool:
    """Return whether work is done; work cancelled by another visitor is not: it is started again.

    Raises
    ------
    Exception
        Any other error of the work.
    """
    try:
        within(future, 0.02)
    except Cancelled:
        return False
    return future.done()


def while_wanted(what: str, key: tuple | None) -> Progress:
    """Make ``key`` the work that this visitor waits for, and return its progress callable.

    Once the visitor waits for another key of the same kind, the work is cancelled at its next report.
    """
    wanted, running = st.session_state.setdefault(_WANTED, {}), results()
    wanted[what] = key

    def report(done: int, total: int, note: str = "", **figures) -> None:
        if wanted[what] != key:
            raise Cancelled("another choice was made")
        running.report(key, done, total, note)

    return report


def start_wanted(what: str, key: tuple, work: Callable[[Progress], Any], lane: str = "scores") -> Future:
    """Start work that this visitor waits for, see :func:`while_wanted`; ``work`` takes its progress."""
    progress = while_wanted(what, key)
    return results().kept_or_begin(key, lambda: work(progress), lane)


def show_progress(key: tuple, show: Callable[[float, str], None], every_s: float = 0.5) -> None:
    """Call ``show`` with the share that is done and a note, again and again while the page is open."""

    @st.fragment(run_every=every_s)
    def watch() -> None:
        with friendly():
            show(*results().report_of(key))

    watch()


def rerun_when_done(pending: Sequence[Future]) -> None:
    """Rerun the page as soon as a pending result is computed."""

    @st.fragment(run_every=0.4 if pending else None)
    def watch() -> None:
        if any(future.done() for future in pending):
            st.rerun()

    watch()


def state_of(name: str) -> tuple:
    """Return a key that changes when a collection does, or the checkpoints that a name may refer to."""
    return (
        *version_of(name),
        *((checkpoint.name, checkpoint.content_or_empty) for checkpoint in list_checkpoints()),
    )

"""Counting what a source holds without holding up the page: a home folder may take minutes to walk through."""

import time
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock

import streamlit as st

from core import collection as collections
from core import store
from core.ui.frame import friendly
from core.ui.results import within

FRESH_S = 60.0
"""A count older than this is made again."""
PATIENCE_S = 0.3
POLL_S = 0.7


class Counts:
    """Estimates by source, counted in threads of their own."""

    def __init__(self):
        self._lock, self._known = Lock(), {}
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="counting")

    def of(self, source: str) -> Future:
        """Return the count of a source, begun now where there is no fresh one."""
        key, now = (str(store.root()), source), time.monotonic()
        with self._lock:
            begun, future = self._known.get(key, (0.0, None))
            if future is None or (future.done() and now - begun > FRESH_S):
                begun, future = now, self._pool.submit(collections.estimate, source)
            self._known = {k: v for k, v in self._known.items() if now - v[0] < FRESH_S or not v[1].done()} | {key: (begun, future)}
        return future


@st.cache_resource(show_spinner=False)
def counts() -> Counts:
    """Return the server's counts."""
    return Counts()


def estimate_of(source: str) -> dict | None:
    """Return :func:`core.collection.estimate` of a source; None while it is being counted, which the page then says.

    Raises
    ------
    CollectionError
        When the source is none.
    """
    found = within(counts().of(source), PATIENCE_S)
    if found is None:
        _watch(source)
    return found


@st.fragment(run_every=POLL_S)
def _watch(source: str) -> None:
    """Draw the page anew once the count is there."""
    with friendly():
        if counts().of(source).done():
            st.rerun()
        st.caption(":material/hourglass: Counting the sound files here …")

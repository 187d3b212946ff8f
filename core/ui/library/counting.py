"""Counting what a source holds without holding up the page: a home folder may take minutes to walk through."""

import time
from concurrent.futures import Future

import streamlit as st

from core import collection as collections
from core import store
from core.ui.shared.frame import friendly
from core.ui.shared.results import results, within

FRESH_S = 60.0
"""A count older than this is made again."""
PATIENCE_S = 0.3
POLL_S = 0.7


_COUNTS = "library-counts"


class Counts:
    """What one visitor was told of sources, for a minute: files come and go, so a count can't be kept."""

    def __init__(self):
        self._known: dict[tuple, tuple[float, Future]] = {}

    def of(self, source: str) -> Future:
        """Return the count of a source, begun now where there is no fresh one."""
        key, now = (str(store.root()), source), time.monotonic()
        begun, future = self._known.get(key, (0.0, None))
        if future is None or (future.done() and now - begun > FRESH_S):
            begun, future = (
                now,
                results().begin(("count", *key), lambda: collections.estimate(source), "counting"),
            )
        self._known = {k: v for k, v in self._known.items() if now - v[0] < FRESH_S or not v[1].done()} | {
            key: (begun, future)
        }
        return future


def counts() -> Counts:
    """Return this visitor's counts."""
    return st.session_state.setdefault(_COUNTS, Counts())


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

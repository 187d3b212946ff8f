"""Counting the files of a source in the background: a home folder may take minutes."""

import time
from concurrent.futures import Future

import streamlit as st

from core import collection as collections
from core import store
from core.ui.shared.frame import friendly
from core.ui.shared.results import results, within

MAX_AGE_S = 60.0
"""Age after which a count is repeated."""
WAIT_S = 0.3
POLL_S = 0.7


_COUNTS = "library-counts"


class Counts:
    """The recent counts of one visitor; files come and go, so none is stored for longer."""

    def __init__(self):
        self._recent: dict[tuple, tuple[float, Future]] = {}

    def of(self, source: str) -> Future:
        """Return the count of a source, started now where there is no recent one."""
        key, now = (str(store.root()), source), time.monotonic()
        started, future = self._recent.get(key, (0.0, None))
        if future is None or (future.done() and now - started > MAX_AGE_S):
            count = results().begin(("count", *key), lambda: collections.estimate(source), "counting")
            started, future = now, count
        recent = {k: v for k, v in self._recent.items() if now - v[0] < MAX_AGE_S or not v[1].done()}
        self._recent = recent | {key: (started, future)}
        return future


def counts() -> Counts:
    """Return this visitor's counts."""
    return st.session_state.setdefault(_COUNTS, Counts())


def estimate_of(source: str) -> dict | None:
    """Return :func:`core.collection.estimate` of a source; None, with a note on the page, while it runs.

    Raises
    ------
    CollectionError
        When the source is not valid.
    """
    found = within(counts().of(source), WAIT_S)
    if found is None:
        _watch(source)
    return found


@st.fragment(run_every=POLL_S)
def _watch(source: str) -> None:
    """Run the page again once the count is done."""
    with friendly():
        if counts().of(source).done():
            st.rerun()
        st.caption(":material/hourglass: Counting the audio files …")

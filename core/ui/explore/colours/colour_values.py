"""The colours of the points: computed at once or in the background, the clusters' until they are there."""

from concurrent.futures import Future
from dataclasses import dataclass

import streamlit as st

from core import store
from core.collection.saved import version_of
from core.drawing.colouring import Colours
from core.progress import silent
from core.ui.explore.colours import colourings  # noqa: F401  enters them
from core.ui.explore.colours.colouring_spec import Subject, find_colouring
from core.ui.shared.frame import as_sentence
from core.ui.shared.prepare import is_extracted
from core.ui.shared.results import now_or_why, start_wanted

CLUSTER = "cluster"
_FOUND = "explore-colours"


@dataclass(frozen=True, eq=False)
class Found:
    """The colours to show, what they mean by name, sentences about it, and what is pending."""

    colours: Colours
    name: str
    notes: tuple[str, ...] = ()
    pending: tuple[Future, ...] = ()


def find_colours(subject: Subject, name: str) -> Found:
    """Return the colours of a name, or the clusters' with a note; shows what it costs where that is much."""
    entry, option = find_colouring(name)
    if lack := entry.lacks(subject):
        return _clusters(subject, lack)
    key = (
        "colours",
        *version_of(subject.collection.name),
        name,
        store.key_of(subject.shown.space.rows),
        *entry.depends_on(subject),
    )
    last = st.session_state.get(_FOUND)
    if last is not None and last[0] == key:
        colours = last[1]
    else:
        if entry.measures and not is_extracted(subject.collection, entry.measures, entry.title):
            return _clusters(subject, "Until it is measured, the colours are the clusters'.")

        def make(progress=silent) -> Colours:
            return entry.make(subject, option, progress)

        future = start_wanted("colours", key, make) if entry.is_slow else _done(make)
        colours, reason = now_or_why(future)
        if reason:
            return _clusters(subject, as_sentence(f"The colours could not be computed: {reason}"))
        if colours is None:
            return _clusters(subject, f"Computing the colours by {entry.title.lower()} …", future)
        st.session_state[_FOUND] = (key, colours)
    n = colours.n_unknown
    grey = f"{n:,} {'track is' if n == 1 else 'tracks are'} grey: unknown there."
    return Found(colours, name, (grey,) if n else ())


def _clusters(subject: Subject, note: str, *pending: Future) -> Found:
    """Return the colours of the clusters and why."""
    entry, option = find_colouring(CLUSTER)
    return Found(entry.make(subject, option, silent), CLUSTER, (note,), pending)


def _done(make) -> Future:
    """Return a future of what is computed at once."""
    future: Future = Future()
    try:
        future.set_result(make())
    except Exception as reason:
        future.set_exception(reason)
    return future

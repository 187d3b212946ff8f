"""What captions and transcribed lyrics share in the Library: counts by origin, samples, start of a job."""

from collections import Counter
from collections.abc import Callable

import streamlit as st

from core.collection import Collection
from core.collection.texts.written import is_made_here
from core.jobs import job as jobs

N_SAMPLES = 3
"""Texts that are shown as samples."""


def describe_origins(origins: Counter, what: str, name_of: Callable[[str], str]) -> str:
    """Describe how many tracks have a text, and from which source.

    Parameters
    ----------
    origins : Counter
        Tracks by origin, "" for those without the text.
    what : str
        "lyrics", "a caption".
    name_of : callable
        Names an origin of this application.
    """
    n = origins.total() - origins[""]
    if not n:
        return f"No track has {what} yet."
    counted: Counter[str] = Counter()
    for origin in filter(None, origins):
        counted[name_of(origin) if is_made_here(origin) else "came with the collection"] += origins[origin]
    parts = ", ".join(f"{count:,} {source}" for source, count in counted.most_common())
    return f"{n:,} of {origins.total():,} tracks have {what}: {parts}."


def choose_samples(rows: list[int]) -> list[int]:
    """Return a few rows, spread over all."""
    return rows[:: max(1, len(rows) // N_SAMPLES)][:N_SAMPLES]


def offer_replacement(collection: Collection, origins: list[str], label: str, column: str) -> bool:
    """Offer to replace texts that were made here; False where there are none."""
    return any(map(is_made_here, origins)) and st.toggle(
        label,
        key=f"library-{column}-replace-{collection.name}",
        help=f"{column.capitalize()} that came with the collection are never replaced.",
    )


def offer_start(
    collection: Collection, kind: str, title: str, *, label: str, doing: str, icon: str, ready: bool, **args
) -> None:
    """Show the button that starts a job of this kind, unless one works on the collection.

    Parameters
    ----------
    collection : Collection
    kind : str
        See :data:`core.jobs.work.WORK`.
    title : str
        Of the job.
    label, icon : str
        Of the button.
    doing : str
        What a running job does, as in "A job is … of this collection."
    ready : bool
        Whether there is something to do, and the user agreed to it.
    **args
        Of the job.
    """
    busy = jobs.running_on(collection.name, kind) is not None
    if st.button(
        label,
        type="primary",
        key=f"library-{kind}-start",
        icon=f":material/{icon}:",
        disabled=busy or not ready,
        help=f"A job is {doing} of this collection." if busy else None,
    ):
        jobs.start(kind, title, collection=collection.name, **args)
        st.rerun()

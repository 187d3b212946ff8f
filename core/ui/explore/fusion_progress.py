"""A fusion that takes longer than a page waits: computed in the background, told while it goes on, stopped when asked."""

from concurrent.futures import Future

import streamlit as st

from core.collection import Collection
from core.errors import Cancelled
from core.fusion import fusion_spec
from core.pipeline.choice import Choice
from core.pipeline.space import build_space
from core.ui.shared.frame import friendly, plain_markdown
from core.ui.shared.results import results, state_of, while_wanted, within
from core.ui.shared.url_state import put

PATIENCE_S = 0.8
"""A page waits so long before it shows a stand-in; most fusions of a thousand tracks are there by then, or in the store."""


def space_key(collection: Collection, choice: Choice) -> tuple:
    """Name a choice's representation among the results."""
    how = choice.fuser() if choice.modality == "fused" else None
    return (
        "space",
        *state_of(collection.name),
        choice.audio,
        choice.text,
        choice.text_field,
        choice.fusion,
        repr(how),
        choice.seed,
    )


def begin_fusing(collection: Collection, choice: Choice) -> tuple[tuple, Future] | None:
    """Begin a fusion that takes long, and return its key and its future; None where it is there or takes no time.

    What another choice of this visitor still waits for is dropped.

    Raises
    ------
    SongscapeError
        When these tracks can't be fused in this way.
    """
    if choice.modality != "fused" or fusion_spec(choice.fusion).takes_weight:
        while_wanted("fusing", None)
        return None
    key = space_key(collection, choice)
    go_on = while_wanted("fusing", key)
    future = results().kept_or_begin(key, lambda: build_space(collection, choice, go_on), "fusing")
    try:
        there = within(future, 0.05 if results().report_of(key)[1] else PATIENCE_S)
    except Cancelled:  # another visitor left it; whoever still wants it begins it again at the next look
        there = None
    return None if there is not None else (key, future)


def say_fusing(key: tuple) -> None:
    """Show how far a fusion is, and let it be stopped."""

    @st.fragment(run_every=0.7)
    def watch() -> None:
        with friendly():
            share, note = results().report_of(key)
            left, right = st.columns([0.85, 0.15], vertical_alignment="center")
            left.progress(
                share, text=plain_markdown(f"Fusing: {note.removeprefix('fusing ') or 'starting'} …")
            )
            right.button(
                "Stop", key="explore-stop-fusing", on_click=lambda: put("fusion", "weighted"), width="stretch"
            )

    watch()

"""A slow fusion: computed in the background, with progress and a way to stop it."""

from concurrent.futures import Future

import streamlit as st

from core.collection import Collection
from core.errors import Cancelled
from core.fusion import fusion_spec
from core.pipeline.choice import Choice
from core.pipeline.space import build_space
from core.ui.shared.frame import plain_markdown
from core.ui.shared.results import results, show_progress, start_wanted, state_of, while_wanted, within
from core.ui.shared.url_state import put

PATIENCE_S = 0.8
"""How long a page waits before it displays a replacement; fusing a thousand tracks mostly takes less."""


def space_key(collection: Collection, choice: Choice) -> tuple:
    """Return the key of a choice's representation among the results."""
    return (
        "space",
        *state_of(collection.name),
        choice.audio,
        choice.text,
        choice.text_field,
        choice.fusion,
        repr(choice.fuser() if choice.modality == "fused" else None),
        choice.seed,
    )


def start_fusing(collection: Collection, choice: Choice) -> tuple[tuple, Future] | None:
    """Start a slow fusion and return its key and future; None where it is stored or quick.

    The fusion of another choice that this visitor still waits for is cancelled.

    Raises
    ------
    SongscapeError
        When these tracks can't be fused in this way.
    """
    if choice.modality != "fused" or fusion_spec(choice.fusion).takes_weight:
        while_wanted("fusing", None)
        return None
    key = space_key(collection, choice)
    future = start_wanted("fusing", key, lambda progress: build_space(collection, choice, progress), "fusing")
    try:
        space = within(future, 0.05 if results().report_of(key)[1] else PATIENCE_S)
    except Cancelled:  # by another visitor who left; this one restarts it on the next run
        space = None
    return None if space is not None else (key, future)


def show_fusion_progress(key: tuple) -> None:
    """Show the progress of a fusion, and let the user stop it."""
    show_progress(key, _draw_progress)


def _draw_progress(share: float, note: str) -> None:
    """Draw the progress, and the button that stops the fusion."""
    left, right = st.columns([0.85, 0.15], vertical_alignment="center")
    left.progress(share, text=plain_markdown(f"Fusing: {note.removeprefix('fusing ') or 'starting'} …"))
    right.button(
        "Stop", key="explore-stop-fusing", on_click=lambda: put("fusion", "weighted"), width="stretch"
    )

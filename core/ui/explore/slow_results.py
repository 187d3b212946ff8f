"""What is slow and what the page shows meanwhile: the progress of a fusion, a preview of a layout."""

from concurrent.futures import Future
from dataclasses import replace

import numpy as np
import streamlit as st

from core import store
from core.collection import Collection
from core.errors import Cancelled
from core.fusion import fusion_spec
from core.pipeline.choice import Choice
from core.pipeline.layouts import (
    between_steps,
    has_chain,
    layout,
    layout_chain,
    layout_key,
    peek_chain,
    placeholder_layout,
    preview,
)
from core.pipeline.space import Space, build_space
from core.ui.shared.frame import plain_markdown
from core.ui.shared.results import (
    now_or_why,
    results,
    show_progress,
    start_wanted,
    state_of,
    version_of,
    while_wanted,
    within,
)
from core.ui.shared.url_state import put

PATIENCE_S = 0.8
"""How long a page waits before it displays a replacement; fusing a thousand tracks mostly takes less."""
PREVIEW_S = 0.8
"""How long a page waits for a preview."""
FIRST_S = 1.0
"""How long a first view waits for a stored layout before it falls back to principal components."""
OUTER = "explore-rerun"
"""The session's entry that asks for a run of the whole page."""
_LAYOUT, _WANTED, _PREVIEW = "explore-layout", "explore-layout-wanted", "explore-preview"


def rerun_page() -> None:
    """Rerun the page and not a fragment alone: the controls and the clusters follow."""
    st.session_state[OUTER] = True


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

    def draw(share: float, note: str) -> None:
        left, right = st.columns([0.85, 0.15], vertical_alignment="center")
        left.progress(share, text=plain_markdown(f"Fusing: {note.removeprefix('fusing ') or 'starting'} …"))
        right.button(
            "Stop", key="explore-stop-fusing", on_click=lambda: put("fusion", "weighted"), width="stretch"
        )

    show_progress(key, draw)


def current_layout(
    collection: Collection, space: Space, choice: Choice
) -> tuple[np.ndarray, str, Future | None]:
    """Return positions, their projection, and the future of the requested layout while it is pending.

    Until the requested layout is computed: a preview from the layout on display, that layout itself, or
    principal components.
    """
    key = (layout_key(space, choice), choice.text_weight)
    owner = (version_of(collection.name), choice.projection, len(space.rows))
    last = st.session_state.get(_LAYOUT)
    is_same_tracks = (
        last is not None and last["owner"][0] == owner[0] and np.array_equal(last["rows"], space.rows)
    )
    future = _request(collection, space, choice, key)
    positions, reason = now_or_why(future, 0.05 if is_same_tracks else FIRST_S)
    if positions is not None:
        _remember(space, positions, owner=owner, projection=choice.projection, key=key)
        return positions, choice.projection, None
    between = between_steps(space, choice)
    if is_same_tracks and between is not None and not reason:  # where the map's slider left the points
        return between, choice.projection, future
    if is_same_tracks and last["owner"] == owner and not reason:
        moved = _previewed(space, choice, last, key)
        st.session_state[_LAYOUT] = last | {"positions": moved, "key": key}
        return moved, last["projection"], future
    if is_same_tracks:
        return last["positions"], last["projection"], future
    positions = placeholder_layout(space, choice.seed)
    _remember(space, positions, owner=(owner[0], "pca", owner[2]), projection="pca", key=key)
    return positions, "pca", future


def layouts_of_weights(
    collection: Collection, space: Space, choice: Choice, *, begin: bool
) -> tuple[np.ndarray | None, str, Future | None]:
    """Return the layouts of all text weights, or None with a note and the future that computes them.

    ``begin`` is False while the page still waits for results that matter more.
    """
    if not has_chain(space, choice):
        return None, "points move on release", None
    chain = peek_chain(space, choice)
    if chain is not None:
        return chain, "", None
    if not begin:
        return None, "maps of other weights follow", None
    key = ("chain", layout_key(space, replace(choice, text_weight=0.0)))

    def compute() -> np.ndarray:
        return layout_chain(collection, choice, lambda *report, **_: results().report(key, *report))

    future = results().begin(key, compute, "layouts")
    chain, reason = now_or_why(future)
    if reason:
        return None, f"Maps of other weights could not be computed: {reason}", None
    if chain is not None:
        return chain, "", None
    return None, f"computing maps of other weights: {results().report_of(key)[0]:.0%}", future


def _request(collection: Collection, space: Space, choice: Choice, key: tuple) -> Future:
    """Start the layout; one that this visitor requested before and that has not started is cancelled."""
    wanted = st.session_state.setdefault(_WANTED, {})
    outdated = wanted.get("layout")
    if outdated is not None and wanted.get("layout-key") != key:
        outdated.cancel()  # a running one goes on and is stored
    future = results().kept_or_begin(("layout", *key), lambda: layout(collection, space, choice), "layouts")
    wanted |= {"layout": future, "layout-key": key}
    return future


def _remember(space: Space, positions: np.ndarray, *, owner: tuple, projection: str, key: tuple) -> None:
    """Store the layout on display in the session."""
    st.session_state[_LAYOUT] = {
        "owner": owner,
        "rows": space.rows,
        "positions": positions,
        "projection": projection,
        "key": key,
    }


def _previewed(space: Space, choice: Choice, last: dict, key: tuple) -> np.ndarray:
    """Return a preview that starts from the positions on display if it comes soon, else those positions."""
    if last["key"] == key:
        return last["positions"]
    preview_key = (*key, store.key_of(last["positions"]))
    running = st.session_state.get(_PREVIEW)
    if running is None or running[0] != preview_key:  # per visitor and not stored: it depends on the path
        future = results().begin(
            ("preview", *preview_key), lambda: preview(space, choice, last["positions"]), "layouts"
        )
        running = (preview_key, future)
    st.session_state[_PREVIEW] = running
    moved, _ = now_or_why(running[1], PREVIEW_S)
    if running[1].done():
        del st.session_state[_PREVIEW]
    return last["positions"] if moved is None else moved

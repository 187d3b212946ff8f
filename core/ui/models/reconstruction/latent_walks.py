"""Walks through a model's latents on the Models page: decoded, shown and played, with the nearest tracks."""

from collections.abc import Callable

import streamlit as st

from core.checkpoints.catalogue import Checkpoint
from core.collection import Collection
from core.reconstruction.audio_renders import render_wav
from core.reconstruction.latent_walk import Step, Walk, decode_under_labels, interpolate, sweep
from core.reconstruction.track_input import row_of
from core.ui.models.reconstruction.spectrogram import range_of, spectrogram_figure
from core.ui.models.reconstruction.track_choice import choose_other_track
from core.ui.shared.frame import plain_markdown
from core.ui.shared.player import play_list

RECONSTRUCTION, DIMENSION, BETWEEN, LABELS = (
    "Reconstruction",
    "Along a dimension",
    "Between two tracks",
    "Under every label",
)


def choose_walk(checkpoint: Checkpoint) -> str:
    """Choose what is decoded: the track itself or a walk."""
    offers = [RECONSTRUCTION, DIMENSION, BETWEEN]
    offers += [LABELS] if checkpoint.meta.get("sees_labels") else []
    return st.segmented_control(
        "Decode",
        offers,
        default=RECONSTRUCTION,
        required=True,
        key=f"listen-walk-{checkpoint.name}",
        help="The track's latent; the latent with one **dimension** varied around its mean; latents on the "
        "line **between** two tracks; for a conditional model the same latent under **every label**.",
    )


def show_walk(checkpoint: Checkpoint, collection: Collection, track_id: str, kind: str) -> None:
    """Choose the rest of a walk and show it."""
    make = {DIMENSION: _along, BETWEEN: _between, LABELS: _under_labels}[kind]
    chosen = make(checkpoint, collection, track_id)
    if chosen is None:
        return
    with st.spinner("Computing …"):
        walk = chosen()
    _show_steps(walk)
    st.caption(
        "A track's latent is the mean over its crops. Below: the track whose latent is nearest to each step, "
        "with the distance in mean deviations of a dimension."
    )
    play_list(_nearest(collection, walk), key=f"listen-nearest-{checkpoint.name}")


def _along(checkpoint: Checkpoint, collection: Collection, track_id: str) -> Callable[[], Walk]:
    """Choose a dimension."""
    n = int(checkpoint.meta.get("latent_dim") or 1)
    dimension = st.number_input(
        "Dimension", 1, n, 1, key=f"listen-dimension-{checkpoint.name}", help=f"Of the latent, from 1 to {n}."
    )
    return lambda: sweep(collection, checkpoint, track_id, int(dimension) - 1)


def _between(checkpoint: Checkpoint, collection: Collection, track_id: str) -> Callable[[], Walk] | None:
    """Choose the other track; None where there is none."""
    other = choose_other_track(collection, checkpoint, track_id)
    if other is None:
        st.caption("There is no other track.")
        return None
    return lambda: interpolate(collection, checkpoint, track_id, other)


def _under_labels(checkpoint: Checkpoint, collection: Collection, track_id: str) -> Callable[[], Walk]:
    """Return the walk over the labels."""
    return lambda: decode_under_labels(collection, checkpoint, track_id)


def _show_steps(walk: Walk) -> None:
    """Show spectrograms side by side, five in a row, and their audio."""
    bounds = range_of(walk.scale.to_db(walk.steps[len(walk.steps) // 2].decoded))
    with st.spinner("Computing audio …"):
        sounds = render_wav(walk, [step.name for step in walk.steps])
    for first in range(0, len(walk.steps), 5):
        row = walk.steps[first : first + 5]
        for step, column in zip(row, st.columns(5, gap="small")):
            with column:
                st.markdown(f"**{plain_markdown(step.name)}**")
                figure = spectrogram_figure(walk.scale.to_db(step.decoded), walk.scale, bounds)
                config = {"displayModeBar": False}
                st.plotly_chart(figure, key=f"listen-step-{step.name}", config=config)
                st.audio(sounds[step.name], format="audio/wav")


def _nearest(collection: Collection, walk: Walk) -> list[dict]:
    """Return the nearest tracks in the order of the steps, with these and the distance in their titles."""
    steps: dict[str, list[Step]] = {}
    for step in walk.steps:
        steps.setdefault(step.nearest, []).append(step)
    rows = []
    for track_id, near in steps.items():
        track = collection.tracks.iloc[row_of(collection, track_id)].to_dict()
        at = ", ".join(f"{step.name} ({step.distance:.1f})" for step in near)
        rows.append(track | {"title": f"{at}: {track['title'] or 'Untitled'}"})
    return rows

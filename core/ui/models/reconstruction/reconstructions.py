"""Reconstructions of a checkpoint: a track beside its reconstruction, as charts, errors and audio."""

import streamlit as st

from core import collection as collections
from core.checkpoints.catalogue import Checkpoint
from core.collection import Collection
from core.errors import CollectionError
from core.features.concatenation import components
from core.features.table_columns import Table
from core.inputs.input_names import DATA_KINDS, is_joint, parts_of
from core.models import MODELS, model_spec
from core.reconstruction import reconstruction_kind
from core.reconstruction.audio_renders import render_wav
from core.reconstruction.inpaint import MAX_MASK_RATIO, MIN_MASK_RATIO, Inpainting, inpaint
from core.reconstruction.reconstruct import reconstruct, reconstruct_joint
from core.reconstruction.reconstruction import Reconstruction
from core.reconstruction.track_input import row_of
from core.representation.resolve import resolve
from core.ui.models.reconstruction.latent_walks import RECONSTRUCTION, choose_walk, show_walk
from core.ui.models.reconstruction.reconstruction_texts import (
    ABOUT,
    METHOD,
    NO_AUDIO,
    OWN_LEVEL,
    TITLES,
    describe_inpainting,
    describe_reconstruction,
)
from core.ui.models.reconstruction.spectrogram import MAX_BARS, range_of, spectrogram_figure, vector_figure
from core.ui.models.reconstruction.track_choice import choose_crop, choose_track, has_spectrograms
from core.ui.shared.fields.wording import title_of_input
from core.ui.shared.frame import friendly, lazy_section, plain_markdown


def show_reconstructions(checkpoint: Checkpoint, collection: str) -> None:
    """Show a section with reconstructions, or why there are none; nothing is computed until it is opened.

    Parameters
    ----------
    checkpoint : Checkpoint
    collection : str
        Name of the collection that it was trained on, in the library or not.
    """
    if checkpoint.model not in MODELS:
        return
    kind = reconstruction_kind(checkpoint.model)
    if not kind:
        st.caption(plain_markdown(f"No reconstructions: {model_spec(checkpoint.model).without_decoder}."))
        return
    lazy_section(TITLES[kind], "graphic_eq", "models-listen", lambda: _show(checkpoint, collection, kind))


@st.fragment
def _show(checkpoint: Checkpoint, name: str, kind: str) -> None:
    """Choose a track, and show and play its reconstruction."""
    with friendly():
        st.caption(plain_markdown(ABOUT[kind]))
        if name not in collections.names():
            raise CollectionError(
                f"the collection it was trained on{f', {name},' if name else ''} is not in the library; add "
                "it there to see reconstructions"
            )
        collection = collections.load(name)
        wide, narrow = st.columns([0.7, 0.3], gap="medium")
        with wide:
            track_id = choose_track(collection, checkpoint)
        if track_id is None:
            return
        with narrow:
            crop = 0 if kind == "reconstruct-joint" else choose_crop(checkpoint, collection)
        show_kind = {
            "inpaint": _show_inpainted,
            "reconstruct": _show_reconstruction,
            "reconstruct-joint": _show_both,
        }[kind]
        show_kind(checkpoint, collection, track_id, crop)


def _show_inpainted(checkpoint: Checkpoint, collection: Collection, track_id: str, crop: int) -> None:
    """Choose the mask, then show the original, the masked and the inpainted spectrogram."""
    usual = float((checkpoint.meta.get("config") or {}).get("audio_mask_ratio", 0.5))
    wide, narrow = st.columns([0.7, 0.3], vertical_alignment="bottom", gap="medium")
    ratio = wide.slider(
        "Mask ratio",
        MIN_MASK_RATIO,
        MAX_MASK_RATIO,
        min(MAX_MASK_RATIO, max(MIN_MASK_RATIO, usual)),
        0.05,
        format="percent",
        key=f"listen-ratio-{checkpoint.name}",
        help=f"Share of patches that are masked; {usual:.0%} in training.",
    )
    if narrow.button("New mask", icon=":material/casino:", key="listen-again"):
        st.session_state["listen-seed"] = st.session_state.get("listen-seed", 0) + 1
    with_text = False
    if is_joint(checkpoint.input) and collection.texts()[row_of(collection, track_id)]:
        with_text = st.toggle(
            "Include the text",
            value=True,
            key="listen-words",
            help="The model also sees the track's text, masked as in training. It was trained with text, so "
            "without it the result may be worse.",
        )
    with st.spinner("Computing …"):
        found = inpaint(
            collection,
            checkpoint,
            track_id,
            crop=crop,
            mask_ratio=round(ratio, 2),
            seed=st.session_state.get("listen-seed", 0),
            with_text=with_text,
        )
    st.markdown(describe_inpainting(found))
    _show_sounds(
        found,
        {"original": "Original", "masked": f"{found.mask.mean():.0%} masked", "restored": "Inpainted"},
    )


def _show_reconstruction(checkpoint: Checkpoint, collection: Collection, track_id: str, crop: int) -> None:
    """Show the original beside its reconstruction, also under another label, or a walk."""
    if has_spectrograms(checkpoint):
        walk = choose_walk(checkpoint)
        if walk != RECONSTRUCTION:
            show_walk(checkpoint, collection, track_id, walk)
            return
    other = None
    if checkpoint.meta.get("sees_labels"):
        own = collection.tracks["label"].iloc[row_of(collection, track_id)]
        others = [label for label in checkpoint.meta.get("labels") or [] if label != own]
        other = (
            st.selectbox(
                "Same z, label",
                others,
                key=f"listen-label-{checkpoint.name}",
                help="Decodes the same latent with another label.",
            )
            if others
            else None
        )
    with st.spinner("Computing …"):
        found = reconstruct(collection, checkpoint, track_id, crop=crop, label=other)
    if found.scale is None:
        _show_vector(found, collection, checkpoint, checkpoint.modalities[0])
        return
    st.markdown(describe_reconstruction(found))
    names = {
        "original": "Original",
        "reconstructed": f"Reconstructed as {found.label}" if found.label else "Reconstructed",
    }
    if found.relabelled is not None:
        names["relabelled"] = f"Same z, label {found.other_label}"
    if not found.has_own_label:
        st.caption(plain_markdown(f"This track has no label of the training data, so {found.label} is used."))
    _show_sounds(found, names)


def _show_both(checkpoint: Checkpoint, collection: Collection, track_id: str, crop: int) -> None:
    """Show the vectors of audio and text beside those decoded from their common latent."""
    with st.spinner("Computing …"):
        found = reconstruct_joint(collection, checkpoint, track_id)
    for part, one in found.items():
        st.markdown(f"**{plain_markdown(title_of_input(parts_of(checkpoint.input)[part]))}**")
        _show_vector(one, collection, checkpoint, part)


def _show_sounds(found: Inpainting | Reconstruction, names: dict[str, str]) -> None:
    """Show spectrograms side by side, then their audio as soon as it is computed."""
    bounds = range_of(found.scale.to_db(found.original))
    columns = dict(zip(names, st.columns(len(names), gap="medium")))
    for side, column in columns.items():
        with column:
            st.markdown(f"**{plain_markdown(names[side])}**")
            figure = spectrogram_figure(found.scale.to_db(getattr(found, side)), found.scale, bounds)
            st.plotly_chart(figure, key=f"listen-picture-{side}", config={"displayModeBar": False})
    with st.spinner("Computing audio …"):
        sounds = render_wav(found, names)
    for side, column in columns.items():
        column.audio(sounds[side], format="audio/wav")
    low, high = bounds
    own = f" {OWN_LEVEL}" if found.scale.is_per_crop else ""
    st.caption(
        plain_markdown(
            f"All share one colour scale, from {_db(low)} and below (dark) to {_db(high)} (bright). "
            f"{METHOD}{own}"
        )
    )


def _db(value: float) -> str:
    """Format decibels with a minus sign."""
    return f"{value:.0f} dB".replace("-", "−")


def _show_vector(
    found: Reconstruction, collection: Collection, checkpoint: Checkpoint, modality: str
) -> None:
    """Show a vector beside its reconstruction, and why it can't be played."""
    st.markdown(describe_reconstruction(found))
    extractor, _ = resolve(collection, str(checkpoint.path), modality)
    names = _dimension_names(extractor, collection, found.original.size)
    st.plotly_chart(
        vector_figure(*found.in_z_scores(), names, "z-score" if found.is_z_scored else "value"),
        key=f"listen-vector-{modality}",
        config={"displayModeBar": False},
    )
    some = f"The {MAX_BARS} of {len(names):,} dimensions that differ most. " if len(names) > MAX_BARS else ""
    st.caption(plain_markdown(some + NO_AUDIO[DATA_KINDS[components(extractor)[0].reads]]))


def _dimension_names(extractor, collection: Collection, n: int) -> list[str]:
    """Return names of a vector's dimensions: a table's columns, else numbers from 1."""
    if isinstance(extractor, Table):
        fate = extractor.inspect(collection.table)
        return [str(column) for column in fate.loc[fate["used"], "column"]]
    return [str(number) for number in range(1, n + 1)]

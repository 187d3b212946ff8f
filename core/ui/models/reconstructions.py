"""Listening to a model: a track as it draws it, beside the original, in pictures, numbers and sound."""

from collections import Counter

import pandas as pd
import streamlit as st

from core import collection as collections
from core.checkpoints.catalogue import Checkpoint
from core.collection import Collection
from core.errors import CollectionError
from core.features.table_columns import Table
from core.inputs.input_names import DATA_KINDS, data_kinds_of, is_joint, parts_of
from core.models import MODELS
from core.reconstruction import what_it_draws, why_it_draws_nothing
from core.reconstruction.audio_renders import sounds_of
from core.reconstruction.inpaint import LEAST, MOST, Inpainted, inpaint
from core.reconstruction.reconstruct import Redrawn, redraw, redraw_both
from core.reconstruction.track_input import row_of
from core.representation.resolve import resolve
from core.ui.models.spectrogram import MOST_BARS, range_of, spectrogram_figure, vector_figure
from core.ui.shared.frame import friendly, plain_markdown
from core.ui.shared.wording import title_of_input

MANY = 500
"""With more tracks than this a search box narrows the list first: browsers choke on longer ones."""
ABOUT = {
    "inpaint": "Patches of a spectrogram are hidden from the model, and it draws what it expects there.",
    "redraw": "The model squeezes a track into its latent and draws it again from that alone: what is "
    "missing then, the latent doesn't know.",
    "redraw-both": "The model squeezes a track's sound and words into one latent and draws both again from "
    "that alone.",
}
HOW_HEARD = (
    "All are made audible from their spectrograms in the same way (inverse mel, Griffin–Lim), the original "
    "too: what differs is the "
    "model's doing. All play with the same gain."
)
OWN_LEVEL = (
    "The model reads every crop at the same level and contrast; to be heard, all take those of the "
    "crop itself."
)
UNHEARD = {
    "audio": "These numbers sum up a whole track; what sounds when is no longer in them, so there is "
    "nothing to hear.",
    "numeric columns": "These numbers come from a table, and nothing says how a sound would be made from them, so "
    "there is nothing to hear.",
    "text": "These numbers stand for words, so there is nothing to hear.",
}
"""Why a vector is shown and not played, by what it was read from."""
SPECTROGRAMS = ("mel", "clip", "fbank")


def show_listening(checkpoint: Checkpoint, collection: str) -> None:
    """Draw a fold in which one listens to a checkpoint, or say why there is nothing; computes nothing until it is opened.

    Parameters
    ----------
    collection : str
        Name of the collection that it learnt from, there or not.
    """
    if checkpoint.model not in MODELS:
        return
    kind = what_it_draws(checkpoint.model)
    if not kind:
        st.caption(
            plain_markdown(
                f"There is nothing to listen to: {why_it_draws_nothing(checkpoint.model)}, so it draws no "
                "track."
            )
        )
        return
    fold = st.expander(
        "Listen to the model", icon=":material/hearing:", key="models-listen", on_change="rerun"
    )
    if fold.open:
        with fold:
            _listen(checkpoint, collection, kind)


@st.fragment
def _listen(checkpoint: Checkpoint, name: str, kind: str) -> None:
    """Let a track be chosen, and show and play what the model makes of it."""
    with friendly():
        st.caption(plain_markdown(ABOUT[kind]))
        if name not in collections.names():
            raise CollectionError(
                f"the collection it learnt from, {name or 'which it does not name'}, is not here; add it in "
                "the Library to listen"
            )
        collection = collections.load(name)
        wide, narrow = st.columns([0.7, 0.3], gap="medium")
        with wide:
            track_id = _choose_track(collection, checkpoint)
        if track_id is None:
            return
        with narrow:
            crop = 0 if kind == "redraw-both" else _choose_crop(checkpoint, collection)
        show = {"inpaint": _show_inpainted, "redraw": _show_redrawn, "redraw-both": _show_both}[kind]
        show(checkpoint, collection, track_id, crop)


def _choose_track(collection: Collection, checkpoint: Checkpoint) -> str | None:
    """Return the id of the track that is chosen, at first the first that has what the model reads; None where a search finds none."""
    tracks = collection.tracks
    things = set(data_kinds_of(checkpoint.input).values())
    if things == {"audio"} or what_it_draws(checkpoint.model) == "inpaint":
        tracks = tracks[tracks["path"] != ""]
    elif things == {"text"}:
        tracks = tracks[[bool(text) for text in collection.texts()]]
    names = _names_of_tracks(tracks)
    if not names:
        raise CollectionError(
            f"no track of {collection.name} has what {checkpoint.name} reads: {' and '.join(sorted(things))}"
        )
    if len(names) > MANY:
        asked = (
            st.text_input(
                "Find a track",
                key=f"listen-find-{collection.name}",
                icon=":material/search:",
                placeholder="a part of its title or artist",
            )
            .strip()
            .lower()
        )
        names = dict([(i, name) for i, name in names.items() if asked in name.lower()][:MANY])
    if not names:
        st.caption("No title or artist has that in it.")
        return None
    return st.selectbox("Track", list(names), format_func=names.get, key=f"listen-track-{collection.name}")


def _names_of_tracks(tracks: pd.DataFrame) -> dict[str, str]:
    """Return "title – artist" by track id; tracks of the same name are counted, because a list finds its rows by their names."""
    counted, names = Counter(), {}
    for track_id, title, artist in zip(tracks["track_id"], tracks["title"], tracks["artist"]):
        name = " – ".join(part for part in (title or "Untitled", artist) if part)
        counted[name] += 1
        names[track_id] = f"{name} ({counted[name]})" if counted[name] > 1 else name
    return names


def _choose_crop(checkpoint: Checkpoint, collection: Collection) -> int:
    """Return which crop of the track is shown; asks where there are several."""
    extractor, _ = resolve(collection, str(checkpoint.path), checkpoint.modalities[0])
    n_crops = extractor.n_crops if extractor.name in SPECTROGRAMS else 1
    if n_crops < 2:
        return 0
    return st.segmented_control(
        "Crop",
        range(n_crops),
        default=0,
        required=True,
        format_func=lambda i: f"{i + 1} of {n_crops}",
        key=f"listen-crop-{n_crops}",
    )


def _show_inpainted(checkpoint: Checkpoint, collection: Collection, track_id: str, crop: int) -> None:
    """Ask what is hidden, then show the original, what is left of it and what the model made of that."""
    usual = float((checkpoint.meta.get("config") or {}).get("audio_mask_ratio", 0.5))
    wide, narrow = st.columns([0.7, 0.3], vertical_alignment="bottom", gap="medium")
    ratio = wide.slider(
        "Share that is hidden",
        LEAST,
        MOST,
        min(MOST, max(LEAST, usual)),
        0.05,
        format="percent",
        key=f"listen-ratio-{checkpoint.name}",
        help=f"It learnt with {usual:.0%} hidden.",
    )
    if narrow.button("Another mask", icon=":material/casino:", key="listen-again"):
        st.session_state["listen-seed"] = st.session_state.get("listen-seed", 0) + 1
    with_words = False
    if is_joint(checkpoint.input) and collection.texts()[row_of(collection, track_id)]:
        with_words = st.toggle(
            "Show it the words too",
            value=True,
            key="listen-words",
            help="The track's words, as many of them as in training. It learnt to draw beside words; "
            "without any it may do worse.",
        )
    seed = st.session_state.get("listen-seed", 0)
    with st.spinner("Drawing …"):
        found = inpaint(
            collection,
            checkpoint,
            track_id,
            crop=crop,
            mask_ratio=round(ratio, 2),
            seed=seed,
            with_words=with_words,
        )
    st.markdown(inpainted_in_words(found))
    _show_sounds(
        found, {"original": "Original", "masked": f"{found.hidden.mean():.0%} hidden", "restored": "Restored"}
    )


def _show_redrawn(checkpoint: Checkpoint, collection: Collection, track_id: str, crop: int) -> None:
    """Show the original beside what the model draws, and the same z under another label where it takes labels."""
    other = None
    if checkpoint.meta.get("sees_labels"):
        own = collection.tracks["label"].iloc[row_of(collection, track_id)]
        others = [label for label in checkpoint.meta.get("labels") or [] if label != own]
        other = (
            st.selectbox(
                "The same z as",
                others,
                key=f"listen-label-{checkpoint.name}",
                help="The latent stays as it is; only the label that the decoder is told is another one.",
            )
            if others
            else None
        )
    with st.spinner("Drawing …"):
        found = redraw(collection, checkpoint, track_id, crop=crop, label=other)
    if found.scale is None:
        _show_vector(found, collection, checkpoint, checkpoint.modalities[0])
        return
    st.markdown(redrawn_in_words(found))
    names = {"original": "Original", "redrawn": f"Redrawn as {found.label}" if found.label else "Redrawn"}
    if found.relabelled is not None:
        names["relabelled"] = f"The same z as {found.other_label}"
    if not found.has_own_label:
        st.caption(
            plain_markdown(f"This track has no label that the model knows, so {found.label} stands in.")
        )
    _show_sounds(found, names)


def _show_both(checkpoint: Checkpoint, collection: Collection, track_id: str, crop: int) -> None:
    """Show the vectors of sound and words beside those drawn from their one latent."""
    with st.spinner("Drawing …"):
        found = redraw_both(collection, checkpoint, track_id)
    for part, one in found.items():
        st.markdown(f"**{plain_markdown(title_of_input(parts_of(checkpoint.input)[part]))}**")
        _show_vector(one, collection, checkpoint, part)


def _show_sounds(found: Inpainted | Redrawn, names: dict[str, str]) -> None:
    """Draw pictures side by side, then their sounds below them as soon as they are made."""
    bounds = range_of(found.scale.to_db(found.original))
    columns = dict(zip(names, st.columns(len(names), gap="medium")))
    for side, column in columns.items():
        with column:
            st.markdown(f"**{plain_markdown(names[side])}**")
            figure = spectrogram_figure(found.scale.to_db(getattr(found, side)), found.scale, bounds)
            st.plotly_chart(figure, key=f"listen-picture-{side}", config={"displayModeBar": False})
    with st.spinner("Making it audible …"):
        sounds = sounds_of(found, names)
    for side, column in columns.items():
        column.audio(sounds[side], format="audio/wav")
    low, high = bounds
    own = f" {OWN_LEVEL}" if found.scale.is_own else ""
    st.caption(
        plain_markdown(
            f"Dark is quiet ({_db(low)} and less), bright is loud ({_db(high)}), in all alike. "
            f"{HOW_HEARD}{own}"
        )
    )


def _db(value: float) -> str:
    """Write decibels with a true minus."""
    return f"{value:.0f} dB".replace("-", "−")


def _show_vector(found: Redrawn, collection: Collection, checkpoint: Checkpoint, modality: str) -> None:
    """Show a vector's numbers beside those redrawn, and say why they can't be heard."""
    st.markdown(redrawn_in_words(found))
    extractor, _ = resolve(collection, str(checkpoint.path), modality)
    names = _names_of(extractor, collection, found.original.size)
    unit = "deviations from the mean" if found.is_z_scored else "value"
    st.plotly_chart(
        vector_figure(*found.in_z_scores(), names, unit),
        key=f"listen-vector-{modality}",
        config={"displayModeBar": False},
    )
    some = (
        f"The {MOST_BARS} of {len(names):,} numbers that change the most. " if len(names) > MOST_BARS else ""
    )
    st.caption(plain_markdown(some + UNHEARD[DATA_KINDS[extractor.reads]]))


def _names_of(extractor, collection: Collection, n: int) -> list[str]:
    """Name a vector's dimensions: a table's columns, else numbers from 1."""
    if isinstance(extractor, Table):
        fate = extractor.inspect(collection.table)
        return [str(column) for column in fate.loc[fate["used"], "column"]]
    return [str(number) for number in range(1, n + 1)]


def inpainted_in_words(found: Inpainted) -> str:
    """Say how far the restored patches are off, and how far guesses without a model are."""
    unit = " (in natural logarithms of energy)" if found.scale.is_natural else ""
    said = (
        f"On the hidden patches the mean squared error is **{found.mse:.3g}**{unit}, which is "
        f"{found.rms_db:.1f} dB (root mean square). Without a model, the "
        f"mean of the visible patches gives {found.control_mse:.3g}, and the mean of those at the same "
        f"pitch {found.band_mse:.3g}."
    )
    beaten = [found.mse < guess for guess in (found.control_mse, found.band_mse)]
    if all(beaten):
        return said
    return (
        f"{said} Here the model beats "
        f"{'neither' if not any(beaten) else 'only the first' if beaten[0] else 'only the second'} of "
        "the two."
    )


def redrawn_in_words(found: Redrawn) -> str:
    """Say how far a drawing is off, and how far one is that knows nothing of z."""
    if found.scale is not None:
        unit, db = (
            (" (the crop's variance is 1)" if found.scale.is_own else ""),
            f", which is {found.rms_db:.1f} dB (root mean square)",
        )
        guess = "A still picture, each pitch at its mean over the crop,"
    else:
        unit, db = (" in z-scores" if found.is_z_scored else ""), ""
        guess = (
            "The mean of the tracks it learnt from"
            if found.deviations is not None
            else "One number for all, their mean,"
        )
    said = f"The mean squared error is **{found.mse:.3g}**{unit}{db}. {guess} gives {found.control_mse:.3g}."
    return (
        said
        if found.mse < found.control_mse
        else f"{said} So what the latent keeps of this track is no better than that."
    )

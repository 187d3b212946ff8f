"""The choice of a track, and of a crop of it, for a checkpoint."""

from collections import Counter

import pandas as pd
import streamlit as st

from core.checkpoints.catalogue import Checkpoint
from core.collection import Collection
from core.errors import CollectionError
from core.features import kind_of_name
from core.inputs.input_names import needed_kinds, parts_of
from core.reconstruction import reconstruction_kind
from core.representation.resolve import resolve

MAX_LISTED = 500
"""With more tracks than this a search filters the list first: browsers are slow with longer ones."""
SPECTROGRAMS = ("mel", "clip", "fbank")


def choose_track(collection: Collection, checkpoint: Checkpoint) -> str | None:
    """Choose a track that has the checkpoint's input; None where a search finds none.

    Raises
    ------
    CollectionError
        When no track has that input.
    """
    tracks = collection.tracks
    kinds = set(needed_kinds(checkpoint.input))
    if kinds == {"audio"} or reconstruction_kind(checkpoint.model) == "inpaint":
        tracks = tracks[tracks["path"] != ""]
    elif kinds == {"text"}:
        tracks = tracks[[bool(text) for text in collection.texts()]]
    names = name_tracks(tracks)
    if not names:
        raise CollectionError(
            f"no track of {collection.name} has the input of {checkpoint.name}: {' and '.join(sorted(kinds))}"
        )
    if len(names) > MAX_LISTED:
        query = (
            st.text_input(
                "Find a track",
                key=f"listen-find-{collection.name}",
                icon=":material/search:",
                placeholder="part of its title or artist",
            )
            .strip()
            .lower()
        )
        names = dict([(i, name) for i, name in names.items() if query in name.lower()][:MAX_LISTED])
    if not names:
        st.caption("No title or artist matches.")
        return None
    return st.selectbox("Track", list(names), format_func=names.get, key=f"listen-track-{collection.name}")


def choose_other_track(collection: Collection, checkpoint: Checkpoint, track_id: str) -> str | None:
    """Choose a second track with audio, at most :data:`MAX_LISTED` of them; None where there is none."""
    tracks = collection.tracks
    others = tracks[(tracks["path"] != "") & (tracks["track_id"] != track_id)].head(MAX_LISTED)
    names = name_tracks(others)
    if not names:
        return None
    key = f"listen-other-{checkpoint.name}"
    return st.selectbox("Other track", list(names), format_func=names.get, key=key)


def name_tracks(tracks: pd.DataFrame) -> dict[str, str]:
    """Return "title – artist" by track id; equal names are numbered, because a list finds rows by name."""
    counted: Counter[str] = Counter()
    names = {}
    for track_id, title, artist in zip(tracks["track_id"], tracks["title"], tracks["artist"], strict=True):
        name = " – ".join(part for part in (title or "Untitled", artist) if part)
        counted[name] += 1
        names[track_id] = f"{name} ({counted[name]})" if counted[name] > 1 else name
    return names


def has_spectrograms(checkpoint: Checkpoint) -> bool:
    """Return whether a checkpoint reads spectrograms, which can be played."""
    return any(
        kind_of_name(name) in (*SPECTROGRAMS, "mel-centre") for name in parts_of(checkpoint.input).values()
    )


def choose_crop(checkpoint: Checkpoint, collection: Collection) -> int:
    """Choose the crop of the track where the input has several; 0 otherwise."""
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

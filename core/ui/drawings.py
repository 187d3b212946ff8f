"""What models draw of tracks, computed once per choice and kept in memory; every key is small."""

from pathlib import Path

import streamlit as st

from core.checkpoints import Checkpoint
from core.listening.level import to_wav
from core.redrawing.inpaint import Inpainted, inpaint
from core.redrawing.redraw import Redrawn, redraw, redraw_both
from core.training.header import read_meta
from core.ui.results import load_collection, version_of

KEPT = 24
"""Drawings held in memory; a sound takes a third of a megabyte."""

Key = tuple[str, str, tuple]
"""A checkpoint's file, the hash of its content, and the state of a collection."""


def key_of(checkpoint: Checkpoint, collection: str) -> Key:
    """Return what a drawing depends on besides the track."""
    return str(checkpoint.path), checkpoint.content, version_of(collection)


def _open(key: Key) -> tuple:
    """Return the collection and the checkpoint of a key."""
    path, _, (_, name, *_) = key
    return load_collection(name), Checkpoint(Path(path).stem, Path(path), read_meta(Path(path)))


@st.cache_data(max_entries=KEPT, show_spinner=False)
def drawn(key: Key, track_id: str, crop: int, label: str | None) -> Redrawn:
    """Return :func:`core.redrawing.redraw.redraw`."""
    return redraw(*_open(key), track_id, crop=crop, label=label)


@st.cache_data(max_entries=KEPT, show_spinner=False)
def drawn_both(key: Key, track_id: str) -> dict[str, Redrawn]:
    """Return :func:`core.redrawing.redraw.redraw_both`."""
    return redraw_both(*_open(key), track_id)


@st.cache_data(max_entries=KEPT, show_spinner=False)
def inpainted(key: Key, track_id: str, crop: int, mask_ratio: float, seed: int, with_words: bool) -> Inpainted:
    """Return :func:`core.redrawing.inpaint.inpaint`."""
    return inpaint(*_open(key), track_id, crop=crop, mask_ratio=mask_ratio, seed=seed, with_words=with_words)


@st.cache_data(max_entries=KEPT, show_spinner=False)
def sounds_of(what: str, *choice) -> dict[str, bytes]:
    """Return the sounds of a drawing as WAV files, by name.

    Parameters
    ----------
    what : {"drawn", "inpainted"}
    choice
        What that function takes.
    """
    found = {"drawn": drawn, "inpainted": inpainted}[what](*choice)
    return {name: to_wav(y, found.scale.sr) for name, y in found.sounds().items()}

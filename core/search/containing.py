"""Tracks whose title, artist, label or text contains some words."""

import numpy as np
import pandas as pd

from core.collection import Collection

FIELDS = ("title", "artist", "album", "label", "genres", "lyrics", "caption")


def tracks_containing(collection: Collection, typed: str) -> np.ndarray:
    """Return where every typed word occurs in one of :data:`FIELDS`, shape=(n_tracks,), bool.

    Parts of words count; case does not. All False without a word.
    """
    words = typed.casefold().split()
    if not words:
        return np.zeros(collection.n_tracks, bool)
    columns = [_folded(collection.tracks[name]) for name in FIELDS if name in collection.tracks]
    found = np.ones(collection.n_tracks, bool)
    for word in words:
        found &= np.any([column.str.contains(word, regex=False) for column in columns], axis=0)
    return found


def _folded(values: pd.Series) -> pd.Series:
    """Return cells as text without case."""
    return values.fillna("").astype(str).str.casefold()

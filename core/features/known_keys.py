"""Tempo and key of tracks as far as they are known: from columns of the source, or measured before."""

import numpy as np
import pandas as pd

from core.collection import Collection
from core.features.extraction.earlier import VersionedRows
from core.features.extractors import get_extractor
from core.features.spectral.descriptors import DESCRIPTORS
from core.features.spectral.tonality import correlate_keys

TEMPO_COLUMNS = ("bpm", "tempo", "tempo_bpm", "averagebpm")
KEY_COLUMNS = ("key", "initialkey", "initial_key", "tonality", "musical_key")
TONICS = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
LEAST_STRENGTH = 0.5
"""Correlation with its best key below which a track is said to have none."""


def known_tempos(collection: Collection) -> np.ndarray:
    """Return the tempo of each track in BPM, shape=(n_tracks,); nan where it is not known."""
    found = np.full(collection.n_tracks, np.nan)
    for column in _columns(collection, TEMPO_COLUMNS):
        numbers = pd.to_numeric(column, errors="coerce").to_numpy(float)
        found = np.where(np.isnan(found), numbers, found)
    at = DESCRIPTORS.index("tempo_bpm")
    for row, values in _measured(collection).items():
        found[row] = values[at] if np.isnan(found[row]) else found[row]
    return np.where(found > 0, found, np.nan)


def known_keys(collection: Collection) -> list[str]:
    """Return the key of each track, such as "C", "F#m" or what its source says; "" where it is not known."""
    found = [""] * collection.n_tracks
    for column in _columns(collection, KEY_COLUMNS):
        texts = column.fillna("").astype(str).str.strip()
        found = [known or text for known, text in zip(found, texts)]
    for row, values in _measured(collection).items():
        found[row] = found[row] or name_key(values[len(DESCRIPTORS) :])
    return found


def name_key(chroma: np.ndarray) -> str:
    """Return the key of shares of pitch classes, shape=(12,); "" where none fits well."""
    correlations = correlate_keys(chroma)
    if correlations.max() < LEAST_STRENGTH:
        return ""
    mode, tonic = np.unravel_index(int(correlations.argmax()), correlations.shape)
    return TONICS[tonic] + ("m" if mode else "")


def _columns(collection: Collection, names: tuple[str, ...]) -> list[pd.Series]:
    """Return the columns of the source that have one of these names."""
    frames = [collection.tracks, *([] if collection.table is None else [collection.table])]
    return [
        frame[column]
        for frame in frames
        for column in frame.columns
        if str(column).strip().casefold().replace(" ", "_") in names
    ]


def _measured(collection: Collection) -> dict[int, np.ndarray]:
    """Return the descriptors that were extracted before, by position in the collection."""
    ids = collection.tracks["track_id"].tolist()
    rows = VersionedRows(get_extractor("descriptors"), ids)
    known = rows.read([i for i in ids if i in rows.ids()]) if rows.ids() else {}
    return {at: known[i] for at, i in enumerate(ids) if i in known}

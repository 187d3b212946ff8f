"""Columns of a collection that cues are read from instead of audio: own cues, descriptors, tags."""

import re

import numpy as np
import pandas as pd

from core.collection import Collection

DESCRIPTOR_COLUMNS = {
    "loudness_db": {
        "loudness": lambda x: x,
        "rms": lambda x: 20 * np.log10(x),
        "rmse": lambda x: 20 * np.log10(x),
        "rms_mean": lambda x: 20 * np.log10(x),
    },
    "onset_rate_hz": {"onset_rate": lambda x: x, "tempo": lambda x: x / 60},
    "brightness_hz": {"spectral_centroid": lambda x: x, "spectral_centroid_mean": lambda x: x},
}
"""Table columns that replace a descriptor where there is no audio, each with its conversion."""

METADATA_COLUMNS = ("title", "album", "genre", "tags", "keywords", "mood", "comment", "language")
"""Columns that may tag a track as instrumental; never the label, which weights must not depend on."""
_INSTRUMENTAL = re.compile(r"(?<!non[- ])(?<!not )\binstrumentals?\b", re.IGNORECASE)
_NO_LANGUAGE = "zxx"  # ISO 639-2: no linguistic content
MAX_INVALID_SHARE = 0.1
"""A column with a larger share of values outside [0, 1] is on another scale."""


def read_unit_column(collection: Collection, name: str) -> tuple[np.ndarray, str]:
    """Return the values in [0, 1] of a numeric column, matched case-insensitively.

    The feature table is searched first, then the tracks. Values outside [0, 1] become nan; a column with more
    than one in ten of them is on another scale and becomes nan altogether.

    Returns
    -------
    values : ndarray, shape=(n_tracks,)
        nan where unknown.
    note : str
        What was rejected, "" where nothing was.
    """
    values, column = _find_numeric(collection, name)
    invalid = np.isfinite(values) & ((values < 0) | (values > 1))
    if not invalid.any():
        return values, ""
    n, known = int(invalid.sum()), int(np.isfinite(values).sum())
    worst = values[invalid][np.abs(values[invalid] - 0.5).argmax()]
    note = f"{n} of {known} values in the column {column!r} lie outside [0, 1], for example {worst:g}"
    if n > MAX_INVALID_SHARE * known:
        return np.full(len(values), np.nan), f"{note}, so it is not used (another scale, such as percent?)"
    return np.where(invalid, np.nan, values), f"{note}, and are treated as unknown"


def read_descriptor_column(collection: Collection, term: str) -> np.ndarray:
    """Return a descriptor from the first table column that replaces it; nan where there is none."""
    for name, convert in DESCRIPTOR_COLUMNS[term].items():
        values, found = _find_numeric(collection, name)
        if found:
            with np.errstate(invalid="ignore", divide="ignore"):
                values = convert(values)
            return np.where(np.isfinite(values), values, np.nan)
    return np.full(collection.n_tracks, np.nan)


def is_tagged_instrumental(collection: Collection) -> np.ndarray:
    """Return where title, album, genre or tags mark a track as instrumental; shape=(n_tracks,), bool.

    The language code "zxx" counts too. A column that equals the label is ignored.
    """
    tracks, tagged = collection.tracks, np.zeros(collection.n_tracks, bool)
    for column in tracks:
        name = str(column).strip().casefold()
        if name not in METADATA_COLUMNS or not pd.api.types.is_string_dtype(tracks[column]):
            continue
        cells = tracks[column].fillna("").astype(str)
        if collection.labelled.any() and (cells == tracks["label"])[collection.labelled].all():
            continue
        tagged |= cells.str.contains(_INSTRUMENTAL).to_numpy(bool)
        tagged |= (name == "language") & (cells.str.strip().str.lower() == _NO_LANGUAGE).to_numpy(bool)
    return tagged


def _find_numeric(collection: Collection, name: str) -> tuple[np.ndarray, str]:
    """Return the first column of a name as numbers (nan where there is none), and its original spelling."""
    for frame in (collection.table, collection.tracks):
        for column in () if frame is None else frame.columns:
            if frame is not None and str(column).strip().casefold() == name:
                values = pd.to_numeric(frame[column], errors="coerce").to_numpy(float)
                return np.where(np.isfinite(values), values, np.nan), str(column)
    return np.full(collection.n_tracks, np.nan), ""

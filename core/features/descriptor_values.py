"""The descriptors of a collection's tracks with their units, as far as they were extracted."""

import numpy as np

from core.collection import Collection
from core.features.extraction.extract import extract_features
from core.features.extractors import get_extractor
from core.features.spectral.descriptors import DESCRIPTORS

UNITS = {"db": "dB", "bpm": "BPM", "hz": "Hz", "share": "%"}
"""Units by the last part of a descriptor's name; the others have none."""


def read_descriptor(collection: Collection, name: str) -> np.ndarray:
    """Return one descriptor per track, extracting what is missing.

    Parameters
    ----------
    name : str
        One of :data:`core.features.spectral.descriptors.DESCRIPTORS`.

    Returns
    -------
    ndarray, shape=(n_tracks,)
        In the descriptor's unit; nan for tracks whose audio can't be read, and for tracks without a tempo.

    Raises
    ------
    ConfigError
        When the collection has no audio that can be read.
    """
    features = extract_features(collection, get_extractor("descriptors"))
    values = np.full(collection.n_tracks, np.nan)
    values[features.present] = features.X[features.present, DESCRIPTORS.index(name)]
    return np.where(values > 0, values, np.nan) if name == "tempo_bpm" else values


def title_of(name: str) -> str:
    """Return the title of a descriptor without its unit.

    >>> title_of("onset_rate_hz"), title_of("flatness")
    ('Onset rate', 'Flatness')
    """
    stem, _, unit = name.rpartition("_")
    words = stem if unit in UNITS and unit != "share" else name
    return words.replace("_", " ").capitalize()


def describe(name: str, value: float) -> str:
    """Format a value of a descriptor with its unit.

    >>> describe("tempo_bpm", 118.2), describe("silence_share", 0.25), describe("flatness", 0.0312)
    ('118 BPM', '25 %', '0.0312')
    """
    unit = UNITS.get(name.rpartition("_")[2], "")
    if unit == "%":
        return f"{100 * value:.3g} %"
    number = f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return f"{number} {unit}".rstrip().replace("-", "−")

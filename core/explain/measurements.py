"""Measurements of tracks that groups and pairs are compared by: descriptors, columns, predicted tags."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.collection import Collection
from core.features.descriptor_values import UNITS, describe, read_descriptor, title_of
from core.features.spectral.descriptors import DESCRIPTORS
from core.progress import Progress, silent
from core.representation.represent import estimate, estimate_features, represent
from core.search.text_fields import NETWORKS, tag_probabilities

MOST_COLUMNS = 100
"""So many numeric columns of a table are compared at most, the first ones."""


@dataclass(frozen=True, eq=False)
class Measurement:
    """One number per track of a collection.

    Attributes
    ----------
    name, title : str
    unit : str
        "" where it has none.
    values : ndarray, shape=(n_tracks,)
        nan where unknown.
    describe : callable
        Formats a value with its unit.
    """

    name: str
    title: str
    unit: str
    values: np.ndarray
    describe: Callable[[float], str]


def missing_audio_features(collection: Collection) -> tuple[dict[str, int], float]:
    """Return how many tracks each extractor has still to read for the measurements, and the seconds."""
    if not any(collection.audio_paths()):
        return {}, 0.0
    counts = {"descriptors": estimate_features(collection, ["descriptors"])}
    counts |= {rep: estimate(collection, rep, modality="audio") for rep in NETWORKS}
    return {name: n for name, (n, _) in counts.items() if n}, sum(s for _, s in counts.values())


def read_measurements(
    collection: Collection, *, thorough: bool = True, progress: Progress = silent
) -> list[Measurement]:
    """Return the descriptors of the audio, without audio the table's numeric columns, and the durations.

    Parameters
    ----------
    thorough : bool
        Whether descriptors of tracks that were not read yet are computed; else they are left out.
    """
    found = []
    if any(collection.audio_paths()):
        if thorough or not estimate_features(collection, ["descriptors"])[0]:
            for done, name in enumerate(DESCRIPTORS):
                progress(done, len(DESCRIPTORS), "measuring descriptors")
                found.append(_descriptor(collection, name))
    elif collection.table is not None:
        for name in list(collection.table)[:MOST_COLUMNS]:
            values = collection.table[name].to_numpy(float)
            found.append(_plain(str(name), str(name), "", np.where(np.isfinite(values), values, np.nan)))
    durations = collection.tracks["duration_s"].to_numpy(float)
    if np.isfinite(durations).any():
        found.append(_plain("duration_s", "Duration", "s", durations))
    return [each for each in found if np.isfinite(each.values).any()]


def read_tags(
    collection: Collection, *, thorough: bool = True, progress: Progress = silent
) -> list[Measurement]:
    """Return the probabilities of the tags that the MusiCNN networks predict; [] without audio.

    Parameters
    ----------
    thorough : bool
        Whether tracks that a network has not read yet are read; else its tags are left out.
    """
    if not any(collection.audio_paths()):
        return []
    found: dict[str, np.ndarray] = {}
    for rep, network in NETWORKS.items():
        if not thorough and estimate(collection, rep, modality="audio")[0]:
            continue
        features = represent(collection, rep, modality="audio", progress=progress)
        names, probabilities = tag_probabilities(features.X, network)
        probabilities[~features.present] = np.nan
        for name, column in zip(names, probabilities.T):
            found.setdefault(name, column)
    return [_plain(name, name, "probability", values) for name, values in found.items()]


def _descriptor(collection: Collection, name: str) -> Measurement:
    """Return one descriptor."""
    unit = UNITS.get(name.rpartition("_")[2], "")
    return Measurement(
        name,
        title_of(name),
        "share, 0 to 1" if unit == "%" else unit,
        read_descriptor(collection, name),
        lambda value: describe(name, value),
    )


def _plain(name: str, title: str, unit: str, values: np.ndarray) -> Measurement:
    """Return a measurement whose values have three figures."""
    shown_unit = "" if unit == "probability" else f" {unit}"
    return Measurement(
        name, title, unit, values, lambda value: f"{value:.3g}{shown_unit}".rstrip().replace("-", "−")
    )

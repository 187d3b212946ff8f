"""What groups of tracks are described by, and the key of what is made of it."""

from dataclasses import dataclass

import numpy as np

from core import store
from core.collection import Collection
from core.explain.distinctive_words import WordCounts, read_words
from core.explain.groups.group_members import Neighbourhood, find_neighbourhood
from core.explain.groups.weight_distribution import text_weights_of
from core.explain.measurements import Measurement, missing_audio_features, read_measurements, read_tags
from core.pipeline.choice import Choice
from core.pipeline.space import Space
from core.pipeline.stages import reference_labels
from core.progress import Progress, silent
from core.store.hashing.source import source_hash


@dataclass(frozen=True, eq=False)
class Evidence:
    """What groups are described by; one row per track of the space."""

    truth: np.ndarray
    words: WordCounts
    near: Neighbourhood
    descriptors: list[Measurement]
    tags: list[Measurement]
    weights: np.ndarray | None


def read_evidence(
    collection: Collection, space: Space, choice: Choice, *, thorough: bool, progress: Progress = silent
) -> Evidence:
    """Read what the groups of a space are described by."""
    return Evidence(
        np.array(reference_labels(collection, space, choice.label_by), object),
        read_words(collection, space.rows, progress),
        find_neighbourhood(space.X, progress=progress),
        _at(read_measurements(collection, thorough=thorough, progress=progress), space.rows),
        _at(read_tags(collection, thorough=thorough, progress=progress), space.rows),
        text_weights_of(collection, space, choice, progress),
    )


def missing_evidence(evidence: Evidence) -> list[str]:
    """Return which of "labels", "words", "descriptors", "tags" and "text_weight" nothing is known of."""
    found = {
        "labels": any(evidence.truth),
        "words": evidence.words.n_texts,
        "descriptors": any(each.name != "duration_s" for each in evidence.descriptors),
        "tags": evidence.tags,
        "text_weight": evidence.weights is not None,
    }
    return [name for name, value in found.items() if not value]


def key_of_profiles(collection: Collection, space: Space, choice: Choice, thorough: bool) -> str:
    """Return the key of what groups of a space are described by."""
    return store.key_of(
        space.key,
        space.rows,
        collection.key_of_columns(*_columns(collection)),
        collection.coarse_labels() if choice.label_by == "coarse" else None,
        collection.key_of_table if collection.table is not None else None,
        repr(choice.fuser()) if choice.modality == "fused" else None,
        None if thorough else sorted(missing_audio_features(collection)[0].items()),
        source_hash(read_evidence),
    )


def _columns(collection: Collection) -> list[str]:
    """Return the columns that profiles read."""
    read = ("track_id", "title", "title_from", "label", "language", "lyrics", "caption", "duration_s")
    return [name for name in read if name in collection.tracks]


def _at(measurements: list[Measurement], rows: np.ndarray) -> list[Measurement]:
    """Return measurements of the tracks at some rows."""
    return [Measurement(m.name, m.title, m.unit, m.values[rows], m.describe) for m in measurements]

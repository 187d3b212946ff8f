"""Extraction of a collection's features; what is in the store is not computed again."""

from collections.abc import Callable
from typing import Any

import numpy as np

from core import store
from core.collection import Collection
from core.errors import ConfigError, TextError
from core.features.concatenation import Concatenation, components
from core.features.extraction.earlier import VersionedRows
from core.features.extraction.extract_rows import extract_files, extract_texts
from core.features.extraction.failures import read_failures
from core.features.extractor import ExtractorConfig, Features, ReadsCorpus, ReadsTable
from core.progress import Progress, silent
from core.store.hashing.source import source_hash


def extract_features(
    collection: Collection,
    extractor: ExtractorConfig,
    *,
    text_field: str | None = None,
    recompute: bool = False,
    progress: Progress = silent,
) -> Features:
    """Extract the features of every track, taking from the store what is already computed.

    A track that can't be read is left out and listed in ``failed``; the other tracks are not affected.

    Parameters
    ----------
    extractor : ExtractorConfig
        See :func:`core.features.get_extractor`.
    recompute : bool
        Recompute what only an earlier version of the extractor has computed, which is used otherwise (see
        :mod:`core.features.extraction.earlier`).

    Raises
    ------
    ConfigError
        When the collection has nothing that this extractor reads.
    """
    return _READERS[extractor.reads](collection, extractor, text_field, recompute, progress)


def count_missing(
    collection: Collection, extractor: ExtractorConfig, *, text_field: str | None = None
) -> int:
    """Count the tracks that :func:`extract_features` would have to compute."""
    parts = components(extractor)
    if len(parts) > 1:
        return max(count_missing(collection, part, text_field=text_field) for part in parts)
    if extractor.reads == "file":
        wanted = {i for i, path in zip(collection.tracks["track_id"], collection.audio_paths()) if path}
    elif extractor.reads == "text":
        wanted = set(filter(None, collection.text_keys(text_field)))
    else:
        return 0
    rows = VersionedRows(extractor, wanted)
    return len(wanted - rows.ids() - read_failures(rows.present).keys())


def _extract_corpus(
    collection: Collection,
    extractor: ReadsCorpus,
    text_field: str | None,
    recompute: bool,
    progress: Progress,
) -> Features:
    """Extract features that need all texts at once; tracks without text take no part in the fit."""
    texts = collection.texts(text_field)
    present = np.array([bool(text) for text in texts])
    if present.sum() < 2:
        raise TextError(
            f"{collection.name} has {present.sum()} tracks with text; {extractor.name} needs two or more"
        )
    key = store.key_of(extractor, source_hash(type(extractor), _spread), collection.text_keys(text_field))

    def load() -> np.ndarray:
        some = store.cached(
            "features", key, lambda: extractor.extract_corpus([text for text in texts if text])
        )
        return _spread(some, present)

    return Features(load, present, key)


def _extract_table(
    collection: Collection, extractor: ReadsTable, text_field: str | None, recompute: bool, progress: Progress
) -> Features:
    """Extract features from the numeric columns that came with the collection."""
    if collection.table is None:
        raise ConfigError(
            f"{collection.name} came with no table of numeric columns, so the representation 'table' is "
            "not available"
        )
    key = store.key_of(extractor, source_hash(type(extractor)), collection.key_of_table)
    present = collection.once(("has numbers", extractor), lambda: extractor.has_numbers(collection.table))
    return Features(lambda: extractor.extract_table(collection.table), present, key)


def _extract_parts(
    collection: Collection,
    extractor: Concatenation,
    text_field: str | None,
    recompute: bool,
    progress: Progress,
) -> Features:
    """Extract features that stand side by side."""
    found = [
        extract_features(collection, part, text_field=text_field, recompute=recompute, progress=progress)
        for part in extractor.parts
    ]
    return join_features(extractor, found)


def join_features(extractor: Concatenation, found: list[Features]) -> Features:
    """Return the features of several extractors side by side; a track is present where it has all of them."""
    present = np.all([features.present for features in found], axis=0)
    code = source_hash(_summarise_parts, *(type(part) for part in extractor.parts))
    return Features(
        lambda: _summarise_parts(extractor, found, present),
        present,
        store.key_of("concatenation", [features.key for features in found], extractor.parts, code),
        {track: reason for features in found for track, reason in features.failed.items()},
        max(features.n_outdated for features in found),
    )


def _summarise_parts(extractor: Concatenation, found: list[Features], present: np.ndarray) -> np.ndarray:
    """Return the parts' vectors side by side, zeros where a track lacks one; shape=(n_tracks, d), float32."""
    X = np.hstack(
        [np.asarray(part.summarise(features.X), np.float32) for part, features in zip(extractor.parts, found)]
    )
    X[~present] = 0
    return X


_READERS: dict[str, Callable[[Collection, Any, str | None, bool, Progress], Features]] = {
    "file": extract_files,
    "text": extract_texts,
    "corpus": _extract_corpus,
    "table": _extract_table,
    "parts": _extract_parts,
}


def _spread(some: np.ndarray, present: np.ndarray) -> np.ndarray:
    """Return an array with rows at the tracks that are present, zeros elsewhere."""
    X = np.zeros((len(present), some.shape[1]), np.float32)
    X[present] = some
    return X

"""Extraction row by row: each audio file or text is read once, and its row is stored."""

import functools
import os
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from core import engine, store
from core.collection import Collection
from core.collection.sources.folder import find_changed
from core.engine import Failed
from core.errors import AudioError, ConfigError, TextError
from core.features.concatenation import components
from core.features.extraction.earlier import VersionedRows
from core.features.extraction.failures import read_failures, store_failures
from core.features.extractor import ExtractorConfig, Features
from core.features.extractors import spec_of
from core.progress import Progress, silent
from core.store.hashing.source import source_hash
from core.store.rates import record_rate, seconds_per_unit
from core.store.row_tables.rows import Rows

BATCH = 32
CHANGED = "has changed since it was added; refresh the collection to use it"


def extract_files(
    collection: Collection, extractor: Any, text_field: str | None, recompute: bool, progress: Progress
) -> Features:
    """Extract features from audio files, in threads, because decoding and transforms release the GIL."""
    ids, paths = list(collection.tracks["track_id"]), collection.audio_paths()
    if not any(paths):
        raise ConfigError(
            f"{collection.name} has no audio, so {extractor.name} can't be computed; add it with --audio "
            "FOLDER"
        )
    versions = VersionedRows(extractor, ids, recompute=recompute)
    known, failed = versions.ids(), read_failures(versions.present)
    todo = {i: path for i, path in zip(ids, paths) if path and i not in known and i not in failed}
    if todo:
        failed = _extract_missing(collection, extractor, versions.present, todo, failed, progress)
        known = versions.ids()
    if not versions.fit_together():
        return extract_files(collection, extractor, text_field, True, progress)
    present = np.array([i in known for i in ids])
    failed = {i: failed[i] for i in ids if i in failed}
    if not present.any():
        raise ConfigError(
            f"no track of {collection.name} could be read: {next(iter(failed.values()), 'no reason given')}"
        )
    key = store.key_of(extractor.name, versions.key(ids), present, source_hash(_stack))
    return Features(lambda: _stack(ids, versions.read(ids)), present, key, failed, len(versions.earlier))


def _extract_missing(
    collection: Collection,
    extractor: Any,
    rows: Rows,
    todo: dict[str, str],
    failed: dict[str, str],
    progress: Progress,
) -> dict[str, str]:
    """Extract and store the rows of files; return the reasons of all failures, earlier ones included."""
    store.check_may_compute()
    changed = _changed_files(collection, todo)
    todo = {i: path for i, path in todo.items() if i not in changed}
    failed = {**failed, **dict.fromkeys(changed, CHANGED)}
    transient, fresh = set(changed), {}
    refuse = _RowCheck(extractor.name, rows).refuse
    try:
        for track_id, result in _run_each(
            extractor.extract,
            todo,
            f"{extractor.name}: reading tracks",
            progress,
            on_end=functools.partial(record_extraction, extractor),
        ):
            if isinstance(result, Failed):
                failed[track_id] = result.reason
                if result.is_transient:
                    transient.add(track_id)
            elif reason := refuse(result):
                failed[track_id] = reason
            else:
                fresh[track_id] = result
            if len(fresh) >= BATCH:
                rows.append(fresh)
                fresh = {}
    finally:
        rows.append(fresh)
        lasting = failed.keys() - transient
        lasting = {i for i in lasting if i not in todo or os.access(todo[i], os.R_OK)}
        store_failures(rows, {i: failed[i] for i in lasting})
    return failed


def _changed_files(collection: Collection, paths: dict[str, str]) -> set[str]:
    """Return the track ids whose file has changed since the collection was added."""
    if collection.info.get("kind") not in ("folder", "demo"):
        return set()
    return find_changed(collection.info.get("audio_folder") or collection.info.get("source") or "", paths)


def extract_texts(
    collection: Collection, extractor: Any, text_field: str | None, recompute: bool, progress: Progress
) -> Features:
    """Extract features from texts; tracks with the same text share a row."""
    texts = collection.texts(text_field)
    if not any(texts):
        raise TextError(
            f"no track of {collection.name} has {text_field or 'any text'}; add it with --text FILE.csv"
        )
    ids = collection.text_keys(text_field)
    versions = VersionedRows(extractor, filter(None, ids), recompute=recompute)
    rows, known = versions.present, versions.ids()
    failed_texts = read_failures(rows)
    refuse = _RowCheck(extractor.name, rows).refuse
    todo = {i: text for i, text in zip(ids, texts) if text and i not in known and i not in failed_texts}
    if todo:
        store.check_may_compute()
    started = time.monotonic()
    for start in range(0, len(todo), 4 * BATCH):
        part = list(todo)[start : start + 4 * BATCH]
        fresh = dict(zip(part, extractor.extract_texts([todo[i] for i in part], silent), strict=True))
        refused = {i: reason for i, row in fresh.items() if (reason := refuse(row))}
        rows.append({i: row for i, row in fresh.items() if i not in refused})
        failed_texts |= refused
        store_failures(rows, failed_texts)
        progress(start + len(part), len(todo), f"{extractor.name}: reading texts")
    record_extraction(extractor, len(todo), time.monotonic() - started)
    if not versions.fit_together():
        return extract_texts(collection, extractor, text_field, True, progress)
    failed = {
        track_id: failed_texts[i]
        for track_id, i in zip(collection.tracks["track_id"], ids)
        if i in failed_texts
    }
    ids = ["" if i in failed_texts else i for i in ids]
    if not any(ids):
        raise TextError(f"no text of {collection.name} could be read: {next(iter(failed.values()))}")
    key = store.key_of(extractor.name, versions.key(ids), source_hash(_stack))
    n_outdated = sum(i in versions.earlier for i in ids)
    present = np.array([bool(i) for i in ids])
    return Features(
        lambda: _stack(ids, versions.read([i for i in ids if i])), present, key, failed, n_outdated
    )


class _RowCheck:
    """Contract of a row: finite numbers in the shape of all other rows, so that a bad one is never stored."""

    def __init__(self, name: str, rows: Rows):
        self.name, self.shape = name, rows.shape()

    def refuse(self, row: np.ndarray) -> str:
        """Return what is wrong with a row, "" for a good one; the first row sets the shape of a new table."""
        row = np.asarray(row)
        if row.dtype.kind not in "fiub" or not np.isfinite(row).all():
            return f"{self.name} gives values for it that are not finite numbers (NaN or infinite)"
        if self.shape is None:
            self.shape = row.shape
        if row.shape != self.shape:
            return f"{self.name} gives a row of shape {row.shape} for it where other tracks have {self.shape}"
        return ""


def _run_each(
    extract: Callable[[str], np.ndarray],
    jobs: dict[str, str],
    note: str,
    progress: Progress,
    on_end: Callable[[int, float], None],
) -> Iterator[tuple[str, np.ndarray | Failed]]:
    """Yield ``(track_id, array or Failed)`` as completed; a cancelled job drops what has not started.

    ``on_end`` is called with the number of rows after the first and the seconds that they took.
    """
    if not jobs:
        return
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # the pool keeps the cores busy; nested threads would only slow it down
    started = 0.0
    results = engine.run_each(extract, jobs, (AudioError,))
    try:
        for done, (track_id, result) in enumerate(results, start=1):
            started = started or time.monotonic()  # the first row includes loading of weights
            progress(done, len(jobs), note)
            yield track_id, result
        if engine.is_local():  # the rate is that of this machine
            on_end(len(jobs) - 1, time.monotonic() - started)
    finally:
        results.close()
        torch.set_num_threads(threads)


def _stack(ids: list[str], known: dict[str, np.ndarray]) -> np.ndarray:
    """Stack rows in collection order, zeros where there is none."""
    example = next(iter(known.values()))
    X = np.zeros((len(ids), *example.shape), example.dtype)
    for position, row_id in enumerate(ids):
        if row_id in known:
            X[position] = known[row_id]
    return X


def record_extraction(extractor: ExtractorConfig, n_rows: int, seconds: float) -> None:
    """Record how long the extraction of rows took on this machine."""
    record_rate(_task(extractor), n_rows, seconds)


def estimate_extraction(extractor: ExtractorConfig, n_rows: int) -> float:
    """Return the seconds that the extraction of rows will take."""
    if not n_rows:
        return 0.0
    rates = (seconds_per_unit(_task(part), spec_of(part).seconds_per_track) for part in components(extractor))
    return n_rows * sum(rates)


def _task(extractor: ExtractorConfig) -> str:
    """Return the name of an extractor's rate."""
    return f"extract {extractor.name}"

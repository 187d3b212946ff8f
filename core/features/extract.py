"""From a collection to features: each track's sound or text is read once, and kept."""

import functools
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field

import numpy as np

from core import store
from core.collection import Collection
from core.collection.sources.folder import find_changed
from core.errors import AudioError, ConfigError, TextError
from core.features.earlier import VersionedRows
from core.progress import Progress, silent
from core.store.rows import Rows
from core.store.source import source_hash

BATCH = 32
CHANGED = "has changed since it was added; add the collection again to take it up"


@dataclass(frozen=True, eq=False)
class Features:
    """What an extractor made of a collection.

    Attributes
    ----------
    X : ndarray, shape=(n_tracks, …)
        Zero where a track has none. Read from the store when it is first asked for: what is derived from
        features can often be found by ``key`` alone.
    present : ndarray of bool, shape=(n_tracks,)
        False where a track lacks this modality or could not be read.
    key : str
        Hash of content, config and code.
    failed : dict
        Reason by track id, for tracks whose sound could not be read or whose features are not finite.
    n_outdated : int
        Tracks of which an earlier version of the extractor computed the features.
    """

    load: Callable[[], np.ndarray] = field(repr=False)
    present: np.ndarray
    key: str
    failed: dict[str, str] = field(default_factory=dict)
    n_outdated: int = 0

    @functools.cached_property
    def X(self) -> np.ndarray:
        return self.load()


def extract_features(
    collection: Collection,
    extractor,
    *,
    text_field: str | None = None,
    recompute: bool = False,
    progress: Progress = silent,
) -> Features:
    """Compute an extractor's features for every track, taking from the store what is there.

    A track whose sound can't be read is left out and listed in ``failed``; its neighbours go on.

    Parameters
    ----------
    recompute : bool
        Compute anew what only an earlier version of the extractor has computed, which is taken as it is
        otherwise (see :mod:`core.features.earlier`).

    Raises
    ------
    ConfigError
        When the collection has nothing that this extractor reads.
    """
    return _READERS[extractor.reads](collection, extractor, text_field, recompute, progress)


def count_missing(collection: Collection, extractor, *, text_field: str | None = None) -> int:
    """Count the tracks that :func:`extract_features` would have to compute."""
    if extractor.reads == "file":
        wanted = {i for i, path in zip(collection.tracks["track_id"], collection.audio_paths()) if path}
    elif extractor.reads == "text":
        wanted = set(filter(None, collection.text_keys(text_field)))
    else:
        return 0
    rows = VersionedRows(extractor, wanted)
    return len(wanted - rows.ids() - _failures(rows.present).keys())


def _read_files(
    collection: Collection, extractor, text_field, recompute: bool, progress: Progress
) -> Features:
    """Features from sound: threads decode and transform, because both release the lock."""
    ids, paths = list(collection.tracks["track_id"]), collection.audio_paths()
    if not any(paths):
        raise ConfigError(
            f"{collection.name} has no sound, so {extractor.name} can't be computed; add it with --audio "
            "FOLDER"
        )
    versions = VersionedRows(extractor, ids, recompute=recompute)
    rows, known = versions.present, versions.ids()
    failed = _failures(rows)
    refuse = _Expected(extractor.name, rows).refuse
    transient = set()
    jobs = {i: path for i, path in zip(ids, paths) if path and i not in known and i not in failed}
    fresh: dict[str, np.ndarray] = {}
    if jobs:
        store.check_may_compute()
        for track_id in (
            find_changed(collection.info.get("source") or "", jobs)
            if collection.info.get("kind") in ("folder", "demo")
            else ()
        ):
            failed[track_id] = CHANGED
            transient.add(track_id)
            del jobs[track_id]
    try:
        for track_id, result in _in_threads(
            extractor.extract, jobs, f"{extractor.name}: reading tracks", progress
        ):
            if isinstance(result, AudioError):
                failed[track_id] = str(result)
                if isinstance(result.__cause__, (OSError, MemoryError)):
                    transient.add(track_id)
                continue
            if reason := refuse(result):
                failed[track_id] = reason
                continue
            fresh[track_id] = result
            if len(fresh) >= BATCH:
                rows.append(fresh)
                fresh = {}
    finally:
        rows.append(fresh)
        _remember_failures(
            rows,
            {i: failed[i] for i in failed.keys() - transient if i not in jobs or os.access(jobs[i], os.R_OK)},
        )
    if not versions.fit_together():
        return _read_files(collection, extractor, text_field, True, progress)
    known = versions.ids() if jobs else known
    present = np.array([i in known for i in ids])
    failed = {i: failed[i] for i in ids if i in failed}
    if not present.any():
        raise ConfigError(
            f"no track of {collection.name} could be read: {next(iter(failed.values()), 'no reason given')}"
        )
    key = store.key_of(extractor.name, versions.key(ids), present, source_hash(_stack))
    return Features(lambda: _stack(ids, versions.read(ids)), present, key, failed, len(versions.earlier))


class _Expected:
    """What a row must be, so that one track's odd one doesn't spoil the table: numbers, finite, shaped as the others."""

    def __init__(self, name: str, rows: Rows):
        self.name, self.shape = name, rows.shape()

    def refuse(self, row: np.ndarray) -> str:
        """Say what is wrong with a row, "" where nothing is; the first good one sets the shape where the store has none."""
        row = np.asarray(row)
        if row.dtype.kind not in "fiub" or not np.isfinite(row).all():
            return f"{self.name} gives values for it that are not finite numbers (NaN or infinite)"
        if self.shape is None:
            self.shape = row.shape
        if row.shape != self.shape:
            return f"{self.name} gives a row of shape {row.shape} for it where other tracks have {self.shape}"
        return ""


def _failures(rows: Rows) -> dict[str, str]:
    """Return the reason by row id for sound or text that an earlier run could not use: the same content fails again."""
    return store.peek("failures", rows.uri.stem) or {}


def _remember_failures(rows: Rows, failed: dict[str, str]) -> None:
    """Keep the reasons; a file that could not even be opened is no failure of its bytes."""
    if failed and failed != _failures(rows):
        store.put("failures", rows.uri.stem, failed)


def _in_threads(extract: Callable, jobs: dict[str, str], note: str, progress: Progress) -> Iterator[tuple]:
    """Yield ``(track_id, array or AudioError)`` as they come; a cancelled job drops what has not begun."""
    if not jobs:
        return
    import torch

    workers = os.cpu_count() or 1
    threads = torch.get_num_threads()
    torch.set_num_threads(
        1
    )  # the pool below keeps the cores busy; nested threads only get in each other's way
    pool = ThreadPoolExecutor(workers)
    try:
        futures: dict[Future, str] = {pool.submit(extract, path): track_id for track_id, path in jobs.items()}
        for done, future in enumerate(as_completed(futures), start=1):
            progress(done, len(futures), note)
            try:
                yield futures[future], future.result()
            except AudioError as reason:
                yield futures[future], reason
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        torch.set_num_threads(threads)


def _read_texts(
    collection: Collection, extractor, text_field, recompute: bool, progress: Progress
) -> Features:
    """Features from texts, each text computed once whatever tracks carry it; a text without a good row is left out."""
    texts = collection.texts(text_field)
    if not any(texts):
        raise TextError(
            f"no track of {collection.name} has {text_field or 'any text'}; add it with --text FILE.csv"
        )
    ids = collection.text_keys(text_field)
    versions = VersionedRows(extractor, filter(None, ids), recompute=recompute)
    rows, known = versions.present, versions.ids()
    reasons = _failures(rows)
    refuse = _Expected(extractor.name, rows).refuse
    todo = {i: text for i, text in zip(ids, texts) if text and i not in known and i not in reasons}
    if todo:
        store.check_may_compute()
    for start in range(0, len(todo), 4 * BATCH):
        part = list(todo)[start : start + 4 * BATCH]
        made = dict(zip(part, extractor.extract_texts([todo[i] for i in part], silent), strict=True))
        bad = {i: reason for i, row in made.items() if (reason := refuse(row))}
        rows.append({i: row for i, row in made.items() if i not in bad})
        reasons |= bad
        _remember_failures(rows, reasons)
        progress(start + len(part), len(todo), f"{extractor.name}: reading texts")
    if not versions.fit_together():
        return _read_texts(collection, extractor, text_field, True, progress)
    failed = {track_id: reasons[i] for track_id, i in zip(collection.tracks["track_id"], ids) if i in reasons}
    ids = ["" if i in reasons else i for i in ids]
    if not any(ids):
        raise TextError(f"no text of {collection.name} could be read: {next(iter(failed.values()))}")
    key = store.key_of(extractor.name, versions.key(ids), source_hash(_stack))
    n_outdated = sum(i in versions.earlier for i in ids)
    return Features(
        lambda: _stack(ids, versions.read([i for i in ids if i])),
        np.array([bool(i) for i in ids]),
        key,
        failed,
        n_outdated,
    )


def _read_corpus(
    collection: Collection, extractor, text_field, recompute: bool, progress: Progress
) -> Features:
    """Features that need all texts at once; tracks without text take no part in the fit."""
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


def _read_table(
    collection: Collection, extractor, text_field, recompute: bool, progress: Progress
) -> Features:
    """The numbers that came with the collection."""
    if collection.table is None:
        raise ConfigError(
            f"{collection.name} came with no table of numbers, so there is no representation 'table'"
        )
    key = store.key_of(extractor, source_hash(type(extractor)), collection.key_of_table)
    return Features(
        lambda: extractor.extract_table(collection.table), np.ones(collection.n_tracks, bool), key
    )


_READERS = {"file": _read_files, "text": _read_texts, "corpus": _read_corpus, "table": _read_table}


def _spread(some: np.ndarray, present: np.ndarray) -> np.ndarray:
    """Put the rows of the tracks that have one in their places, zeros elsewhere."""
    X = np.zeros((len(present), some.shape[1]), np.float32)
    X[present] = some
    return X


def _stack(ids: list[str], known: dict[str, np.ndarray]) -> np.ndarray:
    """Stack rows in collection order, zeros where there is none."""
    example = next(iter(known.values()))
    X = np.zeros((len(ids), *example.shape), example.dtype)
    for position, row_id in enumerate(ids):
        if row_id in known:
            X[position] = known[row_id]
    return X

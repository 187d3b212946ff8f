"""The store: what a user owns, and what was derived from it, each in a place of its own below :func:`root`.

What a user owns lies in :data:`OWNED` folders (collections, checkpoints, selections …); nothing that frees
space touches them. What can be made again lies below ``derived/``:

- ``derived/arrays/KIND/KEY.{npy,parquet,json}``: one value per choice (latents, layouts, labels, scores), see
  :func:`cached`;
- ``derived/rows/NAME-KEY.lance``: one row per track (features), appended while a folder is being read, see
  :class:`core.store.rows.Rows`;
- ``derived/{excerpts,known,numba}``: audio that browsers can play, what is known of files, compiled code.

A key hashes the content of the input, the config and the source of the step (:mod:`core.store.source`), so nothing
is ever stale: what changed has another key. The versions of libraries that made a value are noted beside it
(:func:`about`). Every file is written under a temporary name and renamed, so a reader never sees half a file
and a killed writer leaves nothing but a temporary one. No other module writes below the root.

What was read lately stays in memory (:data:`recent`), and a file that changed is read anew: there is one
answer under a key, whoever asks. Whoever can't wait looks values up with :func:`kept_only`.
"""

import contextlib
import functools
import json
import os
import shutil
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

import numpy as np
import pandas as pd

from core.store.files import publish, read_json, write_json
from core.store.keys import key_of
from core.store.libraries import versions
from core.store.memory import Memory

__all__ = [
    "DERIVED",
    "OWNED",
    "SHIPPED",
    "NotKept",
    "about",
    "begin_computing",
    "cached",
    "clear_derived",
    "folder",
    "keep",
    "keep_owned",
    "kept_only",
    "key_of",
    "lock",
    "path_of",
    "peek",
    "publish",
    "read_json",
    "read_owned",
    "recent",
    "root",
    "sizes",
    "write_json",
]

SHIPPED = Path(__file__).resolve().parents[2] / "assets" / "derived"
"""Entries made beforehand for the demo's first look, laid out like ``arrays/``; only read."""

DERIVED = ("arrays", "excerpts", "known", "rows", "numba")
"""Folders whose content can be made again, in the order in which they are cleared."""

OWNED = ("collections", "checkpoints", "selections", "uploads", "captions", "lyrics", "training", "jobs")
"""Folders of what is the user's, or took hours or money: captions and transcripts, unfinished trainings."""


def root() -> Path:
    """Return the store's folder: ``SONGSCAPE_CACHE``, else ``cache/`` beside ``core/``."""
    default = Path(__file__).resolve().parents[2] / "cache"
    path = Path(os.environ.get("SONGSCAPE_CACHE") or default).expanduser().resolve()
    _adopt_0_1(path)
    return path


def path_of(name: str, *names: str) -> Path:
    """Return where a folder of the store, or a file in it, lies: below ``derived/`` what can be made again."""
    return root().joinpath(*(["derived"] if name in DERIVED else []), name, *names)


def folder(*names: str) -> Path:
    """Return a folder of the store, made where it was missing."""
    path = path_of(*names)
    path.mkdir(parents=True, exist_ok=True)
    return path


@functools.lru_cache(maxsize=8)
def _adopt_0_1(path: Path) -> None:
    """Bring a store that version 0.1.0 wrote into order: there, selections lay among what is derived."""
    for file in path.glob("arrays/selections/*.json"):
        (path / "selections").mkdir(exist_ok=True)
        _rename(file, path / "selections" / file.name)
    if (path / "collections" / ".known").is_dir():
        (path / "derived").mkdir(exist_ok=True)
        _rename(path / "collections" / ".known", path / "derived" / "known")
    for name in DERIVED:
        if (path / name).is_dir() and not (path / "derived" / name).exists():
            (path / "derived").mkdir(exist_ok=True)
            _rename(path / name, path / "derived" / name)


def _rename(old: Path, new: Path) -> None:
    """Rename, unless another process has done so."""
    with contextlib.suppress(FileNotFoundError):
        old.rename(new)


@contextmanager
def lock(key: str, timeout_s: float = -1):
    """Hold the lock of ``key``: the same work started twice is done once.

    Raises
    ------
    filelock.Timeout
        When another process holds it for longer than ``timeout_s`` (-1: wait for ever).
    """
    from filelock import FileLock

    with FileLock(folder("locks") / f"{key}.lock", timeout=timeout_s):
        yield


# One value per choice

recent = Memory(512 << 20)
"""Of arrays, tables and whatever else takes long to read."""


class NotKept(Exception):
    """A value that was only looked up would have to be computed; see :func:`kept_only`."""


_KEPT_ONLY: ContextVar[bool] = ContextVar("kept_only", default=False)


@contextmanager
def kept_only():
    """Look values up without computing any: :func:`cached` raises :class:`NotKept` where it would call ``make``."""
    before = _KEPT_ONLY.set(True)
    try:
        yield
    finally:
        _KEPT_ONLY.reset(before)


def begin_computing() -> None:
    """Raise :class:`NotKept` within :func:`kept_only`; long work that no ``make`` of :func:`cached` does calls this first."""
    if _KEPT_ONLY.get():
        raise NotKept


_FORMATS: dict[str, tuple[type, Callable, Callable]] = {
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


def cached(kind: str, key: str, make: Callable[[], np.ndarray | pd.DataFrame | dict]):
    """Return the value kept under ``key``, or make it and keep it.

    An array becomes ``.npy``, a table Parquet, a dictionary JSON. A damaged entry counts as missing. Two
    callers that ask for the same key at once make it once. Arrays can't be written to, since all callers
    share them.
    """
    hit = peek(kind, key)
    if hit is not None:
        return hit
    begin_computing()
    with lock(f"{kind}-{key}"):
        hit = peek(kind, key)
        return hit if hit is not None else keep(kind, key, make())


def peek(kind: str, key: str):
    """Return the value kept under ``key``, or shipped under it, or None."""
    for suffix, (_, read, _) in _FORMATS.items():
        for path in (path_of("arrays", kind, f"{key}{suffix}"), SHIPPED / kind / f"{key}{suffix}"):
            try:
                return read(path) if suffix == ".json" else _as_shared(recent.read((path,), read))
            except FileNotFoundError:
                continue
            except (
                Exception
            ):  # a damaged entry, whatever the reader calls it, is a miss: it will be made again
                if not path.is_relative_to(SHIPPED):
                    path.unlink(missing_ok=True)
    return None


def keep(kind: str, key: str, value):
    """Keep ``value`` under ``key`` and return it."""
    for suffix, (of_type, _, writer) in _FORMATS.items():
        if isinstance(value, of_type):
            path = folder("arrays", kind) / f"{key}{suffix}"
            write_json(path, value) if writer is None else publish(path, writer(value))
            write_json(_beside(path), {"libraries": versions()})
            return _as_shared(value)
    raise TypeError(f"the store keeps arrays, tables and dictionaries, not {type(value).__name__}")


def _as_shared(value):
    """Return an array that can't be written to, and a table of the caller's own over the same columns."""
    if isinstance(value, pd.DataFrame):
        return value.copy(deep=False)
    if isinstance(value, np.ndarray):
        value = value.view()
        value.flags.writeable = False
    return value


def about(kind: str, key: str) -> dict:
    """Return what is noted beside a kept value: ``libraries``, the versions it was made with; {} where nothing is."""
    for place in (path_of("arrays"), SHIPPED):
        if noted := read_json(_beside(place / kind / key)):
            return noted
    return {}


def _beside(path: Path) -> Path:
    """Return where the note on a value lies."""
    return path.with_name(f"{path.stem}.about.json")


# What a user owns


def keep_owned(kind: str, key: str, value: dict) -> None:
    """Keep what a user made (a selection …) under a key; nothing that frees space deletes it."""
    if kind not in OWNED:
        raise ValueError(f"{kind!r} is none of what a user owns; choose from {', '.join(OWNED)}")
    write_json(folder(kind) / f"{key}.json", value)


def read_owned(kind: str, key: str) -> dict | None:
    """Return what a user made under a key, None where there is nothing."""
    found = read_json(path_of(kind, f"{key}.json")) or read_json(
        root() / "arrays" / kind / f"{key}.json"
    )  # a 0.1.0 that still runs
    return found if isinstance(found, dict) else None


# Size


def sizes() -> dict[str, int]:
    """Return bytes held per folder of the store."""
    places = [*root().glob("*"), *root().glob("derived/*")]
    return {path.name: _size(path) for path in sorted(places) if path.is_dir() and path.name != "derived"}


def _size(path: Path) -> int:
    """Sum the sizes of the files below, skipping those that vanish meanwhile."""
    total = 0
    for file in path.rglob("*"):
        try:
            total += file.stat().st_size if file.is_file() else 0
        except OSError:
            continue
    return total


def clear_derived(names: Iterable[str] = DERIVED) -> int:
    """Delete what can be made again; return the bytes freed. What a user owns stays."""
    freed = 0
    recent.clear()
    for name in names:
        if name not in DERIVED:
            raise ValueError(
                f"{name!r} can't be made again, so it is not cleared; choose from {', '.join(DERIVED)}"
            )
        if path_of(name).exists():
            freed += _size(path_of(name))
            shutil.rmtree(path_of(name), ignore_errors=True)
    return freed

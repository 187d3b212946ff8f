"""Folders of the store below :func:`root`, and locks between processes."""

import contextlib
import functools
import os
from contextlib import contextmanager
from pathlib import Path

from core.errors import ConfigError

SHIPPED = Path(__file__).resolve().parents[2] / "assets" / "derived"
"""Entries computed beforehand for the demo's first view, laid out like ``arrays/``; read-only."""

DERIVED = ("arrays", "excerpts", "exports", "known", "rows", "numba", "recipe-checkpoints")
"""Folders whose content can be recomputed, in the order in which they are cleared."""

OWNED = (
    "collections",
    "checkpoints",
    "selections",
    "views",
    "cluster-names",
    "uploads",
    "captions",
    "lyrics",
    "training",
    "jobs",
    "versions",
    "pretrained",
    "recipe-runs",
    "kept-maps",
    "access",
)
"""Folders of user data and costly results, such as captions, transcripts and unfinished training."""


def root() -> Path:
    """Return the store's folder: ``SONGSCAPE_CACHE``, else ``cache/`` beside ``core/``.

    Raises
    ------
    ConfigError
        When the variable is an address.
    """
    default = Path(__file__).resolve().parents[2] / "cache"
    given = os.environ.get("SONGSCAPE_CACHE") or default
    if "://" in str(given):
        raise ConfigError(
            f"SONGSCAPE_CACHE={str(given)[:80]!r} must be a folder; SONGSCAPE_ROWS=s3://… puts the rows of "
            "features on object storage"
        )
    path = Path(given).expanduser().resolve()
    _migrate_0_1(path)
    return path


def path_of(name: str, *names: str) -> Path:
    """Return the path of a folder of the store or a file in it; derived data are below ``derived/``."""
    return root().joinpath(*(["derived"] if name in DERIVED else []), name, *names)


def folder(*names: str) -> Path:
    """Return a folder of the store, created if missing."""
    path = path_of(*names)
    path.mkdir(parents=True, exist_ok=True)
    return path


@functools.lru_cache(maxsize=8)
def _migrate_0_1(path: Path) -> None:
    """Migrate a store of version 0.1.0, which had selections and known files among derived data."""
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
    """Rename, unless another process has already done so."""
    with contextlib.suppress(FileNotFoundError):
        old.rename(new)


@contextmanager
def lock(key: str):
    """Hold the lock of ``key`` across processes: the same work started twice is done once."""
    from filelock import FileLock

    with FileLock(folder("locks") / f"{key}.lock"):
        yield

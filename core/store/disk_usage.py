"""Disk usage of the store, and freeing it."""

import shutil
from pathlib import Path

from core.store.cache import recent
from core.store.places import DERIVED, path_of, root
from core.store.row_tables.object_storage import rows_address


def sizes() -> dict[str, int]:
    """Return the size in bytes of each folder of the store."""
    places = [*root().glob("*"), *root().glob("derived/*")]
    return {path.name: _size(path) for path in sorted(places) if path.is_dir() and path.name != "derived"}


def _size(path: Path) -> int:
    """Sum the sizes of all files below a folder, skipping those that are deleted meanwhile."""
    total = 0
    for file in path.rglob("*"):
        try:
            total += file.stat().st_size if file.is_file() else 0
        except OSError:
            continue
    return total


def free_bytes() -> int | None:
    """Return the free space of the disk that rows are on; None where they are on object storage."""
    if rows_address():
        return None
    place = next(path for path in (root(), *root().parents) if path.exists())
    return shutil.disk_usage(place).free


def clear_derived() -> int:
    """Delete derived data and return the bytes freed; user data stay."""
    freed = 0
    recent.clear()
    for name in DERIVED:
        if path_of(name).exists():
            freed += _size(path_of(name))
            shutil.rmtree(path_of(name), ignore_errors=True)
    return freed

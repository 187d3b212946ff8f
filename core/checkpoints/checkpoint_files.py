"""Checkpoint files by folder: those of the store and those shipped, readable or not."""

import shutil
from itertools import count
from pathlib import Path

from core import store
from core.checkpoints.header import read_meta
from core.errors import CheckpointError

SHIPPED = Path(__file__).resolve().parents[2] / "assets" / "checkpoints"


def stored_folder() -> Path:
    """Return the folder of the checkpoints that were trained here."""
    return store.root() / "checkpoints"


def free_path(stem: str) -> Path:
    """Return an unused path for a new checkpoint in the store, numbered from 1."""
    place = store.folder("checkpoints")
    return next(path for n in count(1) if not (path := place / f"{stem}-{n}.safetensors").exists())


def list_files(folder: Path) -> list[Path]:
    """Return the files with a checkpoint's ending in a folder, without those being written."""
    return sorted(path for path in folder.glob("*.safetensors") if not path.name.startswith("."))


def read_printable_meta(path: Path) -> dict:
    """Return a checkpoint's metadata.

    Raises
    ------
    CheckpointError
        When the file can't be read, or its name isn't UTF-8.
    """
    if _printable(path.name) != path.name:
        raise CheckpointError("its name is not UTF-8; rename it")
    return read_meta(path)


def list_unreadable() -> dict[str, str]:
    """Return the error by file name of the store's checkpoints that can't be read.

    Bytes of a name that aren't UTF-8 are escaped.
    """
    reasons = {}
    for path in list_files(stored_folder()):
        try:
            read_printable_meta(path)
        except CheckpointError as reason:
            reasons[_printable(path.name)] = str(reason)
    return reasons


def delete_unreadable(name: str) -> None:
    """Delete a file or folder that :func:`list_unreadable` lists.

    Raises
    ------
    CheckpointError
        When nothing unreadable has this name, or it can't be deleted.
    """
    path = _find_path(name)
    if path is None or name not in list_unreadable():
        raise CheckpointError(f"there is no unreadable checkpoint {name!r}")
    delete_path(path)


def is_unreadable_folder(name: str) -> bool:
    """Return whether an entry of :func:`list_unreadable` is a folder."""
    path = _find_path(name)
    return path is not None and _is_folder(path)


def delete_path(path: Path) -> None:
    """Delete a file, a link or a folder with its contents.

    Raises
    ------
    CheckpointError
        When it can't be deleted.
    """
    try:
        if _is_folder(path):
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    except OSError as reason:
        raise CheckpointError(f"{path} can't be deleted: {reason.strerror or reason}") from reason


def modified_ns(path: Path) -> int:
    """Return the modification time of a file in nanoseconds; 0 if it was deleted."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _find_path(name: str) -> Path | None:
    """Return the stored file with a printable name, None if it was deleted."""
    return next((path for path in list_files(stored_folder()) if _printable(path.name) == name), None)


def _printable(name: str) -> str:
    """Return a file name with bytes that aren't UTF-8 escaped."""
    return name.encode("utf-8", "backslashreplace").decode()


def _is_folder(path: Path) -> bool:
    """Return whether a path is a folder and no link to one."""
    return path.is_dir() and not path.is_symlink()

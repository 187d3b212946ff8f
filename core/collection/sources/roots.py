"""Folders that the browser may list: the allowed roots and their subfolders.

The command line has no such restriction.
"""

import os
import shlex
import sys
from itertools import islice
from pathlib import Path

from core import store
from core.access.rules import has_every_right
from core.access.viewer import is_enforced
from core.audio.endings import is_audio_name
from core.collection.sources.walk import reason_of
from core.collection.tables.sheet import is_sheet_name
from core.errors import CollectionError

VARIABLE = "SONGSCAPE_ROOTS"
_MOUNTS = ("/media", "/mnt", "/Volumes", "/run/media")
_MAX_ENTRIES = 5_000


def allowed_roots() -> list[Path]:
    """Return the root folders that the browser may list, resolved.

    ``SONGSCAPE_ROOTS`` names them, separated as in ``PATH``; by default they are the user's home, the working
    folder and the mount points of media, on a server with sign-in none. Missing folders are left out.
    """
    wanted = [part for part in os.environ.get(VARIABLE, "").split(os.pathsep) if part.strip()]
    if not wanted and not is_enforced():
        wanted = [str(Path.home()), str(Path.cwd()), *_MOUNTS, *_drives()]
    roots: list[Path] = []
    for part in wanted:
        try:
            root = Path(os.path.expanduser(part)).resolve(strict=True)
            if root.is_dir() and root not in roots:
                roots.append(root)
        except (OSError, RuntimeError):
            continue
    return roots


def _drives() -> list[str]:
    """Return Windows' drives except the system's: the mount points of media."""
    return (
        [drive for drive in getattr(os, "listdrives", list)() if not drive.lower().startswith("c:")]
        if sys.platform == "win32"
        else []
    )


def resolve_within(path: str | Path) -> Path:
    """Resolve a folder and return it if it is within an allowed root.

    Links are followed before the comparison, so that links out of the roots are refused.

    Raises
    ------
    CollectionError
        When there is no such folder, or it is outside; includes the command that would allow it.
    """
    resolved = _resolve_within(path, "folder")
    if not os.path.isdir(resolved):  # Path.is_dir raises where a name is too long
        raise CollectionError(f"{resolved} is not a folder")
    return resolved


def resolve_table(path: str | Path) -> Path:
    """Resolve the file of a table and return it if it is within an allowed root, as :func:`resolve_within`.

    Raises
    ------
    CollectionError
        When there is no such file, it is no CSV or Parquet file by its name, or it is outside.
    """
    resolved = _resolve_within(path, "table")
    if not is_sheet_name(resolved) or not os.path.isfile(resolved):
        raise CollectionError(f"{resolved} is not a CSV or Parquet file")
    return resolved


def _resolve_within(path: str | Path, what: str) -> Path:
    """Resolve a path and refuse one outside the roots, whether or not it exists."""
    try:
        resolved = Path(os.path.expanduser(path)).resolve()
        inside = any(resolved.is_relative_to(root) for root in allowed_roots())
    except (OSError, RuntimeError, ValueError) as error:
        raise CollectionError(f"{str(path)[:200]!r} is no {what}: {reason_of(error)}") from error
    if not has_every_right() and _touches_store(resolved):
        raise CollectionError(
            f"{resolved} is part of this server's store, or holds it, so it can't be opened"
        )
    if not inside:  # before checking existence, which would reveal what is outside
        root = resolved if what == "folder" else resolved.parent
        raise CollectionError(
            f"{resolved} is outside the folders that may be opened here; start with {allowing_line(root)}"
        )
    return resolved


def _touches_store(path: Path) -> bool:
    """Return whether a path is within the store, which holds everybody's uploads, or around it."""
    stored = store.root().resolve()
    return path.is_relative_to(stored) or stored.is_relative_to(path)


def allowing_line(path: str | Path) -> str:
    """Return the command that starts the app with one more allowed folder."""
    value = os.pathsep.join(dict.fromkeys(str(root) for root in [*allowed_roots(), path]))
    if sys.platform == "win32":
        return f'$env:{VARIABLE}="{value}"; python -m streamlit run app.py'
    plain = not set(value) & set('"$`\\!\n')
    return f'{VARIABLE}="{value}" make app' if plain else f"{VARIABLE}={shlex.quote(value)} make app"


def subfolders(path: str | Path) -> list[dict]:
    """List the subfolders of an allowed folder, with the number of audio files directly in each.

    Hidden folders and links out of the roots are left out; folders that can't be opened count -1. At most
    :data:`_MAX_ENTRIES` entries are listed in each, so that a huge folder can't block the page.

    Returns
    -------
    list of dict
        "name", "path", "n_audio", "n_folders", sorted by name.

    Raises
    ------
    CollectionError
        As :func:`resolve_within`.
    """
    folder = resolve_within(path)
    roots, found, hides_store = allowed_roots(), [], not has_every_right()
    try:
        with os.scandir(folder) as listing:
            entries = list(islice(listing, _MAX_ENTRIES))
    except OSError as error:
        raise CollectionError(f"{folder} can't be opened: {reason_of(error)}") from error
    for entry in entries:
        try:
            entry.path.encode("utf-8")
            if entry.name.startswith(".") or not entry.is_dir():
                continue
            target = Path(os.path.realpath(entry.path)) if entry.is_symlink() else Path(entry.path)
        except (OSError, UnicodeEncodeError):
            continue
        is_hidden = hides_store and target.is_relative_to(store.root().resolve())
        if any(target.is_relative_to(root) for root in roots) and not is_hidden:
            found.append({"name": entry.name, "path": str(target), **count_entries(target)})
    return sorted(found, key=lambda row: row["name"].casefold())


def count_entries(folder: Path) -> dict[str, int]:
    """Count the audio files and folders directly in a folder; -1 each if it can't be opened."""
    n_audio = n_folders = 0
    try:
        with os.scandir(folder) as listing:
            for entry in islice(listing, _MAX_ENTRIES):
                if entry.name.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    n_folders += 1
                elif is_audio_name(entry.name):
                    n_audio += 1
    except OSError:
        return {"n_audio": -1, "n_folders": -1}
    return {"n_audio": n_audio, "n_folders": n_folders}

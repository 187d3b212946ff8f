"""Which folders the browser may walk: an allowed root, or what lies below one.

The command line, run by its user, needs no roots.
"""

import os
import shlex
import sys
from itertools import islice
from pathlib import Path

from core.audio.endings import is_audio_name
from core.collection.sources.walk import reason_of
from core.errors import CollectionError

VARIABLE = "SONGSCAPE_ROOTS"
_MOUNTS = ("/media", "/mnt", "/Volumes", "/run/media")
_MAX_ENTRIES = 5_000


def allowed_roots() -> list[Path]:
    """Return the folders from which a browser may choose, resolved.

    ``SONGSCAPE_ROOTS`` names them, separated as in ``PATH``; without it they are the user's home, the working
    folder and where media are mounted. What does not exist is left out.
    """
    named = os.environ.get(VARIABLE, "")
    wanted = [part for part in named.split(os.pathsep) if part.strip()] or [
        Path.home(),
        Path.cwd(),
        *_MOUNTS,
        *_drives(),
    ]
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
    """Return Windows' drives beside the system's, where media are mounted there."""
    return (
        [drive for drive in getattr(os, "listdrives", list)() if not drive.lower().startswith("c:")]
        if sys.platform == "win32"
        else []
    )


def resolve_within(path: str | Path) -> Path:
    """Resolve a folder and return it where it lies in an allowed root.

    Links are followed before the comparison, so that one which leaves the roots is refused.

    Raises
    ------
    CollectionError
        When there is no such folder, or it lies outside; prints the line that would allow it.
    """
    try:
        resolved = Path(os.path.expanduser(path)).resolve()
        inside = any(resolved.is_relative_to(root) for root in allowed_roots())
    except (OSError, RuntimeError, ValueError) as error:
        raise CollectionError(f"{str(path)[:200]!r} is no folder: {reason_of(error)}") from error
    if not inside:  # before asking whether it is there, so that nobody learns what lies outside
        raise CollectionError(
            f"{resolved} lies outside the folders that may be opened here; start with "
            f"{allowing_line(resolved)}"
        )
    if not resolved.is_dir():
        raise CollectionError(f"{resolved} is not a folder")
    return resolved


def allowing_line(path: str | Path) -> str:
    """Return the exact line that starts the app with one folder more."""
    value = os.pathsep.join(dict.fromkeys(str(root) for root in [*allowed_roots(), path]))
    if sys.platform == "win32":
        return f'$env:{VARIABLE}="{value}"; python -m streamlit run app.py'
    plain = not set(value) & set('"$`\\!\n')
    return f'{VARIABLE}="{value}" make app' if plain else f"{VARIABLE}={shlex.quote(value)} make app"


def subfolders(path: str | Path) -> list[dict]:
    """List the folders directly below an allowed one, with the number of sound files that lie directly in each.

    Hidden folders and links that leave the roots are left out; folders that can't be opened count -1. At most
    :data:`_MAX_ENTRIES` entries are looked at in each, so that an odd folder can't hold up the page.

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
    roots, found = allowed_roots(), []
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
        if any(target.is_relative_to(root) for root in roots):
            found.append({"name": entry.name, "path": str(target), **count_entries(target)})
    return sorted(found, key=lambda row: row["name"].casefold())


def count_entries(folder: Path) -> dict[str, int]:
    """Count the sound files and folders directly in a folder; -1 each where it can't be opened."""
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

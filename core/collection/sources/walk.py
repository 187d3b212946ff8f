"""Which files below a folder are sound; nothing is opened here."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.audio.endings import is_audio_name
from core.collection.problem import Problem
from core.collection.sources.tags import SIDE_ENDINGS


@dataclass(frozen=True)
class Found:
    """A sound file as its folder lists it."""

    path: Path
    file: str  # below the source, with forward slashes
    size: int  # bytes
    mtime_ns: int
    words: Path | None  # the .lrc or .txt beside it


def printable(path: str | Path) -> str:
    """Return a path as valid Unicode; bytes that are no text show as ``\\xff``."""
    return os.fsencode(path).decode("utf-8", errors="backslashreplace")


def walk(root: Path) -> Iterator[Found | Problem]:
    """Yield every sound file below ``root`` and every path there that looks like one but isn't.

    Hidden files and files without an audio ending are passed over. Links are followed to files that lie below
    ``root``; a link that leaves it, leads nowhere or leads back is a problem. Links to folders below ``root``
    are passed over, because their tracks are found where they lie. Pipes and devices are never opened.
    """
    root = Path(os.path.realpath(root))
    waiting, seen = [root], set()
    while waiting:
        folder = waiting.pop()
        try:
            status = os.stat(folder)
            if (status.st_dev, status.st_ino) in seen and status.st_ino:
                continue  # reached twice, through a mount or a junction
            seen.add((status.st_dev, status.st_ino))
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            yield Problem(printable(folder), f"is a folder that can't be opened: {reason_of(error)}")
            continue
        words = {
            entry.name.casefold(): Path(entry.path)
            for entry in entries
            if entry.name.lower().endswith(SIDE_ENDINGS)
        }
        below = []
        for entry in entries:
            if not entry.name.startswith("."):
                yield from _judge(root, entry, words, below)
        waiting.extend(reversed(below))


def _judge(
    root: Path, entry: os.DirEntry, words: dict[str, Path], below: list[Path]
) -> Iterator[Found | Problem]:
    """Decide what one directory entry is; folders to go into are appended to ``below``."""
    audio = is_audio_name(entry.name)
    shown = printable(entry.path)
    try:
        entry.path.encode("utf-8")
        readable = True
    except UnicodeEncodeError:
        readable = False
    try:
        if entry.is_symlink():
            yield from _judge_link(root, entry, words, audio, shown)
        elif entry.is_dir(follow_symlinks=False):
            if audio:
                yield Problem(shown, "is a folder, though its name looks like a sound file's")
            if readable:
                below.append(Path(entry.path))
            else:
                yield Problem(
                    shown, "is a folder whose name is not valid Unicode; rename it to use what lies in it"
                )
        elif audio and not stat.S_ISREG(entry.stat(follow_symlinks=False).st_mode):
            yield Problem(shown, f"is {_kind(entry.stat(follow_symlinks=False).st_mode)}, not a file")
        elif audio and not readable:
            yield Problem(shown, "has a name that is not valid Unicode; rename the file to use it")
        elif audio:
            yield _found(root, entry, words)
    except (OSError, RuntimeError) as error:
        yield Problem(shown, f"can't be opened: {reason_of(error)}")


def _judge_link(
    root: Path, entry: os.DirEntry, words: dict, audio: bool, shown: str
) -> Iterator[Found | Problem]:
    """Decide what a symbolic link is: a file below the root, or a problem where it matters."""
    try:
        target = Path(entry.path).resolve(strict=True)
        mode = os.stat(target).st_mode
    except FileNotFoundError:
        if audio:
            yield Problem(shown, "is a link to a file that isn't there")
        return
    except (OSError, RuntimeError):  # ELOOP; RuntimeError before Python 3.13
        yield Problem(shown, "is a link that leads back to itself")
        return
    folder = stat.S_ISDIR(mode)
    if not (audio or folder):
        return
    if folder and (target == root or target in Path(entry.path).parents):
        yield Problem(shown, "is a link back to a folder that it lies in")
    elif not target.is_relative_to(root):
        yield Problem(shown, "is a link that leaves the folder")
    elif folder:
        return
    elif not stat.S_ISREG(mode):
        yield Problem(shown, f"is a link to {_kind(mode)}, not to a file")
    else:
        yield _found(root, entry, words)


def _found(root: Path, entry: os.DirEntry, words: dict[str, Path]) -> Found:
    """Describe a sound file."""
    status = entry.stat()
    stem = os.path.splitext(entry.name)[0].casefold()
    beside = next((words[stem + ending] for ending in SIDE_ENDINGS if stem + ending in words), None)
    if beside is not None and not Path(os.path.realpath(beside)).is_relative_to(root):
        beside = None
    file = Path(entry.path).relative_to(root).as_posix()
    return Found(Path(entry.path), file, status.st_size, status.st_mtime_ns, beside)


def _kind(mode: int) -> str:
    """Name what lies under a path that is no regular file."""
    kinds = [(stat.S_ISFIFO, "a named pipe"), (stat.S_ISSOCK, "a socket"), (stat.S_ISDIR, "a folder")]
    return next((name for test, name in kinds if test(mode)), "a device")


def reason_of(error: Exception) -> str:
    """Say an operating system's error in its own words, without number and path."""
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).lower()

"""Find the audio files below a folder without opening them."""

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
    """An audio file in a directory listing."""

    path: Path
    file: str  # below the source, with forward slashes
    size: int  # bytes
    mtime_ns: int
    lyrics: tuple[Path, ...]  # the .lrc and .txt files beside it, the preferred first


def printable(path: str | Path) -> str:
    r"""Return a path as valid Unicode; undecodable bytes appear as ``\xff``."""
    return os.fsencode(path).decode("utf-8", errors="backslashreplace")


def walk(root: Path) -> Iterator[Found | Problem]:
    """Yield every audio file below ``root``, and a problem for every path that only looks like one.

    Hidden files and files without an audio ending are skipped. Links are followed to files below ``root``; a
    broken or circular link, or one that leaves it, is a problem. Links to folders below ``root`` are skipped,
    because their files are found at their own place. Pipes and devices are never opened.
    """
    root = Path(os.path.realpath(root))
    pending, visited = [root], set()
    while pending:
        folder = pending.pop()
        try:
            status = os.stat(folder)
            if (status.st_dev, status.st_ino) in visited and status.st_ino:
                continue  # reached twice, through a mount or a junction
            visited.add((status.st_dev, status.st_ino))
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            yield Problem(printable(folder), f"is a folder that can't be opened: {reason_of(error)}")
            continue
        lyrics = {
            entry.name.casefold(): Path(entry.path)
            for entry in entries
            if entry.name.lower().endswith(SIDE_ENDINGS)
        }
        below: list[Path] = []
        for entry in entries:
            if not entry.name.startswith("."):
                yield from _check_entry(root, entry, lyrics, below)
        pending.extend(reversed(below))


def _check_entry(
    root: Path, entry: os.DirEntry, lyrics: dict[str, Path], below: list[Path]
) -> Iterator[Found | Problem]:
    """Yield a directory entry as an audio file or a problem; append folders to ``below``."""
    audio = is_audio_name(entry.name)
    shown = printable(entry.path)
    readable = shown == entry.path
    try:
        if entry.is_symlink():
            yield from _check_link(root, entry, lyrics, audio, shown)
        elif entry.is_dir(follow_symlinks=False):
            if audio:
                yield Problem(shown, "is a folder, though its name looks like an audio file's")
            if readable:
                below.append(Path(entry.path))
            else:
                yield Problem(
                    shown, "is a folder whose name is not valid Unicode; rename it to use its files"
                )
        elif audio and not stat.S_ISREG(entry.stat(follow_symlinks=False).st_mode):
            yield Problem(shown, f"is {_kind(entry.stat(follow_symlinks=False).st_mode)}, not a file")
        elif audio and not readable:
            yield Problem(shown, "has a name that is not valid Unicode; rename the file to use it")
        elif audio:
            yield _describe_file(root, entry, lyrics)
    except (OSError, RuntimeError) as error:
        yield Problem(shown, f"can't be opened: {reason_of(error)}")


def _check_link(
    root: Path, entry: os.DirEntry, lyrics: dict[str, Path], audio: bool, shown: str
) -> Iterator[Found | Problem]:
    """Yield a symbolic link as an audio file below the root, or as a problem."""
    try:
        target = Path(entry.path).resolve(strict=True)
        mode = os.stat(target).st_mode
    except FileNotFoundError:
        if audio:
            yield Problem(shown, "is a broken link")
        return
    except (OSError, RuntimeError):  # ELOOP; RuntimeError before Python 3.13
        yield Problem(shown, "is a circular link")
        return
    folder = stat.S_ISDIR(mode)
    if not (audio or folder):
        return
    if folder and (target == root or target in Path(entry.path).parents):
        yield Problem(shown, "is a link to a folder that contains it")
    elif not target.is_relative_to(root):
        yield Problem(shown, "is a link that leaves the folder")
    elif folder:
        return
    elif not stat.S_ISREG(mode):
        yield Problem(shown, f"is a link to {_kind(mode)}, not to a file")
    else:
        yield _describe_file(root, entry, lyrics)


def _describe_file(root: Path, entry: os.DirEntry, lyrics: dict[str, Path]) -> Found:
    """Describe an audio file."""
    status = entry.stat()
    stem = os.path.splitext(entry.name)[0].casefold()
    beside = tuple(
        side
        for ending in SIDE_ENDINGS
        if (side := lyrics.get(stem + ending)) and Path(os.path.realpath(side)).is_relative_to(root)
    )
    file = Path(entry.path).relative_to(root).as_posix()
    return Found(Path(entry.path), file, status.st_size, status.st_mtime_ns, beside)


def _kind(mode: int) -> str:
    """Return the kind of a file that is not regular."""
    kinds = [(stat.S_ISFIFO, "a named pipe"), (stat.S_ISSOCK, "a socket"), (stat.S_ISDIR, "a folder")]
    return next((name for test, name in kinds if test(mode)), "a device")


def reason_of(error: Exception) -> str:
    """Return an operating system's error message without number and path."""
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).lower()

"""Read a folder of audio files into tracks."""

import functools
import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from core import store
from core.audio.decode import check
from core.audio.opening import open_source_file
from core.collection.problem import Problem
from core.collection.sources.tags import FIELDS, read_side_text, read_tags
from core.collection.sources.walk import Found, printable, reason_of, walk
from core.engine import Failed, run_each
from core.errors import AudioError, CollectionError
from core.progress import Progress, silent
from core.store.hashing.source import source_hash

BLOCK = 2**20  # bytes hashed at once
_SAVE_EVERY = 5_000  # files after which results are saved, so that a killed run need not start over
_KNOWN = ("file", "size", "mtime_ns", "track_id", "duration_s", "one_channel", *FIELDS)
ONE_CHANNEL = "has channels that cancel each other when mixed to mono, so only one of them is read"


def hash_file(path: Path) -> str:
    """Return the BLAKE2b-128 of a file's bytes as 32 hexadecimal digits."""
    digest = hashlib.blake2b(digest_size=16)
    with open_source_file(path) as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def read_folder(
    root: str | Path, progress: Progress = silent, only: Callable[[str], bool] | None = None
) -> tuple[pd.DataFrame, list[Problem], dict]:
    """Read every audio file below a folder: id, duration, tags and lyrics.

    Files whose path, size and time are known from an earlier reading are not opened again. Of files with the
    same content, the first is used and the others are reported.

    Parameters
    ----------
    only : callable, optional
        Whether a file, by its path below the folder, is read; the others are counted.

    Returns
    -------
    tracks : DataFrame
        Sorted by path; the columns of a collection, and ``file`` (path below the folder), ``album``,
        ``genre``, ``genres`` (text, if tags have several), ``year`` and ``title_from``.
    problems : list of Problem
    counts : dict
        "n_files", "n_read" (not known before), "n_broken", "n_duplicates", "bytes"; with ``only``
        "n_skipped".

    Raises
    ------
    CollectionError
        When the folder is missing, or has no usable audio file.
    """
    root = Path(os.path.expanduser(root))
    if not root.is_dir():
        raise CollectionError(
            f"{printable(root)} is not a folder" if root.exists() else f"there is no folder {printable(root)}"
        )
    root = Path(os.path.realpath(root))
    found: list[Found] = []
    problems: list[Problem] = []
    n_skipped = 0
    for item in walk(root):
        if isinstance(item, Problem):
            problems.append(item)
        elif only is None or only(item.file):
            found.append(item)
        else:
            n_skipped += 1
        if len(found) % 1_000 == 0:
            progress(0, 0, f"looking for audio files in {_shown(root.name)}: {len(found):,} files")
    found.sort(key=lambda item: item.file.split("/"))
    if not found:
        why = f"; {len(problems)} can't be used, {problems[0].path} {problems[0].reason}" if problems else ""
        what = f"none of the {n_skipped} audio files" if n_skipped else "there is no audio file"
        raise CollectionError(f"{what} below {printable(root)}{' is to be read' if n_skipped else ''}{why}")

    known = _read_known(root)
    results, n_read = _read_files(root, found, known, progress, only is not None)
    counts = {"n_files": len(found), "n_read": n_read, "n_broken": 0, "n_duplicates": 0}
    counts |= {"n_skipped": n_skipped} if only is not None else {}
    rows = []
    first: dict[str, str] = {}
    for item in found:
        result = results[item.file]
        if isinstance(result, str):
            problems.append(Problem(str(item.path), result))
            counts["n_broken"] += 1
        elif result["track_id"] in first:
            problems.append(
                Problem(str(item.path), f"the same content as {first[result['track_id']]}", "duplicate")
            )
            counts["n_duplicates"] += 1
        else:
            first[result["track_id"]] = item.file
            if result["one_channel"]:
                problems.append(Problem(str(item.path), ONE_CHANNEL, "note"))
            rows.append(_track(item, result, root))
    if not rows:
        raise CollectionError(
            f"none of the {len(found)} audio files below {printable(root)} can be used; {problems[0].path} "
            f"{problems[0].reason}"
        )
    return pd.DataFrame(rows), problems, {**counts, "bytes": sum(item.size for item in found)}


def _shown(name: str) -> str:
    """Return a name without characters that a terminal obeys or can't print."""
    return "".join(c if c.isprintable() else "?" for c in name)


def _track(item: Found, known: dict, root: Path) -> dict:
    """Return one row of tracks; lyrics in the first filled file beside it go before those in its tags."""
    row = {name: known[name] for name in ("track_id", "duration_s", *FIELDS)}
    row |= {"path": str(item.path), "file": item.file, "title_from": "tags"}
    if not row["title"]:
        row |= {"title": item.path.stem, "title_from": "file name"}
    beside = next(filter(None, (read_side_text(side, root) for side in item.lyrics)), "")
    row["lyrics"] = beside or row["lyrics"]
    return row


def _read_file(item: Found, root: Path) -> dict | str:
    """Return id, duration and tags of a file, or the reason why it can't be used."""
    try:
        audio = check(item.path, root)
        return {
            "track_id": hash_file(item.path),
            "duration_s": float(audio.duration_s),
            "one_channel": audio.one_channel,
            **read_tags(item.path, root),
        }
    except AudioError as reason:
        return str(reason)
    except OSError as error:
        return f"can't be read: {reason_of(error)}"


def _read_files(
    root: Path, found: list[Found], known: dict[str, dict], progress: Progress, is_part: bool
) -> tuple[dict[str, dict | str], int]:
    """Read every file that is not known in its present size and time.

    With ``is_part``, what is known of the folder's other files is kept.

    Returns
    -------
    results : dict
        By path below the folder: what is known of the file, or the reason why it can't be used.
    n_read : int
        Files that were read.
    """
    results: dict[str, dict | str] = {item.file: known[item.file] for item in found if _is_known(item, known)}
    todo = [item for item in found if item.file not in results]
    asked = {item.file for item in found}
    others = {file: row for file, row in known.items() if is_part and file not in asked}
    by_file = {item.file: item for item in todo}
    read = run_each(functools.partial(_read_file, root=root), by_file, n_threads=min(os.cpu_count() or 1, 16))
    try:
        for done, (file, result) in enumerate(read, start=1):
            item = by_file[file]
            if isinstance(result, dict):
                result |= {"file": file, "size": item.size, "mtime_ns": item.mtime_ns}
            results[file] = result.reason if isinstance(result, Failed) else result
            if done % _SAVE_EVERY == 0:
                _save_known(root, {**others, **results})
            progress(done, len(todo), f"reading {_shown(item.path.name)}")
    finally:
        read.close()
        if todo:
            _save_known(root, {**others, **results})
    return results, len(todo)


def _known_path(root: Path) -> Path:
    """Return the store's path of what is known of a folder's files, for this version of the code."""
    version = source_hash(_read_file)
    return store.folder("known") / f"{store.key_of(str(root), version)}.parquet"


def _read_known(root: Path) -> dict[str, dict]:
    """Return what is known of a folder's files, by path below it; {} where that is missing or damaged."""
    try:
        return {row["file"]: row for row in pd.read_parquet(_known_path(root)).to_dict("records")}
    except (OSError, ValueError, KeyError):
        return {}


def _save_known(root: Path, results: dict[str, dict | str]) -> None:
    """Save what is known of usable files; the others are read again next time, as they may be fixed."""
    known = [result for result in results.values() if isinstance(result, dict)]
    rows = pd.DataFrame(known, columns=list(_KNOWN))
    rows = rows.astype({"duration_s": np.float64, "one_channel": bool})
    store.publish(_known_path(root), lambda path: rows.to_parquet(path, index=False))


def find_new(root: Path, found: list[Found]) -> list[Found]:
    """Return the files of a folder that are not known from an earlier reading."""
    known = _read_known(Path(os.path.realpath(root)))
    return [item for item in found if not _is_known(item, known)]


def _is_known(item: Found, known: dict[str, dict]) -> bool:
    """Return whether a file is known in its present size and time."""
    old = known.get(item.file)
    return old is not None and (old["size"], old["mtime_ns"]) == (item.size, item.mtime_ns)


def find_changed(root: str | Path, paths: dict[str, str]) -> set[str]:
    """Return the track ids whose file no longer has the content that the id is the hash of.

    A file of unchanged size and time isn't hashed again; one that can't be read is not counted as changed.

    Parameters
    ----------
    root : str or Path
        Of the collection's folder.
    paths : dict of str
        Path by track id.
    """
    known = {os.path.join(root, file): row for file, row in _read_known(Path(os.path.realpath(root))).items()}
    return {track_id for track_id, path in paths.items() if _is_changed(track_id, path, known.get(path))}


def _is_changed(track_id: str, path: str, row: dict | None) -> bool:
    """Return whether a file has other content than its id is the hash of."""
    try:
        found = os.stat(path)
        if row and (row["size"], row["mtime_ns"], row["track_id"]) == (
            found.st_size,
            found.st_mtime_ns,
            track_id,
        ):
            return False
        return hash_file(Path(path)) != track_id
    except (OSError, AudioError):
        return False

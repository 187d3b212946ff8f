"""Reading a folder of sound files into tracks."""

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import numpy as np
import pandas as pd

from core import store
from core.audio.decode import check
from core.audio.opening import open_source_file
from core.collection.problem import Problem
from core.collection.sources.tags import FIELDS, read_side_text, read_tags
from core.collection.sources.walk import Found, printable, reason_of, walk
from core.errors import AudioError, CollectionError
from core.progress import Progress, silent
from core.store.source import source_hash

BLOCK = 2**20  # bytes hashed at once
_KEEP_EVERY = 5_000  # files after which what was learnt is kept, so that a killed run need not start over
_KNOWN = ("file", "size", "mtime_ns", "track_id", "duration_s", *FIELDS)


def hash_file(path: Path) -> str:
    """Return the BLAKE2b-128 of a file's bytes as 32 hexadecimal digits."""
    digest = hashlib.blake2b(digest_size=16)
    with open_source_file(path) as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def read_folder(root: str | Path, progress: Progress = silent) -> tuple[pd.DataFrame, list[Problem], dict]:
    """Read every sound file below a folder: id, length, tags and the words beside it.

    Files whose path, size and time are known from an earlier reading are not opened again. Where several
    files hold the same bytes, the first path stands and the others are reported.

    Returns
    -------
    tracks : DataFrame
        In the order of their paths; besides the columns of a collection ``file`` (path below the folder),
        ``album``, ``genre``, ``genres`` (text, where tags name several), ``year`` and ``title_from``.
    problems : list of Problem
    counts : dict
        "n_files", "n_read" (not known from before), "n_broken", "n_duplicates", "bytes".

    Raises
    ------
    CollectionError
        When the folder is missing, holds no sound file, or none that can be used.
    """
    root = Path(os.path.expanduser(root))
    if not root.is_dir():
        raise CollectionError(
            f"{printable(root)} is not a folder" if root.exists() else f"there is no folder {printable(root)}"
        )
    root = Path(os.path.realpath(root))
    found, problems = [], []
    for item in walk(root):
        (found if isinstance(item, Found) else problems).append(item)
        if len(found) % 1_000 == 0:
            progress(0, 0, f"looking for sound in {_shown(root.name)}: {len(found):,} files")
    found.sort(key=lambda item: item.file.split("/"))
    if not found:
        why = f"; {len(problems)} can't be used, {problems[0].path} {problems[0].reason}" if problems else ""
        raise CollectionError(f"there is no sound file below {printable(root)}{why}")

    known = _read_known(root)
    looks, n_read = _look_at_all(root, found, known, progress)
    rows, first, counts = [], {}, {"n_files": len(found), "n_read": n_read, "n_broken": 0, "n_duplicates": 0}
    for item in found:
        look = looks[item.file]
        if isinstance(look, str):
            problems.append(Problem(str(item.path), look))
            counts["n_broken"] += 1
        elif look["track_id"] in first:
            problems.append(
                Problem(str(item.path), f"the same sound as {first[look['track_id']]}", "duplicate")
            )
            counts["n_duplicates"] += 1
        else:
            first[look["track_id"]] = item.file
            rows.append(_track(item, look, root))
    if not rows:
        raise CollectionError(
            f"none of the {len(found)} sound files below {printable(root)} can be used; {problems[0].path} "
            f"{problems[0].reason}"
        )
    return pd.DataFrame(rows), problems, {**counts, "bytes": sum(item.size for item in found)}


def _shown(name: str) -> str:
    """Return a name for a note: a terminal obeys control characters and can't print what is no valid Unicode."""
    return "".join(c if c.isprintable() else "?" for c in name)


def _track(item: Found, look: dict, root: Path) -> dict:
    """Put together one row of tracks; words beside the file come before those inside it."""
    row = {name: look[name] for name in ("track_id", "duration_s", *FIELDS)}
    row |= {"path": str(item.path), "file": item.file, "title_from": "tags"}
    if not row["title"]:
        row |= {"title": item.path.stem, "title_from": "file name"}
    words = read_side_text(item.words, root) if item.words else ""
    row["lyrics"] = words or row["lyrics"]
    return row


def _look(item: Found, root: Path) -> dict | str:
    """Open one file: id, length and tags, or the reason why it can't be used."""
    try:
        duration_s = float(check(item.path, root).duration_s)
        return {"track_id": hash_file(item.path), "duration_s": duration_s, **read_tags(item.path, root)}
    except AudioError as reason:
        return str(reason)
    except OSError as error:
        return f"can't be read: {reason_of(error)}"


def _look_at_all(
    root: Path, found: list[Found], known: dict[str, dict], progress: Progress
) -> tuple[dict[str, dict | str], int]:
    """Look at every file that is not known in its present size and time; return all looks and how many were taken."""
    looks: dict[str, dict | str] = {}
    todo = []
    for item in found:
        old = known.get(item.file)
        if old and (old["size"], old["mtime_ns"]) == (item.size, item.mtime_ns):
            looks[item.file] = old
        else:
            todo.append(item)
    pool = ThreadPoolExecutor(min(os.cpu_count() or 1, 16))  # hashing and decoding release the lock
    try:
        futures = {pool.submit(_look, item, root): item for item in todo}
        for done, future in enumerate(as_completed(futures), start=1):
            item, look = futures[future], future.result()
            looks[item.file] = (
                look
                if isinstance(look, str)
                else {"file": item.file, "size": item.size, "mtime_ns": item.mtime_ns, **look}
            )
            if done % _KEEP_EVERY == 0:
                _keep_known(root, looks)
            progress(done, len(todo), f"reading {_shown(item.path.name)}")
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        if todo:
            _keep_known(root, looks)
    return looks, len(todo)


def _known_path(root: Path) -> Path:
    """Return where the store keeps what is known of a folder's files, for this version of the code."""
    version = source_hash(_look)
    return store.folder("known") / f"{store.key_of(str(root), version)}.parquet"


def _read_known(root: Path) -> dict[str, dict]:
    """Return what is known of a folder's files by their path below it; nothing where that is lost or damaged."""
    try:
        return {row["file"]: row for row in pd.read_parquet(_known_path(root)).to_dict("records")}
    except (OSError, ValueError, KeyError):
        return {}


def _keep_known(root: Path, looks: dict[str, dict | str]) -> None:
    """Keep what was learnt of good files; broken ones are looked at again next time, they may have been mended."""
    rows = pd.DataFrame([look for look in looks.values() if isinstance(look, dict)], columns=list(_KNOWN))
    rows["duration_s"] = rows["duration_s"].astype(np.float64)
    store.publish(_known_path(root), lambda path: rows.to_parquet(path, index=False))


def find_new(root: Path, found: list[Found]) -> list[Found]:
    """Return the files of a folder that are not known from an earlier reading."""
    known = _read_known(Path(os.path.realpath(root)))
    return [
        item
        for item in found
        if item.file not in known
        or (known[item.file]["size"], known[item.file]["mtime_ns"]) != (item.size, item.mtime_ns)
    ]


def find_changed(root: str | Path, paths: dict[str, str]) -> set[str]:
    """Return the track ids whose file no longer holds the bytes that the id is the hash of.

    A file in the size and time in which it was hashed isn't hashed again; one that can't be read is left to
    its reader.

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
    """Say whether a file holds other bytes than those that its id is the hash of."""
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

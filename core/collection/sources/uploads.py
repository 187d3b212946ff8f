"""Small uploads from the browser, saved in a folder of the store; with sign-in everybody has an own one."""

import functools
from collections.abc import Iterable
from pathlib import Path

from core import store
from core.access.audit import audited
from core.access.quotas import upload_folder, uploading
from core.audio.endings import is_audio_name
from core.collection.naming import check_name, safe_file_name
from core.collection.sources.tags import SIDE_ENDINGS
from core.collection.tables.sheet import is_sheet_name
from core.errors import CollectionError


def save_uploads(name: str, files: Iterable[tuple[str, bytes]]) -> Path:
    """Save uploaded files for the collection ``name`` and return the folder, or the one table, to add.

    Files uploaded before under the same name remain. Only the last part of a file's name is used, without
    characters that a file system refuses.

    Parameters
    ----------
    files : iterable of (str, bytes)
        File name as the browser sent it, and content.

    Raises
    ------
    AccessError
        When nobody signed in on a server with sign-in.
    QuotaError
        When the files would exceed the person's limit; none is saved.
    CollectionError
        When the name is not valid, or no file is audio, text or a table.
    """
    usable = []
    for given, data in files:
        safe = safe_file_name(given)
        if is_audio_name(safe) or is_sheet_name(safe) or safe.lower().endswith(SIDE_ENDINGS):
            usable.append((safe, data))
    size = sum(len(data) for _, data in usable)
    with audited("upload", check_name(name), n_files=len(usable), bytes=size), uploading(size):
        folder = upload_folder() / name
        saved = [store.publish(folder / safe, functools.partial(_write, data)) for safe, data in usable]
    if not saved:
        raise CollectionError(
            "none of the uploaded files is audio, text (.txt, .lrc) or a table (.csv, .parquet)"
        )
    tables = [path for path in saved if is_sheet_name(path)]
    return tables[0] if len(tables) == len(saved) == 1 else folder


def _write(data: bytes, path: Path) -> None:
    """Write a file's content."""
    path.write_bytes(data)

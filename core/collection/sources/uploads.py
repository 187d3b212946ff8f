"""Small uploads from the browser: files with names that somebody else chose, kept in a folder of the store."""

from collections.abc import Iterable
from pathlib import Path

from core import store
from core.audio.endings import is_audio_name
from core.collection.naming import check_name, safe_file_name
from core.collection.sources.tags import SIDE_ENDINGS
from core.collection.tables.sheet import is_sheet_name
from core.errors import CollectionError


def keep_uploads(name: str, files: Iterable[tuple[str, bytes]]) -> Path:
    """Keep uploaded files for the collection ``name`` and return the folder, or the one table, to add.

    Files stay beside those uploaded before under the same name. Only the last part of a file's name is used,
    without what a file system can't hold.

    Parameters
    ----------
    files : iterable of (str, bytes)
        File name as the browser sent it, and content.

    Raises
    ------
    CollectionError
        When the name can't be one, or no file is sound, words or a table.
    """
    folder = store.folder("uploads", check_name(name))
    kept = []
    for given, data in files:
        safe = safe_file_name(given)
        if is_audio_name(safe) or is_sheet_name(safe) or safe.lower().endswith(SIDE_ENDINGS):
            kept.append(store.publish(folder / safe, lambda path, data=data: path.write_bytes(data)))
    if not kept:
        raise CollectionError(
            "none of the uploaded files is sound, words (.txt, .lrc) or a table (.csv, .parquet)"
        )
    tables = [path for path in kept if is_sheet_name(path)]
    return tables[0] if len(tables) == len(kept) == 1 else folder

"""Names that every file system accepts."""

import re
from pathlib import PurePosixPath

from core.errors import CollectionError

MAX_NAME_BYTES = 200
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def check_name(name: str) -> str:
    """Return a collection's name if every file system accepts it.

    Raises
    ------
    CollectionError
        When it is not valid; says what is allowed.
    """
    if not _NAME.fullmatch(name) or name.endswith(".") or _RESERVED.fullmatch(name):
        raise CollectionError(
            f"{name[:80]!r} can't name a collection: use 1 to 64 letters (a–z), digits, dots, hyphens or "
            "underscores, with a letter or digit first"
        )
    return name


def safe_file_name(name: str) -> str:
    """Return the last part of a path, shortened and without characters that some file system refuses."""
    last = PurePosixPath(name.replace("\\", "/")).name
    clean = re.sub(r'[\x00-\x1f<>:"|?*]', "_", last).encode("utf-8", "ignore").decode().strip(" .") or "file"
    stem, dot, ending = clean.rpartition(".")
    while len(clean.encode()) > MAX_NAME_BYTES:
        stem = stem[:-1]
        clean = stem + dot + ending[:16]
    return clean

"""Kinds of sources: the demo, simulated data, a folder of audio or a table."""

import os
from collections.abc import Sequence
from pathlib import Path

from core.audio.endings import is_audio_name
from core.collection.tables.sheet import is_sheet_name
from core.errors import CollectionError
from core.simulated import SIMULATED

ALLOWED = f"a folder of audio, a CSV or Parquet table, demo, or simulated data ({', '.join(SIMULATED)})"


def sources_of(source: str | Path | Sequence[str | Path]) -> list[str]:
    """Return each of several sources: of a sequence, or of the lines that :func:`place_of` made of one."""
    if isinstance(source, (str, Path)):
        lines = str(source).split("\n")
        return lines if len(lines) > 1 and all(map(is_sheet_name, lines)) else [str(source)]
    return list(map(str, source))


def place_of(source: str | Path | Sequence[str | Path]) -> tuple[str, str]:
    """Return the kind of a source, and its absolute path; of several tables one path a line.

    Raises
    ------
    CollectionError
        When there is no such source, or there are several and not all are tables.
    """
    sources = list(dict.fromkeys(sources_of(source)))
    if not sources:
        raise CollectionError(f"there is no source; give {ALLOWED}")
    kinds = [kind_of(one) for one in sources]
    if len(sources) > 1 and set(kinds) != {"table"}:
        other = next(one for one, kind in zip(sources, kinds) if kind != "table")
        raise CollectionError(
            f"several sources are read as one only if all are tables, and {other!r} is none; add it by itself"
        )
    if kinds[0] in ("demo", "simulated"):
        return kinds[0], sources[0]
    return kinds[0], "\n".join(str(Path(os.path.expanduser(one)).resolve()) for one in sources)


def kind_of(source: str | Path) -> str:
    """Return the kind of a source: "demo", "simulated", "folder" or "table".

    Raises
    ------
    CollectionError
        When it is none of them; lists what is allowed.
    """
    if str(source) == "demo":
        return "demo"
    if str(source) in SIMULATED:
        return "simulated"
    path = Path(source)
    try:
        path = Path(os.path.expanduser(path))
        if path.is_dir() and str(source).strip():  # "" is not the working folder
            return "folder"
        if path.is_file() and is_sheet_name(path):
            return "table"
        exists = path.exists() and bool(str(source).strip())
    except (OSError, ValueError, RuntimeError):  # a name too long, or with NUL; no such user after ~
        exists = False
    if not exists:
        raise CollectionError(f"there is no {str(source)[:200]!r}; give {ALLOWED}")
    hint = "give its folder" if is_audio_name(path.name) else f"give {ALLOWED}"
    raise CollectionError(f"{path.name} can't be added: {hint}")

"""Kinds of sources: the demo, simulated data, a folder of audio or a table."""

import os
from pathlib import Path

from core.audio.endings import is_audio_name
from core.collection.tables.sheet import is_sheet_name
from core.errors import CollectionError
from core.simulated import SIMULATED

ALLOWED = f"a folder of audio, a CSV or Parquet table, demo, or simulated data ({', '.join(SIMULATED)})"


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

"""Audio files in a folder or an archive: their names, by cluster, and the playlist beside them."""

import os
import re
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

import numpy as np
import pandas as pd

from core.audio.opening import open_source_file
from core.errors import AudioError, CollectionError
from core.export.taken import Taken
from core.progress import Progress

PLAYLIST = "playlist.m3u8"
LONGEST = 80
"""Characters of a file's name without its number and ending."""
_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f\ud800-\udfff]+')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def files_of(taken: Taken, ending: str | None = None) -> pd.DataFrame:
    """Return the tracks with audio and the name of each file, ``Cluster 1/01 Artist - Title.mp3``.

    Parameters
    ----------
    ending : str, optional
        Of all files; by default each keeps its own.

    Returns
    -------
    DataFrame
        The columns of :attr:`core.export.taken.Taken.tracks` and ``name``.

    Raises
    ------
    CollectionError
        When no track has audio.
    """
    taken = taken.by_cluster
    table = taken.tracks.assign(folder=taken.cluster_names)
    table = table[table["path"] != ""].reset_index(drop=True)
    if table.empty:
        raise CollectionError("none of these tracks has audio, so there is no file to take along")
    numbers = table.groupby("folder").cumcount() + 1
    digits = len(str(numbers.max()))
    if taken.is_ranked:
        numbers, digits = pd.Series(range(1, len(table) + 1)), len(str(len(table)))
    names = []
    for number, track in zip(numbers, table.to_dict("records")):
        suffix = Path(track["path"]).suffix.lower() if ending is None else ending
        title = " - ".join(filter(None, (track["artist"], track["title"]))) or Path(track["path"]).stem
        folder = "" if taken.is_ranked else f"{safe_name(track['folder'])}/"
        names.append(f"{folder}{number:0{digits}d} {safe_name(title)}{_UNSAFE.sub('_', suffix)}")
    return table.assign(name=names)


def copy_tracks(
    table: pd.DataFrame,
    open_target: Callable[[str], IO[bytes]],
    progress: Progress,
    *,
    note: str = "copying files",
    source_of: Callable[[str], str | Path] = str,
    nothing: str = "none of these files can be copied",
) -> tuple[pd.DataFrame, list[str]]:
    """Copy the files of :func:`files_of`; return the tracks that were copied, and why the others were not.

    Parameters
    ----------
    open_target : callable
        Opens a file for writing by the name that it gets.
    source_of : callable
        From a track's path to the file that is copied; may raise ``AudioError``.
    nothing : str
        Begins the error.

    Raises
    ------
    CollectionError
        When no file can be copied.
    """
    kept, reasons = [], []
    for done, track in enumerate(table.to_dict("records")):
        progress(done, len(table), note)
        try:
            with open_source_file(source_of(track["path"])) as source, open_target(track["name"]) as copy:
                shutil.copyfileobj(source, copy, 2**20)
            kept.append(done)
        except AudioError as reason:
            reasons.append(str(reason))
    if not kept:
        raise CollectionError(f"{nothing}: the first {reasons[-1]}")
    return table.iloc[kept], reasons


def safe_name(text: str) -> str:
    """Return text as a name that every file system takes.

    >>> safe_name("../AC/DC"), safe_name("con")
    ('_AC_DC', '_con')
    """
    name = _UNSAFE.sub("_", " ".join(text.split()))[:LONGEST].strip(" .") or "track"
    return f"_{name}" if _RESERVED.fullmatch(name) else name


def playlist_problem(path: str) -> str:
    """Return the reason why a path can't be in a playlist, "" if it can."""
    if not path:
        return "has no audio"
    return "has a line break in its path" if "\n" in path or "\r" in path else ""


def relative_path(path: str, base: str | Path) -> str:
    """Return a path from a folder, with slashes; the path itself on another drive."""
    try:
        return os.path.relpath(path, base).replace(os.sep, "/")
    except ValueError:
        return path


def common_folder(paths: Sequence[str]) -> str:
    """Return the deepest folder that holds all files, the first file's where they share none."""
    try:
        return os.path.commonpath([os.path.dirname(path) for path in paths])
    except ValueError:
        return os.path.dirname(paths[0])


def describe_playlist(table: pd.DataFrame, paths: Sequence[str]) -> str:
    """Return the text of a playlist of tracks at these paths.

    A line break inside a title would start a new entry, so it becomes a space.
    """
    lines = ["#EXTM3U"]
    for track, path in zip(table.to_dict("records"), paths, strict=True):
        seconds = -1 if not np.isfinite(track["duration_s"]) else round(track["duration_s"])
        name = " - ".join(part for part in (track["artist"], track["title"]) if part)
        lines += [f"#EXTINF:{seconds},{' '.join(name.split())}", path]
    return "\n".join(lines) + "\n"

"""Estimate what a source holds and how long reading it takes, without opening its files."""

from collections.abc import Sequence
from pathlib import Path

from core.collection.sources.demo import ASSETS
from core.collection.sources.folder import find_new
from core.collection.sources.kind import place_of, sources_of
from core.collection.sources.walk import Found, walk
from core.progress import Progress, silent

SECONDS_PER_FILE = 0.008
SECONDS_PER_BYTE = 1 / 500e6
SECONDS_PER_TABLE_BYTE = 1 / 10e6


def estimate(source: str | Path | Sequence[str | Path], progress: Progress = silent) -> dict:
    """Count the files of a source without opening them, and estimate how long reading takes.

    Returns
    -------
    dict
        "n_files"; "n_new", those that are not known from an earlier reading; "bytes"; "seconds", a rough
        estimate for new files.

    Raises
    ------
    CollectionError
        When the source is not valid.
    """
    kind, place = place_of(source)
    if kind == "simulated":
        return {"n_files": 0, "n_new": 0, "bytes": 0, "seconds": 0.2}
    if kind == "table":
        files = sources_of(place)
        size = sum(Path(file).stat().st_size for file in files)
        return {
            "n_files": len(files),
            "n_new": len(files),
            "bytes": size,
            "seconds": round(0.2 + size * SECONDS_PER_TABLE_BYTE, 1),
        }
    root = ASSETS / "audio" if kind == "demo" else Path(place)
    found: list[Found] = []
    for item in walk(root):
        if isinstance(item, Found):
            found.append(item)
            if len(found) % 1_000 == 0:
                progress(0, 0, f"counting: {len(found):,} files")
    new = find_new(root, found)
    seconds = len(new) * SECONDS_PER_FILE + sum(item.size for item in new) * SECONDS_PER_BYTE
    return {
        "n_files": len(found),
        "n_new": len(new),
        "bytes": sum(item.size for item in found),
        "seconds": round(seconds, 2),
    }

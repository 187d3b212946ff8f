"""Copies of the audio files in a folder."""

from dataclasses import dataclass
from pathlib import Path
from typing import IO

from core.config import Config
from core.export.taken import Taken
from core.export.track_files import PLAYLIST, copy_tracks, describe_playlist, files_of
from core.progress import Progress


@dataclass(frozen=True)
class FileCopies(Config):
    """A folder with copies of the audio files, one folder per cluster."""

    def estimate(self, taken: Taken) -> int:
        """Return the size of the files in bytes."""
        return sum(size_of(path) for path in files_of(taken)["path"])

    def write(self, taken: Taken, out: Path, progress: Progress) -> list[str]:
        """Copy the files; one that can't be read is left out with the reason.

        Raises
        ------
        CollectionError
            When no file can be read.
        """
        table = files_of(taken)
        reasons = ["has no audio"] * (len(taken.members) - len(table))

        def open_target(name: str) -> IO[bytes]:
            target = out / name
            target.parent.mkdir(parents=True, exist_ok=True)
            return open(target, "wb")

        table, failed = copy_tracks(table, open_target, progress)
        (out / PLAYLIST).write_text(describe_playlist(table, table["name"].tolist()), encoding="utf-8")
        return reasons + failed


def size_of(path: str) -> int:
    """Return the size of a file in bytes, 0 where it is missing."""
    try:
        return Path(path).stat().st_size
    except (OSError, ValueError):
        return 0

"""Copies of the audio files in a folder."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from core.audio.opening import open_source_file
from core.config import Config
from core.errors import AudioError, CollectionError
from core.export.taken import Taken
from core.export.track_files import PLAYLIST, describe_playlist, files_of
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
        kept = []
        for done, track in enumerate(table.to_dict("records")):
            progress(done, len(table), "copying files")
            target = out / track["name"]
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                with open_source_file(track["path"]) as source, open(target, "wb") as copy:
                    shutil.copyfileobj(source, copy, 2**20)
                kept.append(done)
            except AudioError as reason:
                reasons.append(str(reason))
        if not kept:
            raise CollectionError(f"none of these files can be copied: the first {reasons[-1]}")
        table = table.iloc[kept]
        (out / PLAYLIST).write_text(describe_playlist(table, table["name"].tolist()), encoding="utf-8")
        return reasons


def size_of(path: str) -> int:
    """Return the size of a file in bytes, 0 where it is missing."""
    try:
        return Path(path).stat().st_size
    except (OSError, ValueError):
        return 0

"""Excerpts of the tracks, or their whole files, in one ZIP file."""

import zipfile
from dataclasses import dataclass
from pathlib import Path

from core.audio.excerpt_clip import clip_bytes, make_clip
from core.config import Config, setting
from core.export.formats.file_copies import size_of
from core.export.taken import Taken
from core.export.track_files import PLAYLIST, copy_tracks, describe_playlist, files_of
from core.progress import Progress


@dataclass(frozen=True)
class AudioArchive(Config):
    """A ZIP file of excerpts or of whole files."""

    seconds: float = setting(
        30.0, title="Seconds", help="Length of an excerpt, from the middle of the track.", low=1, high=600
    )
    whole_files: bool = setting(False, title="Whole files", help="The files as they are instead of excerpts.")

    def estimate(self, taken: Taken) -> int:
        """Return about how many bytes the archive has."""
        table = files_of(taken)
        if self.whole_files:
            return sum(map(size_of, table["path"]))
        return round(sum(clip_bytes(duration, self.seconds) for duration in table["duration_s"]))

    def write(self, taken: Taken, out: Path, progress: Progress) -> list[str]:
        """Write the archive; a track that can't be read is left out with the reason.

        Raises
        ------
        CollectionError
            When no track can be read.
        """
        table = files_of(taken, None if self.whole_files else ".mp3")
        reasons = ["has no audio"] * (len(taken.members) - len(table))
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:  # audio is compressed already
            table, failed = copy_tracks(
                table,
                lambda name: archive.open(name, "w"),
                progress,
                note="copying files" if self.whole_files else "cutting excerpts",
                source_of=str if self.whole_files else lambda path: make_clip(path, self.seconds),
                nothing="none of these tracks can be read",
            )
            archive.writestr(PLAYLIST, describe_playlist(table, table["name"].tolist()))
        return reasons + failed

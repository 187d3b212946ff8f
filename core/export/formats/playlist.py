"""Extended M3U: the paths of the audio files with title and duration."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from core.config import Config, setting
from core.errors import CollectionError
from core.export.taken import Taken
from core.export.track_files import common_folder, describe_playlist, playlist_problem, relative_path
from core.progress import Progress


@dataclass(frozen=True)
class Playlist(Config):
    """An extended M3U playlist of the tracks with audio."""

    relative: bool = setting(
        False,
        title="Relative paths",
        help="Paths from the playlist's folder, so that both can be moved together; on pages, from the "
        "folder that holds all files.",
    )
    base: Literal["playlist", "common"] = setting(
        "playlist",
        title="Folder",
        help="The folder that relative paths start from: the playlist's, or the one that holds all files.",
        filled_in=True,
    )

    def write(self, taken: Taken, out: Path, progress: Progress) -> list[str]:
        """Write the playlist; a track without audio, or with a line break in its path, is left out.

        Raises
        ------
        CollectionError
            When it would be empty.
        """
        table = taken.by_cluster.tracks
        problems = [playlist_problem(path) for path in table["path"]]
        table = table[[not problem for problem in problems]]
        if table.empty:
            raise CollectionError("none of these tracks has audio, so the playlist would be empty")
        paths = table["path"].tolist()
        if self.relative:
            base = out.absolute().parent if self.base == "playlist" else common_folder(paths)
            paths = [relative_path(path, base) for path in paths]
        out.write_text(describe_playlist(table, paths), encoding="utf-8", errors="surrogateescape")
        return [problem for problem in problems if problem]

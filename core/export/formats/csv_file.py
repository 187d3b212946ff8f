"""CSV for spreadsheets."""

from dataclasses import dataclass
from pathlib import Path

from core.config import Config, setting
from core.export.spreadsheet_cells import write_csv
from core.export.taken import Taken
from core.progress import Progress


@dataclass(frozen=True)
class CsvTable(Config):
    """A table of metadata and clusters, UTF-8 with a byte order mark, by which spreadsheets know it."""

    positions: bool = setting(
        False, title="Positions", help="Columns x and y: the positions on the map, in arbitrary units."
    )

    def write(self, taken: Taken, out: Path, progress: Progress) -> list[str]:
        """Write one row per track: metadata, ``cluster`` (from 0), ``cluster_name``, perhaps x and y."""
        table = taken.tracks.assign(cluster_name=taken.cluster_names)
        if (stability := taken.stability(progress)) is not None:
            table["stability"] = stability
        if self.positions:
            table[["x", "y"]] = taken.positions(progress)
        with open(out, "w", encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
            write_csv(table, file)
        return []

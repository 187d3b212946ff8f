"""Parquet: the table that ``add`` reads again."""

from dataclasses import dataclass
from pathlib import Path

from core.config import Config, setting
from core.export.taken import Taken
from core.progress import Progress


@dataclass(frozen=True)
class ParquetTable(Config):
    """A table of metadata, clusters and vectors."""

    vectors: bool = setting(
        True,
        title="Vectors",
        help="The column vector: what was clustered, a fused vector where audio and text are.",
    )
    positions: bool = setting(
        False, title="Positions", help="Columns x and y: the positions on the map, in arbitrary units."
    )

    def write(self, taken: Taken, out: Path, progress: Progress) -> list[str]:
        """Write one row per track: metadata, ``cluster`` (from 0), ``vector``, ``x``, ``y``."""
        table = taken.tracks
        if self.vectors:
            table["vector"] = list(taken.vectors)
        if self.positions:
            table[["x", "y"]] = taken.positions(progress)
        if (stability := taken.stability(progress)) is not None:
            table["stability"] = stability
        table.to_parquet(out, index=False)
        return []

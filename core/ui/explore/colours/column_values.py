"""Values of tracks from columns and folders, as texts or as numbers."""

import numpy as np
import pandas as pd

from core.collection import Collection
from core.collection.genres.label_choice import label_columns
from core.collection.genres.label_source import folder_at
from core.pipeline.choice import Choice

FEW_VALUES = 12
"""Numbers with at most so many different values are names rather than quantities."""
MOST_DEPTH = 6
"""Folders deeper than this are not offered."""
_ELSEWHERE = {"title", "label", "language", "genres", "coarse_genres"}
"""Columns that have an entry of their own, or whose values are all different."""


def columns_of(collection: Collection, choice: Choice) -> dict[str, str]:
    """Return the columns that points can be coloured by, with their titles."""
    names = [str(name) for name in label_columns(collection.tracks, collection.table)]
    duration = {"duration_s": "Duration (s)"} if collection.tracks["duration_s"].notna().any() else {}
    return duration | {name: f"Column: {name}" for name in names if name not in _ELSEWHERE}


def folders_of(collection: Collection, choice: Choice) -> dict[str, str]:
    """Return the depths of folders, counted from the source, with their titles."""
    depth = min(MOST_DEPTH, int(_files(collection.tracks).str.count("/").max() or 0))
    return {str(level): "Folder" if depth == 1 else f"Folder, level {level}" for level in range(1, depth + 1)}


def folder_names(tracks: pd.DataFrame, level: str) -> list[str]:
    """Return each track's folder at a level, "" where it lies less deep."""
    return [folder_at(file, f"folder:{level}") for file in _files(tracks)]


def is_numeric(cells: pd.Series) -> bool:
    """Return whether the values of a column are quantities: numbers with many different values."""
    numbers = pd.to_numeric(cells, errors="coerce")
    filled = cells.notna() & (cells.astype(str).str.strip() != "")
    return bool(filled.any() and numbers[filled].notna().mean() > 0.9 and numbers.nunique() > FEW_VALUES)


def numbers_of(cells: pd.Series) -> np.ndarray:
    """Return the cells as finite numbers, nan where they hold none."""
    numbers = pd.to_numeric(cells, errors="coerce").to_numpy(float)
    return np.where(np.isfinite(numbers), numbers, np.nan)


def texts_of(cells: pd.Series) -> np.ndarray:
    """Return the cells as texts, "" where missing, whole numbers without a fraction."""
    texts = cells.where(cells.notna(), "").astype(str).str.strip()
    return texts.str.replace(r"^(-?\d+)\.0$", r"\1", regex=True).to_numpy(object)


def _files(tracks: pd.DataFrame) -> pd.Series:
    """Return the path of each track's file below the source, "" where unknown."""
    nothing = pd.Series("", index=tracks.index)
    audio, files = (tracks.get(name, nothing).fillna("").astype(str) for name in ("sound_file", "file"))
    return audio.where(audio != "", files).str.replace("\\", "/", regex=False)

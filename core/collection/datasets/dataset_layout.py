"""The contract of the layouts of published datasets, and the folders that they are looked for in."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pandas as pd

from core.collection.problem import Problem
from core.progress import Progress
from core.registry import Spec

Places = Mapping[str, Path]
"""The folders and files of a dataset by their role; "audio" is the folder of the audio files."""
Read = tuple[pd.DataFrame, list[Problem], dict]
"""Tracks, problems and info, as :func:`core.collection.sources.folder.read_folder` returns them.

The info may hold "columns" (name of each column in the dataset's tables → in the tracks), "labels" (their
origin and counts, see :func:`core.collection.genres.label_source.count_labels`), and "dataset" (see
:func:`core.collection.datasets.annotations.describe`)."""
_MOST = 500
"""Most entries of a folder that are looked at."""


class DatasetLayout(Protocol):
    """A published dataset as it lies on disk."""

    def locate(self, folder: Path) -> Places | None:
        """Find the dataset in a folder or beside it by names alone; None where it is not there."""

    def read(self, places: Places, progress: Progress) -> Read:
        """Read the dataset.

        Raises
        ------
        CollectionError
            When a file is not as published, or no audio file can be used.
        """


@dataclass(frozen=True, kw_only=True)
class LayoutSpec(Spec):
    """Description of a layout.

    Attributes
    ----------
    expected : str
        The folders and files that it is recognised by, for errors and the documentation.
    """

    expected: str

    def protocols(self) -> tuple[type, ...]:
        """Return the protocol that a layout must meet."""
        return (DatasetLayout,)


def subfolders_of(folder: Path) -> list[Path]:
    """Return the folders directly in a folder, sorted; of a huge folder some; none if it can't be opened."""
    found = []
    try:
        with os.scandir(folder) as listing:
            for n, entry in enumerate(listing):
                if n == _MOST:
                    break
                if not entry.name.startswith(".") and entry.is_dir():
                    found.append(Path(entry.path))
    except OSError:
        return []
    return sorted(found)


def first_folder(places: Iterable[Path], *names: str) -> Path | None:
    """Return the first place that has one of these names, or directly holds a folder that has; else None."""
    for place in places:
        for name in names:
            if place.name == name and place.is_dir():
                return place
            if (place / name).is_dir():
                return place / name
    return None

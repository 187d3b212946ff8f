"""Labels of tracks: from a column, from tags, or from folders."""

from collections.abc import Iterable, Sequence

import pandas as pd

from core.collection.genres.splitting import common_spellings
from core.collection.tables.join import resolve_label
from core.errors import CollectionError

FROM_FOLDER, FROM_TAGS = "folder", "tags"
DEPTHS = ("top", "deepest", "path")
"""Which of the folders below the source is the label: "folder:deepest"; a number counts them from 1."""


def choose_labels(tracks: pd.DataFrame, label: str | None, columns: dict[str, str]) -> tuple[list[str], dict]:
    """Return each track's label and the origin of the labels.

    ``label`` is "folder" (the first folder below the source; for a table, that of its audio files),
    "folder:deepest", "folder:path" (all of them), "folder:2" (the second), "tags" (the genre) or a column. By
    default a column named label, else genres, if at least half of the tracks have one; else folders, if there
    are two or more with two tracks on average; else none. Spellings that differ only in case are one label.

    Parameters
    ----------
    columns : dict
        Name of each column in the joined table → in ``tracks``.

    Returns
    -------
    labels : list of str
        "" where a track has none.
    info : dict
        "asked" (``label``), "from", "n_labelled", "n_labels".

    Raises
    ------
    CollectionError
        When ``label`` is not a column; lists the valid ones.
    """
    origin, found = _choose(tracks, label, columns)
    labels = tidy_labels(found)
    return labels, count_labels(labels, label, origin)


def tidy_labels(found: Iterable) -> list[str]:
    """Return values as labels: "" where missing, single spaces, one spelling where only case differs."""
    labels = ["" if value is None or value != value else " ".join(str(value).split()) for value in found]
    spelling = common_spellings(labels, str.casefold)
    return [spelling[value.casefold()] for value in labels]


def count_labels(labels: list[str], asked: str | None, origin: str) -> dict:
    """Return the details of labels: "asked", "from", "n_labelled", "n_labels"."""
    named = [value for value in labels if value]
    return {"asked": asked, "from": origin, "n_labelled": len(named), "n_labels": len(set(named))}


def is_folder_label(label: str | None) -> bool:
    """Return whether a label is asked from the folders."""
    return label is not None and label.partition(":")[0] == FROM_FOLDER


def folder_at(file: str, label: str) -> str:
    """Return the folder of a file that is its label, "" where it lies less deep.

    Parameters
    ----------
    file : str
        Path below the source.
    label : str
        "folder", or "folder:" with one of :data:`DEPTHS` or a number from 1.

    Raises
    ------
    CollectionError
        When the depth is none of these.

    Examples
    --------
    >>> [folder_at("drums/kick/a.wav", f"folder:{depth}") for depth in ("top", "deepest", "path", 2, 3)]
    ['drums', 'kick', 'drums/kick', 'kick', '']
    """
    depth = label.partition(":")[2] or DEPTHS[0]
    folders = file.replace("\\", "/").split("/")[:-1]
    if depth.isdecimal() and int(depth):
        return folders[int(depth) - 1] if len(folders) >= int(depth) else ""
    if depth not in DEPTHS:
        raise CollectionError(
            f"--label {label!r}: the depth must be {', '.join(DEPTHS)} or a number from 1: folder:deepest"
        )
    if depth == "path":
        return "/".join(folders)
    return (folders[0] if depth == "top" else folders[-1]) if folders else ""


def _choose(tracks: pd.DataFrame, label: str | None, columns: dict[str, str]) -> tuple[str, list]:
    """Return the origin of the labels, and the raw value of each track."""
    nothing = [""] * len(tracks)
    files = [
        audio or file for audio, file in zip(tracks.get("sound_file", nothing), tracks.get("file", nothing))
    ]
    folders = [name.split("/")[0] if "/" in name else "" for name in files]
    genres, given = list(tracks.get("genre", nothing)), list(tracks.get("label", nothing))
    if is_folder_label(label):
        return str(label), [folder_at(name, str(label)) for name in files]
    if label == FROM_TAGS:
        return FROM_TAGS, genres
    if label is not None:
        column = resolve_label(label, columns, tracks)
        return column, list(tracks[column])
    if _mostly(given):
        return "label", given
    if _mostly(genres):
        return "genre" if "genre" in columns.values() else FROM_TAGS, genres
    filled = [folder for folder in folders if folder]
    if len(set(filled)) >= 2 and len(filled) >= 2 * len(set(filled)):
        return FROM_FOLDER, folders
    return "nothing", nothing


def _mostly(labels: Sequence[str]) -> bool:
    """Return whether at least half of the tracks have a label."""
    return bool(len(labels)) and sum(bool(label) for label in labels) * 2 >= len(labels)

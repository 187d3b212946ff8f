"""Labels of tracks: from a column, from tags, or from folders."""

from collections.abc import Sequence

import pandas as pd

from core.collection.genres.splitting import common_spellings
from core.collection.tables.join import resolve_label

FROM_FOLDER, FROM_TAGS = "folder", "tags"


def choose_labels(tracks: pd.DataFrame, label: str | None, columns: dict[str, str]) -> tuple[list[str], dict]:
    """Return each track's label and the origin of the labels.

    ``label`` is "folder" (the first folder below the source; for a table, that of its audio files), "tags"
    (the genre) or a column. By default a column named label, else genres, if at least half of the tracks have
    one; else folders, if there are two or more with two tracks on average; else none. Spellings that differ
    only in case are one label.

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
    labels = ["" if value is None or value != value else " ".join(str(value).split()) for value in found]
    spelling = common_spellings(labels, str.casefold)  # labels that differ only in case are one
    labels = [spelling[value.casefold()] for value in labels]
    named = [value for value in labels if value]
    return labels, {"asked": label, "from": origin, "n_labelled": len(named), "n_labels": len(set(named))}


def _choose(tracks: pd.DataFrame, label: str | None, columns: dict[str, str]) -> tuple[str, list]:
    """Return the origin of the labels, and the raw value of each track."""
    nothing = [""] * len(tracks)
    files = [
        audio or file for audio, file in zip(tracks.get("sound_file", nothing), tracks.get("file", nothing))
    ]
    folders = [name.split("/")[0] if "/" in name else "" for name in files]
    genres, given = list(tracks.get("genre", nothing)), list(tracks.get("label", nothing))
    if label == FROM_FOLDER:
        return FROM_FOLDER, folders
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

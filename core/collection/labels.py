"""Which label the tracks of a collection carry: from a column, from tags, or from the folder they lie in."""

from collections import Counter
from collections.abc import Sequence

import pandas as pd

from core.collection.join import resolve_label

FROM_FOLDER, FROM_TAGS = "folder", "tags"


def choose_labels(tracks: pd.DataFrame, label: str | None, columns: dict[str, str]) -> tuple[list[str], dict]:
    """Return each track's label and where they come from.

    ``label`` is "folder" (the first folder below the source), "tags" (the genre) or a column. Left out: a column
    named label, else genres, where at least half of the tracks have one; else folders, where there are two or more
    that hold two tracks on average; else none. Spellings that differ only in capitals are one label.

    Parameters
    ----------
    columns : dict
        What the columns of a joined table became in ``tracks``.

    Returns
    -------
    labels : list of str
        "" where a track has none.
    info : dict
        "from", "n_labelled", "n_labels".

    Raises
    ------
    CollectionError
        When ``label`` is no column; lists those there are.
    """
    folders = [name.split("/")[0] if "/" in name else "" for name in tracks.get("file", [""] * len(tracks))]
    genres = list(tracks.get("genre", [""] * len(tracks)))
    given = list(tracks.get("label", [""] * len(tracks)))
    if label == FROM_FOLDER:
        return _told(folders, FROM_FOLDER)
    if label == FROM_TAGS:
        return _told(genres, FROM_TAGS)
    if label is not None:
        column = resolve_label(label, columns, tracks)
        return _told(list(tracks[column]), column)
    if _mostly(given):
        return _told(given, "label")
    if _mostly(genres):
        return _told(genres, "genre" if "genre" in columns.values() else FROM_TAGS)
    filled = [folder for folder in folders if folder]
    if len(set(filled)) >= 2 and len(filled) >= 2 * len(set(filled)):
        return _told(folders, FROM_FOLDER)
    return _told([""] * len(tracks), "nothing")


def _mostly(labels: Sequence[str]) -> bool:
    """Say whether at least half of the tracks have a label."""
    return bool(len(labels)) and sum(bool(label) for label in labels) * 2 >= len(labels)


def _told(labels: Sequence[str], origin: str) -> tuple[list[str], dict]:
    """Return labels in one spelling each, and where they come from."""
    labels = ["" if label is None or label != label else " ".join(str(label).split()) for label in labels]
    spellings: dict[str, Counter] = {}
    for label in labels:
        spellings.setdefault(label.casefold(), Counter())[label] += 1
    common = {fold: min(counts, key=lambda spelling: (-counts[spelling], spelling)) for fold, counts in spellings.items()}
    labels = [common[label.casefold()] for label in labels]
    named = [label for label in labels if label]
    return labels, {"from": origin, "n_labelled": len(named), "n_labels": len(set(named))}

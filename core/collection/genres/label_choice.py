"""Other labels for tracks that were read before: from folders, a column, or a column of another table."""

from dataclasses import dataclass

import pandas as pd

from core.collection.genres.label_source import (
    FROM_TAGS,
    choose_labels,
    count_labels,
    is_folder_label,
    tidy_labels,
)
from core.collection.tables.join import match_rows
from core.collection.tables.join_keys import find_column
from core.errors import CollectionError

ORIGINAL = "original"
"""The labels as they were read from the source."""
ORIGINAL_COLUMN = "original_label"
"""Column of ``tracks`` that keeps them."""
_NO_LABEL = {
    *("track_id", "path", "file", "sound_file", "row", "duration_s", "title_from", "dataset_id"),
    ORIGINAL_COLUMN,
    *("lyrics", "lyrics_from", "lyrics_confidence", "caption", "caption_from"),
}


@dataclass(frozen=True)
class LabelChoice:
    """The source of the labels that replace those of the source.

    Attributes
    ----------
    label : str
        "folder…" (see :func:`core.collection.genres.label_source.choose_labels`), "tags", a column of the
        collection, or :data:`ORIGINAL`; with ``table`` a column of that.
    table : str or None
        A CSV or Parquet table, matched to the tracks as when it is joined.
    on : str or None
        The column of ``table`` that names the track; by default found.
    """

    label: str
    table: str | None = None
    on: str | None = None

    def __post_init__(self):
        if self.on is not None and self.table is None:
            raise CollectionError(
                f"on={self.on!r} names a column of another table, and none is given (--from)"
            )


def label_columns(tracks: pd.DataFrame, table: pd.DataFrame | None) -> list[str]:
    """Return the columns that can be the label: those with a value, of the tracks and of their numbers."""
    named = [column for column in tracks if column not in _NO_LABEL and _has_value(tracks[column])]
    numbers = [] if table is None else [str(column) for column in table if column not in tracks]
    return [*named, *numbers]


def apply_label(
    tracks: pd.DataFrame, table: pd.DataFrame | None, info: dict, choice: LabelChoice
) -> tuple[pd.DataFrame, dict]:
    """Return tracks with other labels, and the info of their collection with the counts of these.

    Nothing else changes, the ids of the tracks above all, so features and latents remain valid. The labels as
    read remain in :data:`ORIGINAL_COLUMN` and ``info["original_labels"]``.

    Parameters
    ----------
    tracks : DataFrame
    table : DataFrame or None
        The numeric columns of the collection.
    info : dict
        Of the collection; "labels" are the details of the labels so far.

    Raises
    ------
    CollectionError
        When there is no such column (lists those that there are), or no track has a label then.
    """
    if ORIGINAL_COLUMN in tracks:
        tracks = tracks.assign(label=tracks[ORIGINAL_COLUMN]).drop(columns=ORIGINAL_COLUMN)
    original = info.get("original_labels") or info.get("labels")
    info = {key: value for key, value in info.items() if key not in ("original_labels", "label_join")}
    if choice.label == ORIGINAL and choice.table is None:
        return tracks, {**info, "labels": original or count_labels(list(tracks["label"]), None, "label")}
    if choice.table is not None:
        labels, details, info["label_join"] = _from_table(tracks, choice)
    elif choice.label == FROM_TAGS or is_folder_label(choice.label):
        labels, details = choose_labels(tracks, choice.label, {})
    else:
        columns = label_columns(tracks, table)
        if not columns:
            raise CollectionError(
                f"{choice.label!r} is not a column, and there is none that could be the label"
            )
        column = find_column(columns, choice.label, "the label")
        values = tracks[column] if column in tracks or table is None else table[column]
        labels = tidy_labels(_as_text(values))
        details = count_labels(labels, choice.label, column)
    if not details["n_labelled"]:
        raise CollectionError(f"no track has a label from {choice.label!r}; the labels stay as they were")
    original_label = tracks["label"]
    return (
        tracks.assign(**{"label": labels, ORIGINAL_COLUMN: original_label}),
        {**info, "labels": details, "original_labels": original},
    )


def _from_table(tracks: pd.DataFrame, choice: LabelChoice) -> tuple[list[str], dict, dict]:
    """Return labels from a column of another table, their details, and the counts of the join."""
    assert choice.table is not None
    found = match_rows(tracks, choice.table, choice.on)
    column = find_column(list(found.rows.columns), choice.label, f"in {found.path.name} the label")
    labels = tidy_labels(found.rows[column].reindex(range(len(tracks))).fillna(""))
    counts = {key: value for key, value in found.counts.items() if key != "reading"}
    details = count_labels(labels, choice.label, f"{column} of {found.path.name}")
    return labels, details, counts


def _has_value(values: pd.Series) -> bool:
    """Return whether a cell is neither missing nor empty text."""
    return bool((values.notna() & (values != "")).any())


def _as_text(values: pd.Series) -> list[str]:
    """Return cells as text: "" where missing, whole numbers without a fraction."""
    return [
        ""
        if value is None or value != value
        else str(int(value))
        if isinstance(value, float) and value.is_integer()
        else str(value)
        for value in values
    ]

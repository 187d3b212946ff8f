"""Texts and columns that hold the label itself, so that scores against it mean nothing."""

from collections.abc import Sequence

import numpy as np

from core.collection.collection import Collection
from core.collection.tables.column_kinds import numbers_of
from core.text.words import split_words

SHARE = 0.5
"""Share of tracks whose text holds the name of their own label, from which on it is said."""
ABOVE_OTHERS = 0.3
"""Least difference to the share of tracks whose text holds the name of another label."""
_FEWEST = 10  # tracks
_MOST_ROWS = 20_000  # tracks whose texts are looked at, drawn at random
_MOST_TEXTS = 2_000  # that are looked at, evenly spaced
_LONGEST = 2_000  # characters


def find_leaks(
    collection: Collection, *, text_field: str | None = None, has_text: bool = True, has_table: bool = True
) -> list[dict]:
    """Return what tells the label of the tracks by itself.

    Parameters
    ----------
    text_field : str, optional
        See :meth:`core.collection.Collection.texts`.
    has_text, has_table : bool
        Whether to look at the texts, and at the numeric columns.

    Returns
    -------
    list of dict
        "kind": "label in text" (with "share" and "origin", where most of these texts come from), "text is the
        label", or "column is the label" (with "column").
    """
    rows = np.flatnonzero(collection.labelled)
    every = collection.labels()
    labels = [every[i] for i in rows]
    if len(rows) < _FEWEST or len(set(labels)) < 2:
        return []
    found = []
    if has_text:
        some = np.arange(len(rows))
        if len(rows) > _MOST_ROWS:
            some = np.sort(np.random.default_rng(0).choice(some, _MOST_ROWS, replace=False))
        found += _leaks_of_text(*_texts_of(collection, text_field, rows[some]), [labels[i] for i in some])
        if found and found[0]["kind"] == "text is the label" and len(some) < len(rows):
            found = _leaks_of_text(*_texts_of(collection, text_field, rows), labels)
    if has_table and collection.table is not None:
        for column in collection.table:
            values = numbers_of(collection.table[column])[rows]
            if (
                not np.isnan(values).any()
                and (values % 1 == 0).all()
                and _is_renamed(values.tolist(), labels)
            ):
                found.append({"kind": "column is the label", "column": str(column)})
    return found


def _texts_of(
    collection: Collection, text_field: str | None, rows: np.ndarray
) -> tuple[list[str], list[str]]:
    """Return the texts of some tracks and where they come from, without those of the others."""
    part = Collection(collection.name, collection.tracks.iloc[rows])
    return part.texts(text_field), part.text_origins(text_field)


def _leaks_of_text(texts: Sequence[str], origins: Sequence[str], labels: Sequence[str]) -> list[dict]:
    """Return whether texts hold the label's name, or are one text per label."""
    filled = [i for i, text in enumerate(texts) if text]
    if len(filled) < _FEWEST:
        return []
    if _is_renamed([texts[i] for i in filled], [labels[i] for i in filled]):
        return [{"kind": "text is the label", "origin": origins[filled[0]]}]
    some = filled[:: max(1, len(filled) // _MOST_TEXTS)]
    names = {label: f" {' '.join(split_words(label))} " for label in set(labels)}
    own, other = 0, 0
    for i in some:
        text = f" {' '.join(split_words(texts[i][:_LONGEST].replace('_', ' ')))} "
        own += names[labels[i]].strip() != "" and names[labels[i]] in text
        other += any(name.strip() and name in text for label, name in names.items() if label != labels[i])
    share = own / len(some)
    if share < SHARE or share - other / len(some) < ABOVE_OTHERS:
        return []
    return [{"kind": "label in text", "share": round(share, 3), "origin": origins[some[0]]}]


def _is_renamed(values: Sequence, labels: Sequence[str]) -> bool:
    """Return whether each label has one value of its own, and each value one label."""
    pairs = set(zip(values, labels))
    return len(pairs) == len(set(values)) == len(set(labels)) > 1

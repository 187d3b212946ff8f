"""Some of a collection's tracks: chosen rows, and a seeded sample that is balanced over the labels."""

import hashlib

import numpy as np
import pandas as pd

from core.collection.collection import Collection
from core.collection.languages import count_languages
from core.errors import CollectionError


def sample_rows(tracks: pd.DataFrame, n: int, seed: int = 0) -> np.ndarray:
    """Return the positions of up to ``n`` tracks per label, of all tracks where none has a label.

    Tracks are ranked by a hash of their id, so the order of the rows changes nothing, and other tracks that
    come or go change little. Tracks without a label are left out where others have one.

    Parameters
    ----------
    tracks : DataFrame
        With ``track_id`` and ``label``.
    n : int
        Tracks per label, from 1.

    Returns
    -------
    ndarray of int
        Ascending.

    Raises
    ------
    CollectionError
        When ``n`` is below 1.
    """
    if n < 1:
        raise CollectionError(f"sample={n} must be 1 or more tracks per label")
    ranks = [
        hashlib.blake2b(f"{seed} {track_id}".encode(), digest_size=8).hexdigest()
        for track_id in tracks["track_id"]
    ]
    order = pd.DataFrame({"label": tracks["label"].to_numpy(), "rank": ranks})
    if (order["label"] != "").any():
        order = order[order["label"] != ""]
    kept = order.sort_values("rank").groupby("label").head(n)
    return np.sort(kept.index.to_numpy())


def take_rows(collection: Collection, rows: np.ndarray) -> Collection:
    """Return a collection of the tracks at some positions, not saved."""
    table = None if collection.table is None else collection.table.iloc[rows]
    return Collection(collection.name, collection.tracks.iloc[rows], table, info=collection.info)


def keep_rows(
    tracks: pd.DataFrame, table: pd.DataFrame | None, info: dict, rows: np.ndarray
) -> tuple[pd.DataFrame, pd.DataFrame | None, dict]:
    """Return some of the tracks, their rows of the table, and the info with the labels and languages counted.

    Parameters
    ----------
    rows : ndarray of int
        Positions.
    """
    some = tracks.iloc[rows].reset_index(drop=True)
    if "labels" in info:
        labels = some.loc[some["label"] != "", "label"]
        counts = {"n_labelled": len(labels), "n_labels": int(labels.nunique())}
        info = info | {"labels": info["labels"] | counts}
    if "languages" in info:
        info = info | {"languages": count_languages(some["language"])}
    return some, None if table is None else table.iloc[rows].reset_index(drop=True), info

"""A seeded sample of a collection's tracks, balanced over its labels."""

import hashlib

import numpy as np
import pandas as pd

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

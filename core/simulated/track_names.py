"""Ids and titles of simulated tracks."""

import hashlib

import numpy as np
import pandas as pd


def name_tracks(collection: str, n_tracks: int) -> pd.DataFrame:
    """Return ``track_id`` and ``title`` of each track; titles are shuffled, so that they reveal no genre."""
    ids = [
        hashlib.blake2b(f"{collection} 0 {i}".encode(), digest_size=16).hexdigest() for i in range(n_tracks)
    ]
    numbers = np.random.default_rng([0, 1]).permutation(n_tracks)
    return pd.DataFrame({"track_id": ids, "title": [f"Track {number + 1:03}" for number in numbers]})

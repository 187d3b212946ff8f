"""How the clusters of one result become those of another: tracks counted by both."""

import numpy as np
import pandas as pd


def count_flows(first: np.ndarray, second: np.ndarray) -> pd.DataFrame:
    """Return the number of tracks per pair of clusters, pairs without tracks left out.

    Parameters
    ----------
    first, second : ndarray of int, shape=(n,)
        Clusters of the same tracks, -1 is noise.

    Returns
    -------
    DataFrame
        ``first, second, n_tracks``, ordered by cluster, noise last.

    Examples
    --------
    >>> count_flows(np.array([0, 0, 1, -1]), np.array([0, 1, 1, 1])).values.tolist()
    [[0, 0, 1], [0, 1, 1], [1, 1, 1], [-1, 1, 1]]
    """
    if not len(first):
        return pd.DataFrame({"first": [], "second": [], "n_tracks": []}, dtype=int)
    pairs, counts = np.unique(np.stack([first, second]), axis=1, return_counts=True)
    order = np.lexsort((pairs[1], pairs[1] < 0, pairs[0], pairs[0] < 0))
    return pd.DataFrame(
        {"first": pairs[0][order], "second": pairs[1][order], "n_tracks": counts[order]}, dtype=int
    )

"""What a cluster is, in a row of a table: how big, which label it is mostly, which tracks are typical of it."""

import numpy as np
import pandas as pd


def describe_clusters(
    X: np.ndarray, labels: np.ndarray, tracks: pd.DataFrame, n_typical: int = 3
) -> pd.DataFrame:
    """Describe each cluster.

    Parameters
    ----------
    X : ndarray, shape=(n, d)
        The representation that was clustered.
    labels : ndarray of int, shape=(n,)
        Cluster per track, -1 is noise.
    tracks : DataFrame
        The same n tracks in the same order, with ``label`` ("" where unknown).
    n_typical : int
        How many typical tracks to name.

    Returns
    -------
    DataFrame
        One row per cluster, noise last: ``cluster``, ``size``, ``share`` (of all tracks, 0 to 1), ``label``
        (the most frequent known one, the first in the alphabet among equals, "" where no track has any),
        ``label_share`` (of the cluster's labelled tracks, nan where there is none), ``typical`` (positions in
        ``tracks``, most typical first; empty for noise, which has no middle).
    """
    names = tracks["label"].to_numpy(object)
    rows = []
    for cluster in sorted(set(np.asarray(labels).tolist()), key=lambda c: (c < 0, c)):
        members = np.flatnonzero(labels == cluster)
        known = pd.Series(names[members][names[members] != ""]).value_counts()
        best = min(known[known == known.max()].index) if len(known) else ""
        rows.append(
            {
                "cluster": int(cluster),
                "size": len(members),
                "share": len(members) / len(labels),
                "label": best,
                "label_share": known[best] / known.sum() if best else np.nan,
                "typical": [] if cluster < 0 else order_by_typicality(X, members)[:n_typical].tolist(),
            }
        )
    return pd.DataFrame(rows, columns=["cluster", "size", "share", "label", "label_share", "typical"])


def order_by_typicality(X: np.ndarray, members: np.ndarray) -> np.ndarray:
    """Return ``members`` (positions in X) by their distance from their own mean, nearest first."""
    rows = np.asarray(X, np.float64)[members]
    distances = np.linalg.norm(rows - rows.mean(axis=0), axis=1)
    return members[np.argsort(distances, kind="stable")]

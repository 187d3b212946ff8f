"""Summary of clusters as a table: size, majority label and typical tracks."""

import numpy as np
import pandas as pd


def summarise_clusters(
    X: np.ndarray, labels: np.ndarray, tracks: pd.DataFrame, n_typical: int = 3
) -> pd.DataFrame:
    """Return a table with one row per cluster, noise last.

    Parameters
    ----------
    X : ndarray, shape=(n, d)
        The representation that was clustered.
    labels : ndarray of int, shape=(n,)
        Cluster per track, -1 is noise.
    tracks : DataFrame
        The same n tracks in the same order, with column ``label`` ("" where unknown).
    n_typical : int
        Number of typical tracks per cluster.

    Returns
    -------
    DataFrame
        ``cluster``, ``size``, ``share`` (of all tracks, 0 to 1), ``label`` (the most frequent one, ties in
        alphabetical order, "" where no track has one), ``label_share`` (of the cluster's labelled tracks, nan
        where there are none), ``typical`` (positions in ``tracks``, most typical first; empty for noise).
    """
    names = tracks["label"].to_numpy(object)
    rows = []
    for cluster in sorted(set(np.asarray(labels).tolist()), key=lambda c: (c < 0, c)):
        members = np.flatnonzero(labels == cluster)
        known = pd.Series(names[members][names[members] != ""]).value_counts()
        majority = min(known[known == known.max()].index) if len(known) else ""
        rows.append(
            {
                "cluster": int(cluster),
                "size": len(members),
                "share": len(members) / len(labels),
                "label": majority,
                "label_share": known[majority] / known.sum() if majority else np.nan,
                "typical": [] if cluster < 0 else order_by_typicality(X, members)[:n_typical].tolist(),
            }
        )
    return pd.DataFrame(rows, columns=["cluster", "size", "share", "label", "label_share", "typical"])


def order_by_typicality(X: np.ndarray, members: np.ndarray) -> np.ndarray:
    """Return ``members`` (row positions) ordered by distance to their centroid, nearest first."""
    rows = np.asarray(X, np.float64)[members]
    distances = np.linalg.norm(rows - rows.mean(axis=0), axis=1)
    return members[np.argsort(distances, kind="stable")]

"""The medoid, the boundary tracks and the outliers of a group of tracks."""

from dataclasses import dataclass

import numpy as np

from core.neighbours import NeighbourFinder
from core.progress import Progress, silent

N_NEIGHBOURS = 10
N_LISTED = 3
MOST_COMPARED = 3_000
"""In larger groups the medoid is looked for among as many members nearest to the centroid, by as many drawn
at random."""
BATCH = 2048


@dataclass(frozen=True, eq=False)
class Neighbourhood:
    """The nearest other tracks of every track.

    Attributes
    ----------
    indices : ndarray of int, shape=(n_tracks, k)
        Nearest first.
    distances : ndarray, shape=(n_tracks, k)
        Euclidean.
    """

    indices: np.ndarray
    distances: np.ndarray


def find_neighbourhood(X: np.ndarray, k: int = N_NEIGHBOURS, progress: Progress = silent) -> Neighbourhood:
    """Return the k nearest other tracks of each track, fewer where there are not as many.

    Parameters
    ----------
    X : ndarray, shape=(n_tracks, n_features)
    """
    k = min(k, len(X) - 1)
    indices, distances = np.zeros((len(X), k), np.int64), np.zeros((len(X), k), np.float32)
    if k < 1:
        return Neighbourhood(indices, distances)
    finder = NeighbourFinder(X)
    for start in range(0, len(X), BATCH):
        progress(start, len(X), "finding neighbours")
        rows = np.arange(start, min(start + BATCH, len(X)))
        indices[rows], distances[rows] = finder.find(rows, k)
    return Neighbourhood(indices, distances)


def find_medoid(X: np.ndarray, members: np.ndarray, seed: int = 0) -> int:
    """Return the member with the lowest mean distance to the others (Kaufman & Rousseeuw 1990).

    Parameters
    ----------
    X : ndarray, shape=(n_tracks, n_features)
    members : ndarray of int
        One or more.
    """
    from scipy.spatial.distance import cdist

    rows = np.asarray(X, np.float64)[members]
    candidates, others = np.arange(len(rows)), rows
    if len(rows) > MOST_COMPARED:
        candidates = np.argsort(np.linalg.norm(rows - rows.mean(axis=0), axis=1))[:MOST_COMPARED]
        others = rows[np.random.default_rng(seed).choice(len(rows), MOST_COMPARED, replace=False)]
    return int(members[candidates[cdist(rows[candidates], others).sum(axis=1).argmin()]])


def find_boundary(
    near: Neighbourhood, labels: np.ndarray, members: np.ndarray, n: int = N_LISTED
) -> list[dict]:
    """Return the members most of whose nearest tracks belong to another group.

    Parameters
    ----------
    near : Neighbourhood
    labels : ndarray of int, shape=(n_tracks,)
        Group of each track.
    members : ndarray of int

    Returns
    -------
    list of dict
        ``position``, ``share_elsewhere`` (of its nearest tracks, above 0.5 and up to 1) and ``towards`` (the
        group of most of them), the highest share first.
    """
    if not near.indices.shape[1]:
        return []
    around = labels[near.indices[members]]
    shares = (around != labels[members][:, None]).mean(axis=1)
    order = np.lexsort((near.distances[members].mean(axis=1), -shares))
    found = []
    for at in order[:n]:
        if shares[at] <= 0.5:
            break
        others, counts = np.unique(around[at][around[at] != labels[members[at]]], return_counts=True)
        found.append(
            {
                "position": int(members[at]),
                "share_elsewhere": float(shares[at]),
                "towards": int(others[counts.argmax()]),
            }
        )
    return found


def find_outliers(near: Neighbourhood, members: np.ndarray, n: int = N_LISTED) -> list[dict]:
    """Return the members that are farthest from their nearest tracks.

    Returns
    -------
    list of dict
        ``position`` and ``ratio``: the mean distance to its nearest tracks over the median of that in the
        group, above 1, the highest first.

    References
    ----------
    Angiulli & Pizzuti (2002), Fast outlier detection in high dimensional spaces: the sum of the distances to
    the k nearest neighbours.
    """
    if not near.indices.shape[1] or len(members) < 3:
        return []
    distances = near.distances[members].mean(axis=1, dtype=np.float64)
    usual = np.median(distances)
    if not usual > 0:
        return []
    order = np.argsort(-distances, kind="stable")[:n]
    return [
        {"position": int(members[at]), "ratio": float(distances[at] / usual)}
        for at in order
        if distances[at] > usual
    ]

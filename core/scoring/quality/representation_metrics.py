"""Measures of a representation that need no clusters: neighbours, hubness and effective rank.

All distances are Euclidean.
"""

import math

import numpy as np

from core.neighbours import nearest_others

SAMPLE_SIZE = 10_000
"""Above this many tracks a representation is scored on one random sample of this size."""

MANY_DIMENSIONS = 2_000
"""In more dimensions than this, effective rank is computed on as many tracks at most."""

LEAST_RANK = 2.0
"""Effective rank below which a representation counts as collapsed: nearly all variance in one direction."""

FEW_DIMENSIONS = 8
"""With fewer dimensions than this a low rank is no collapse."""


def find_neighbours(X: np.ndarray, k: int, seed: int = 0) -> np.ndarray:
    """Return the k nearest other tracks of each track, nearest first, shape=(n_tracks, min(k, n_tracks − 1)).

    A track with the same vector is a neighbour like any other, at distance 0. Among tracks with one and the
    same vector the neighbours are drawn at random: taken in their order, the first of them would be
    neighbours of all others, which would show as hubness.
    """
    X = np.ascontiguousarray(X, np.float32) + np.float32(0)  # -0 becomes 0, so that equal rows compare equal
    n = len(X)
    k = min(k, n - 1)
    distinct, row_of, counts = np.unique(X, axis=0, return_inverse=True, return_counts=True)
    if len(distinct) == n:
        return nearest_others(X, np.arange(n), k)
    row_of = row_of.reshape(n)
    nearest = nearest_others(distinct, np.arange(len(distinct)), min(k, len(distinct) - 1))
    copies = np.split(np.argsort(row_of, kind="stable"), np.cumsum(counts)[:-1])
    rng = np.random.default_rng(seed)
    neighbours = np.empty((n, k), np.int64)
    for track, row in enumerate(row_of):
        filled = 0
        for near in (row, *nearest[row]):
            others = copies[near][copies[near] != track]
            if len(others) > k - filled:
                others = rng.choice(others, k - filled, replace=False)
            neighbours[track, filled : filled + len(others)] = others
            filled += len(others)
            if filled == k:
                break
    return neighbours


def knn_purity(neighbours: np.ndarray, classes: np.ndarray, k: int) -> np.ndarray:
    """Return the share of each track's k nearest neighbours that have its label, shape=(n_tracks,).

    kNN purity is the mean of it: 1 is best; by chance it is about the sum of the squared shares of the
    labels. A label with one track counts 0.

    Parameters
    ----------
    neighbours : ndarray of int, shape=(n_tracks, at least 1)
        From :func:`find_neighbours`; all of them where there are fewer than ``k``.
    classes : ndarray of int, shape=(n_tracks,)
    k : int
    """
    return (classes[neighbours[:, :k]] == classes[:, None]).mean(axis=1)


def hubness(neighbours: np.ndarray) -> float:
    """Return the skewness of the k-occurrence: in how many tracks' neighbour lists each track occurs.

    With N_k(i) the number of tracks that have track i among their k nearest neighbours, and μ and σ the mean
    and standard deviation of N_k,

        S = mean_i (N_k(i) − μ)³ / σ³ .

    Returns
    -------
    float
        0: symmetric; large positive values: a few hubs are neighbours of very many tracks, and others of
        none. nan where every track occurs equally often.

    References
    ----------
    Radovanović, Nanopoulos & Ivanović (2010), Hubs in space: popular nearest neighbors in high-dimensional
    data, equation 1.
    """
    occurrence = np.bincount(neighbours.ravel(), minlength=len(neighbours)).astype(np.float64)
    deviation = occurrence - occurrence.mean()
    sigma = occurrence.std()
    return float((deviation**3).mean() / sigma**3) if sigma > 0 else math.nan


def effective_rank(X: np.ndarray) -> float:
    """Return exp of the entropy of the normalised eigenvalues of the covariance.

    With the eigenvalues λ_1 … λ_d of the covariance matrix and p_j = λ_j / Σ λ,

        erank = exp(− Σ p_j ln p_j) .

    Parameters
    ----------
    X : ndarray, shape=(n_tracks, n_features)

    Returns
    -------
    float
        From 1 (all variance in one direction) to min(n_tracks − 1, n_features) (equal variance in all); 0
        where all rows are equal.

    References
    ----------
    Roy & Vetterli (2007), The effective rank: a measure of effective dimensionality, definition 1.
    """
    X = np.asarray(X, np.float64)
    if not X.size:
        return 0.0
    centred = X - X.mean(axis=0)
    if np.abs(centred).max() <= 1e-7 * np.abs(X).max():  # the rounding error of single precision
        return 0.0
    n, d = X.shape
    eigenvalues = np.linalg.eigvalsh(centred.T @ centred if d <= n else centred @ centred.T)
    share = np.clip(eigenvalues, 0, None) / np.clip(eigenvalues, 0, None).sum()
    share = share[share > 0]
    return float(np.exp(-(share * np.log(share)).sum()))


def is_collapsed(rank: float, n_dimensions: int) -> bool:
    """Return whether an effective rank is below :data:`LEAST_RANK` in :data:`FEW_DIMENSIONS` or more."""
    return rank < LEAST_RANK and n_dimensions >= FEW_DIMENSIONS


def rank_figures(X: np.ndarray, seed: int = 0) -> dict:
    """Return ``effective_rank``, ``n_dimensions``, and whether the representation ``is_collapsed``.

    Above :data:`SAMPLE_SIZE` tracks a random sample is ranked, in more than
    :data:`MANY_DIMENSIONS` dimensions as many tracks at most.
    """
    X = np.asarray(X)
    n, d = X.shape
    limit = SAMPLE_SIZE if d <= MANY_DIMENSIONS else MANY_DIMENSIONS
    if n > limit:
        X = X[np.sort(np.random.default_rng(seed).choice(n, limit, replace=False))]
    rank = effective_rank(X)
    return {
        "effective_rank": rank,
        "n_dimensions": d,
        "is_collapsed": is_collapsed(rank, d),
    }

"""Ranks in retrieval between two sets of vectors whose rows belong together."""

import numpy as np


def unit_rows(Z: np.ndarray) -> np.ndarray:
    """Scale each row to length 1; rows of zeros stay."""
    return Z / np.linalg.norm(Z, axis=1, keepdims=True).clip(1e-12)


def same_rows(X: np.ndarray) -> np.ndarray:
    """Return which rows of an array are equal, shape=(n, n), bool; X has shape (n, ...)."""
    flat = X.reshape(len(X), -1)
    return (flat[:, None] == flat[None]).all(2)


def ranks_of(similarity: np.ndarray, same: np.ndarray) -> np.ndarray:
    """Return the rank, from 0, of each query's own target, shape=(n_queries,).

    Parameters
    ----------
    similarity : ndarray, shape=(n_queries, n_targets)
    same : ndarray of bool, shape=(n_queries, n_targets)
        Targets that count as a query's own. Others that are as similar as the best of these come before it,
        so that vectors that are all alike find nothing.
    """
    best = np.where(same, similarity, -np.inf).max(1, keepdims=True)
    return ((similarity >= best) & ~same).sum(1)

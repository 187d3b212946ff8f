"""The nearest other tracks of tracks: exact up to 20,000, through an index above."""

from functools import cached_property
from typing import Any

import numpy as np

EXACT_UP_TO = 20_000
"""Largest number of tracks that are compared exactly."""
FEW_DIMENSIONS = 3
"""In as few dimensions a tree finds exact neighbours fast, however many tracks there are."""
BATCH = 4096


class NeighbourFinder:
    """Finds the nearest other tracks among vectors, by Euclidean distance.

    Parameters
    ----------
    X : ndarray, shape=(n_tracks, n_features)
    index : optional
        From :func:`core.neighbours.inverted_lists.build_index` of the same rows; by default built when
        needed.
    """

    def __init__(self, X: np.ndarray, index: Any = None):
        self.X = np.ascontiguousarray(X, np.float32)
        self._index = index

    @property
    def is_exact(self) -> bool:
        """Whether every true neighbour is found."""
        return len(self.X) <= EXACT_UP_TO or self.X.shape[1] <= FEW_DIMENSIONS

    @cached_property
    def recall(self) -> float:
        """Share of the true neighbours that are found, measured on a sample; 1 where it is exact."""
        from core.neighbours.inverted_lists import measure_recall

        return 1.0 if self.is_exact else measure_recall(self.index, self.X)

    @property
    def index(self) -> Any:
        """The index of the tracks; only where it isn't exact."""
        from core.neighbours.inverted_lists import build_index

        if self._index is None:
            self._index = build_index(self.X)
        return self._index

    def find(self, rows: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the nearest other tracks and their distances, each of shape (n_rows, k), nearest first.

        A track with the same vector is a neighbour at distance 0; a track is never its own neighbour.

        Parameters
        ----------
        rows : ndarray of int, shape=(n_rows,)
        k : int
            Below n_tracks.
        """
        rows = np.asarray(rows)
        far, near = self._search(self.X[rows], k + 1)
        is_self = near == rows[:, None]
        is_self[~is_self.any(1), -1] = True  # among duplicates a track may not be its own nearest neighbour
        return near[~is_self].reshape(len(rows), k), far[~is_self].reshape(len(rows), k)

    def nearest_to(self, queries: np.ndarray, k: int) -> np.ndarray:
        """Return the tracks nearest to other vectors, nearest first, shape=(n_queries, k)."""
        return self._search(np.ascontiguousarray(queries, np.float32), k)[1]

    def _search(self, queries: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the distances to the k tracks nearest to each vector, and those tracks."""
        if self.is_exact:
            return self._tree.kneighbors(queries, k)
        squares, near = self.index.search(queries, k)
        is_short = (near < 0).any(axis=1)  # the searched lists hold fewer than k tracks
        if is_short.any():
            import faiss

            squares[is_short], near[is_short] = faiss.knn(queries[is_short], self.X, k)
        return np.sqrt(np.maximum(squares, 0)), near

    @cached_property
    def _tree(self) -> Any:
        """Scikit-learn's exact search."""
        from sklearn.neighbors import NearestNeighbors

        return NearestNeighbors().fit(self.X)


def nearest_others(X: np.ndarray, sample: np.ndarray, k: int) -> np.ndarray:
    """Return the k nearest other tracks of the sampled rows, nearest first, shape=(n_sampled, k).

    Parameters
    ----------
    X : ndarray, shape=(n_tracks, n_features)
    sample : ndarray of int, shape=(n_sampled,)
    k : int
        Below n_tracks.
    """
    return NeighbourFinder(X).find(sample, k)[0]


def nearest_by_distance(X: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Return each track's k nearest others and their distances, each of shape (n_tracks, k), nearest first.

    The distances are those of the differences of vectors, not of products, which round small ones.
    """
    neighbours = NeighbourFinder(X).find(np.arange(len(X)), k)[0]
    distances = np.empty(neighbours.shape)
    for first in range(0, len(X), BATCH):
        rows = slice(first, first + BATCH)
        distances[rows] = np.linalg.norm(X[neighbours[rows]] - X[rows, None], axis=2)
    order = np.argsort(distances, axis=1, kind="stable")
    return np.take_along_axis(neighbours, order, 1), np.take_along_axis(distances, order, 1)

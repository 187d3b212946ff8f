"""The representations that a track is seen in: audio, text, fused, and its place on the map."""

from dataclasses import dataclass, replace

import numpy as np

from core.collection import Collection
from core.errors import SongscapeError
from core.pipeline.choice import Choice
from core.pipeline.space import Space, build_space
from core.progress import Progress, silent

N_NEIGHBOURS = 10
N_PAIRS = 5_000
"""Random pairs whose median distance is the unit of distances."""


@dataclass(frozen=True, eq=False)
class View:
    """One representation of the tracks of a collection, or their positions on the map.

    Attributes
    ----------
    X : ndarray, shape=(n, d)
    rows : ndarray of int, shape=(n,)
        Positions in the collection.
    unit : float
        Median distance of two tracks, 1 where all are equal.
    """

    X: np.ndarray
    rows: np.ndarray
    unit: float

    def distances(self, row: int) -> np.ndarray | None:
        """Return the distances from the track at a row of the collection in :attr:`unit`, None without it."""
        at = np.flatnonzero(self.rows == row)
        if not len(at):
            return None
        return np.linalg.norm(self.X - self.X[at[0]], axis=1) / self.unit

    def nearest(self, row: int, k: int = N_NEIGHBOURS) -> list[int]:
        """Return the rows of the k nearest other tracks, nearest first; [] without the track."""
        distances = self.distances(row)
        if distances is None:
            return []
        order = np.argsort(np.where(self.rows == row, np.inf, distances), kind="stable")
        return self.rows[order[: min(k, len(order) - 1)]].tolist()

    def place(self, a: int, b: int) -> dict | None:
        """Return distance and ranks of the tracks at two rows, None where one of them is not here.

        See :func:`core.explain.pairs.track_pair.compare_tracks`.
        """
        from_a, from_b = self.distances(a), self.distances(b)
        if from_a is None or from_b is None:
            return None
        at, back = int(np.flatnonzero(self.rows == a)[0]), int(np.flatnonzero(self.rows == b)[0])
        return {
            "distance": float(from_a[back]),
            "rank": _rank(from_a, at, back),
            "rank_back": _rank(from_b, back, at),
            "n_others": len(self.rows) - 1,
        }


def views_of(
    collection: Collection,
    space: Space,
    choice: Choice,
    positions: np.ndarray | None = None,
    progress: Progress = silent,
) -> dict[str, View]:
    """Return the views that pairs are compared in: "audio", "text", "fused" and "map", as far as they exist.

    Parameters
    ----------
    positions : ndarray, shape=(n, 2), optional
        On the map, of the tracks of the space.
    """
    views = {}
    if choice.modality == "fused":
        for modality in ("audio", "text"):
            single = replace(
                choice,
                audio=choice.audio if modality == "audio" else None,
                text=choice.text if modality == "text" else None,
                reduce="none",
            )
            try:
                part = build_space(collection, single, progress)
            except SongscapeError:  # fewer than two tracks have it
                continue
            views[modality] = _view(part.X, part.rows)
    views[choice.modality] = _view(space.X, space.rows)
    if positions is not None:
        views["map"] = _view(positions, space.rows)
    return views


def _view(X: np.ndarray, rows: np.ndarray) -> View:
    """Return a view with its unit."""
    X = np.asarray(X, np.float64)
    pairs = np.random.default_rng(0).integers(0, len(X), (2, N_PAIRS))
    pairs = pairs[:, pairs[0] != pairs[1]]
    unit = float(np.median(np.linalg.norm(X[pairs[0]] - X[pairs[1]], axis=1))) if pairs.size else 0.0
    return View(X, np.asarray(rows), unit if unit > 0 else 1.0)


def _rank(distances: np.ndarray, own: int, other: int) -> int:
    """Return 1 + the number of other tracks that are nearer."""
    is_nearer = distances < distances[other]
    is_nearer[own] = False
    return 1 + int(is_nearer.sum())

"""UMAP, by the steps of umap-learn."""

import warnings
from dataclasses import dataclass
from types import ModuleType
from typing import ClassVar

import numpy as np

from core.config import setting
from core.progress import Progress
from core.projection.projector import Projection, nearest_neighbours

Edges = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Tracks at both ends, and weights."""


@dataclass(frozen=True)
class UMAP(Projection):
    """Optimise a layout of the nearest-neighbour graph by attraction along edges and repulsion elsewhere.

    References
    ----------
    McInnes, Healy & Melville (2018). Initialised with principal components instead of the spectral layout:
    as good (Kobak & Linderman 2021), and valid for disconnected graphs.
    """

    name: ClassVar[str] = "umap"

    n_neighbors: int = setting(
        15,
        low=2,
        title="Neighbours",
        help="Edges per track: few preserve local detail, many the global structure.",
    )
    min_dist: float = setting(
        0.1,
        low=0,
        high=1,
        title="Minimum distance",
        help="Minimum distance between neighbouring points on the map.",
    )
    warm_epochs: int = setting(
        100,
        low=11,
        title="Warm-start epochs",
        help="Epochs from a previous layout; a cold start takes 500 up to 10,000 tracks, 200 above.",
    )
    warm_rate: float = setting(
        0.25,
        above=0,
        high=1,
        title="Warm-start learning rate",
        help="Learning rate of these epochs (1 for a cold start): low keeps points in place, high adapts.",
    )

    def optimise(
        self, X: np.ndarray, start: np.ndarray, init: np.ndarray | None, seed: int, progress: Progress
    ) -> np.ndarray:
        """Return a UMAP layout, with one thread."""
        n = len(X)
        progress(0, 1, f"{self.name}: neighbours")
        random = np.random.RandomState(seed)
        n_epochs = self.warm_epochs if init is not None else (500 if n <= 10_000 else 200)
        neighbours = nearest_neighbours(X, min(self.n_neighbors, n) - 1)
        edges, curve = sampled_edges(*neighbours, n_epochs, random), attraction_curve(self.min_dist)
        if init is None:
            Y, learning_rate = 10 * start / np.abs(start).max(), 1.0
        else:
            Y, learning_rate = _rescale_to_optimum(init, edges, curve, random), self.warm_rate
        Y = optimise_layout(Y, edges, curve, n_epochs, random, learning_rate=learning_rate)
        progress(1, 1, self.name)
        return Y


def sampled_edges(
    indices: np.ndarray, distances: np.ndarray, n_epochs: int, random: np.random.RandomState
) -> Edges:
    """Return the weighted nearest-neighbour graph (fuzzy simplicial set), without edges never sampled.

    Parameters
    ----------
    indices, distances : ndarray, shape=(n_tracks, n_neighbors)
        Each track's nearest others, nearest first.
    """
    umap_, _ = _import_umap()
    n, k = indices.shape
    # umap-learn counts a track as its own first neighbour.
    graph, _, _ = umap_.fuzzy_simplicial_set(
        distances,
        k + 1,
        random,
        "euclidean",
        knn_indices=np.hstack([np.arange(n, dtype=np.int32)[:, None], indices.astype(np.int32)]),
        knn_dists=np.hstack([np.zeros((n, 1), np.float32), distances.astype(np.float32)]),
    )
    graph = graph.tocoo()
    sampled = graph.data >= graph.data.max() / n_epochs
    return graph.row[sampled], graph.col[sampled], graph.data[sampled]


def attraction_curve(min_dist: float) -> tuple[float, float]:
    """Return a and b of the similarity 1 / (1 + a·d^(2b)) of two points at distance d."""
    umap_, _ = _import_umap()
    return umap_.find_ab_params(1.0, min_dist)


def optimise_layout(
    start: np.ndarray,
    edges: Edges,
    curve: tuple[float, float],
    n_epochs: int,
    random: np.random.RandomState,
    *,
    learning_rate: float = 1.0,
) -> np.ndarray:
    """Return the positions after stochastic gradient descent from ``start``, shape=(n_tracks, d), float32."""
    umap_, layouts = _import_umap()
    head, tail, weights = edges
    Y = (start + random.normal(scale=1e-4, size=start.shape)).astype(np.float32)  # separates duplicates
    rng_state = random.randint(np.iinfo(np.int32).min, np.iinfo(np.int32).max, 3).astype(np.int64)
    layouts.optimize_layout_euclidean(
        Y,
        Y,
        head,
        tail,
        n_epochs,
        len(Y),
        umap_.make_epochs_per_sample(weights, n_epochs),
        *curve,
        rng_state,
        initial_alpha=learning_rate,
        move_other=True,
    )
    return Y


def _rescale_to_optimum(
    init: np.ndarray,
    edges: Edges,
    curve: tuple[float, float],
    random: np.random.RandomState,
) -> np.ndarray:
    """Scale a normalised layout to its lowest cross entropy, where attraction and repulsion balance.

    umap-learn rescales every initial layout to a box of side 10, from which a larger one must expand again.
    """
    (head, tail, weights), (a, b) = edges, curve
    n, total = len(init), weights.sum()
    near = np.square(init[head] - init[tail]).sum(axis=1)
    one, other = random.randint(0, n, (2, 20_000))
    far = np.square(init[one] - init[other]).sum(axis=1)[one != other]

    def loss(scale: float) -> float:
        attraction = np.log1p(a * (scale**2 * near) ** b)
        repulsion = np.log1p(1 / (a * np.maximum(scale**2 * far, 1e-6) ** b))
        return (weights * attraction).sum() + 5 * total * repulsion.mean()  # 5 negative samples per edge

    return init * min(np.geomspace(0.5, 50, 21), key=loss)


def _import_umap() -> tuple[ModuleType, ModuleType]:
    """Import umap-learn with numba's disk cache enabled for the three functions used here.

    Every process would compile them again otherwise: 11 s before a first fit, against 0.2 s from disk.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # TensorFlow is not installed
        from umap import layouts, umap_

    for function in (
        umap_.smooth_knn_dist,
        umap_.compute_membership_strengths,
        layouts._nb_optimize_layout_euclidean_single_epoch,
    ):
        if not function.signatures:  # not compiled yet
            function.enable_caching()
    return umap_, layouts

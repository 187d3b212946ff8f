"""UMAP, by the steps of umap-learn."""

import warnings
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.config import Config, setting
from core.progress import Progress, silent
from core.projection.align import align, check_init
from core.projection.preprocessing import FEWEST, nearest, prepare, principal


@dataclass(frozen=True)
class UMAP(Config):
    """Lay out the graph of nearest neighbours by attraction along edges and repulsion elsewhere.

    References
    ----------
    McInnes, Healy & Melville (2018). The start is principal components in place of the spectral layout: as
    good (Kobak & Linderman 2021) and it can't fail on a graph in several pieces.
    """

    name: ClassVar[str] = "umap"

    n_neighbors: int = setting(
        15, low=2, title="Neighbours", help="Edges per track: few show detail, many show the whole."
    )
    min_dist: float = setting(
        0.1, low=0, high=1, title="Minimum distance", help="How tightly near tracks may be packed."
    )
    warm_epochs: int = setting(
        100,
        low=11,
        title="Warm-start epochs",
        help="Epochs from a layout shown before; a cold start takes 500 up to 10,000 tracks, then 200.",
    )
    warm_rate: float = setting(
        0.25,
        above=0,
        high=1,
        title="Warm-start learning rate",
        help="Learning rate of those epochs (a cold start's is 1): low keeps places, high adapts.",
    )

    def fit(
        self, X: np.ndarray, seed: int = 0, init: np.ndarray | None = None, progress: Progress = silent
    ) -> np.ndarray:
        """Return a UMAP layout, reproducible for a seed (one thread).

        Parameters
        ----------
        X : ndarray, shape=(n_tracks, n_features)
        seed : int
        init : ndarray, shape=(n_tracks, 2), optional
            The layout shown before: fewer rounds from there, so that points keep their places.

        Returns
        -------
        ndarray, shape=(n_tracks, 2), float32
            Centred, root mean squared distance 1 from the middle, turned to fit ``init`` or principal
            components.
        """
        X = prepare(X, seed)
        n, init = len(X), check_init(init, len(X))
        start = principal(X)
        reference = start if init is None else init
        if n < FEWEST or not start.any():
            return align(start, reference)
        umap_, layouts = _library()
        progress(0, 1, f"{self.name}: neighbours")
        n_neighbors = min(self.n_neighbors, n)
        indices, distances = nearest(X, n_neighbors - 1)
        random = np.random.RandomState(seed)
        # umap-learn counts a track as its own first neighbour.
        graph, _, _ = umap_.fuzzy_simplicial_set(
            X,
            n_neighbors,
            random,
            "euclidean",
            knn_indices=np.hstack([np.arange(n, dtype=np.int32)[:, None], indices]),
            knn_dists=np.hstack([np.zeros((n, 1), np.float32), distances]),
        )
        graph = graph.tocoo()
        n_epochs = self.warm_epochs if init is not None else (500 if n <= 10_000 else 200)
        kept = graph.data >= graph.data.max() / n_epochs  # weaker edges would never be drawn
        head, tail, weights = graph.row[kept], graph.col[kept], graph.data[kept]
        a, b = umap_.find_ab_params(1.0, self.min_dist)
        if init is None:
            Y, rate = 10 * start / np.abs(start).max(), 1.0
        else:
            Y, rate = _at_usual_size(init, head, tail, weights, a, b, random), self.warm_rate
        Y = (Y + random.normal(scale=1e-4, size=(n, 2))).astype(np.float32)  # parts duplicates
        draws = random.randint(np.iinfo(np.int32).min, np.iinfo(np.int32).max, 3).astype(np.int64)
        layouts.optimize_layout_euclidean(
            Y,
            Y,
            head,
            tail,
            n_epochs,
            n,
            umap_.make_epochs_per_sample(weights, n_epochs),
            a,
            b,
            draws,
            initial_alpha=rate,
            move_other=True,
        )
        progress(1, 1, self.name)
        return align(Y, reference)


def _at_usual_size(init, head, tail, weights, a, b, random) -> np.ndarray:
    """Scale a normalised layout to where attraction and repulsion balance (least cross entropy).

    umap-learn squeezes every start into a box of side 10, from which a large layout must unfold anew.
    """
    n, total = len(init), weights.sum()
    near = np.square(init[head] - init[tail]).sum(axis=1)
    one, other = random.randint(0, n, (2, 20_000))
    far = np.square(init[one] - init[other]).sum(axis=1)[one != other]

    def loss(size):
        pull = np.log1p(a * (size**2 * near) ** b)
        push = np.log1p(1 / (a * np.maximum(size**2 * far, 1e-6) ** b))
        return (weights * pull).sum() + 5 * total * push.mean()  # 5 far tracks are drawn per edge

    return init * min(np.geomspace(0.5, 50, 21), key=loss)


def _library():
    """Import umap-learn and let numba keep the three functions used here on disk.

    They are compiled anew in every process otherwise: 11 s before a first fit, against 0.2 s from disk.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that TensorFlow is not there
        from umap import layouts, umap_

    for function in (
        umap_.smooth_knn_dist,
        umap_.compute_membership_strengths,
        layouts._nb_optimize_layout_euclidean_single_epoch,
    ):
        if not function.signatures:  # not compiled yet
            function.enable_caching()
    return umap_, layouts

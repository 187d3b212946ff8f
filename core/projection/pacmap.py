"""PaCMAP."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.config import Config, setting
from core.progress import Progress, silent
from core.projection.align import align, check_init
from core.projection.preprocessing import FEWEST, nearest, prepare, principal


@dataclass(frozen=True)
class PaCMAP(Config):
    """Balance near pairs, mid-near pairs and far pairs, so that groups and their arrangement both show.

    References
    ----------
    Wang, Huang, Rudin & Shaposhnik (2021), Understanding how dimension reduction tools work.
    """

    name: ClassVar[str] = "pacmap"

    n_neighbors: int = setting(
        10,
        low=2,
        title="Neighbours",
        help="Near pairs per track, half as many mid-near and twice as many far ones; fewer where there are "
        "few tracks.",
    )
    warm_iter: int = setting(
        50, low=1, title="Warm-start steps", help="Steps from a layout shown before; a cold start takes 450."
    )

    def fit(
        self, X: np.ndarray, seed: int = 0, init: np.ndarray | None = None, progress: Progress = silent
    ) -> np.ndarray:
        """Return a PaCMAP layout, reproducible for a seed.

        Parameters
        ----------
        X : ndarray, shape=(n_tracks, n_features)
        seed : int
        init : ndarray, shape=(n_tracks, 2), optional
            The layout shown before: a few steps of the last phase from there, so that points keep their
            places.

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
        progress(0, 1, f"{self.name}: neighbours")
        import numba
        from pacmap import pacmap as library

        threads = numba.get_num_threads()
        numba.set_num_threads(
            1
        )  # the loops that are parallel are short: on a busy machine threads wait for each other
        try:
            return align(self._optimise(library, X, seed, start, init, progress), reference)
        finally:
            numba.set_num_threads(threads)

    def _optimise(self, library, X, seed, start, init, progress) -> np.ndarray:
        """Sample pairs and follow the gradient through the three phases, or through the last one from ``init``."""
        n = len(X)
        # Near, mid-near and far pairs together must be fewer than the tracks.
        n_neighbors = max(1, min(self.n_neighbors, int((n - 1) / 3.5)))
        near = _near_pairs(X, n_neighbors)
        mid = library.sample_MN_pair_deterministic(X, n_neighbors // 2, seed, 0)
        far = library.sample_FP_pair_deterministic(X, near, n_neighbors, 2 * n_neighbors, seed)
        if init is None:
            Y, phases = 0.01 * start, (100, 100, 250)
        else:
            Y = _at_usual_size(init, lambda Y: library.pacmap_grad(Y, near, mid, far, 1.0, 0.0, 1.0)[-1, 0])
            phases = (0, 0, self.warm_iter)
        Y = np.ascontiguousarray(Y, np.float32)
        momentum, variance = np.zeros_like(Y), np.zeros_like(Y)
        for step in range(sum(phases)):
            w_mid, w_near, w_far = library.find_weight(1000.0, step, num_iters=phases)
            gradient = library.pacmap_grad(Y, near, mid, far, w_near, w_mid, w_far)
            library.update_embedding_adam(Y, gradient, momentum, variance, 0.9, 0.999, 1.0, step)
            if (step + 1) % 25 == 0:
                progress(step + 1, sum(phases), self.name)
        return Y


def _at_usual_size(init: np.ndarray, loss: Callable[[np.ndarray], float]) -> np.ndarray:
    """Scale a normalised layout to where its loss is least, so that the first steps needn't blow it up.

    A warm start from the library's own tiny scale unfolds anew and moves points 10 times as far.
    """
    sizes = [init * size for size in np.geomspace(1, 100, 21).astype(np.float32)]
    return min(sizes, key=loss)


def _near_pairs(X: np.ndarray, n_neighbors: int) -> np.ndarray:
    """Return near pairs by scaled distance d²(i, j) / (σ_i σ_j), shape (n · n_neighbors, 2).

    σ is the mean distance to the 4th to 6th neighbour. The same choice as the library's own, from exact
    neighbours: its index misses some where many tracks are alike.
    """
    n = len(X)
    indices, distances = nearest(X, min(n_neighbors + 50, n - 1))
    sigma = np.maximum(distances[:, 3:6].mean(axis=1), 1e-10)
    scaled = distances**2 / sigma[:, None] / sigma[indices]
    chosen = np.take_along_axis(indices, np.argsort(scaled, axis=1, kind="stable")[:, :n_neighbors], axis=1)
    return np.column_stack([np.repeat(np.arange(n), n_neighbors), chosen.reshape(-1)]).astype(np.int32)

"""PaCMAP, by the steps of the pacmap library."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.config import setting
from core.progress import Progress
from core.projection.projector import Projection, nearest_neighbours


@dataclass(frozen=True)
class PaCMAP(Projection):
    """Optimise near, mid-near and far pairs, which preserves both local and global structure.

    References
    ----------
    Wang, Huang, Rudin & Shaposhnik (2021), Understanding how dimension reduction tools work.
    """

    name: ClassVar[str] = "pacmap"

    n_neighbors: int = setting(
        10,
        low=2,
        title="Neighbours",
        help="Near pairs per track, with half as many mid-near and twice as many far pairs; fewer for few "
        "tracks.",
    )
    warm_iter: int = setting(
        50,
        low=1,
        title="Warm-start steps",
        help="Optimisation steps from a previous layout; a cold start takes 450.",
    )

    def optimise(
        self, X: np.ndarray, start: np.ndarray, init: np.ndarray | None, seed: int, progress: Progress
    ) -> np.ndarray:
        """Return a PaCMAP layout."""
        import numba

        progress(0, 1, f"{self.name}: neighbours")
        threads = numba.get_num_threads()
        numba.set_num_threads(1)  # its parallel loops are short: threads would wait for each other
        try:
            return self._run_phases(X, start, init, seed, progress)
        finally:
            numba.set_num_threads(threads)

    def _run_phases(
        self, X: np.ndarray, start: np.ndarray, init: np.ndarray | None, seed: int, progress: Progress
    ) -> np.ndarray:
        """Sample pairs and run the three phases of Adam steps, or only the last one from ``init``."""
        from pacmap import pacmap as library

        n = len(X)
        # Near, mid-near and far pairs together must be fewer than the tracks.
        n_neighbors = max(1, min(self.n_neighbors, int((n - 1) / 3.5)))
        near = _near_pairs(X, n_neighbors)
        mid = library.sample_MN_pair_deterministic(X, n_neighbors // 2, seed, 0)
        far = library.sample_FP_pair_deterministic(X, near, n_neighbors, 2 * n_neighbors, seed)
        if init is None:
            Y, phases = 0.01 * start, (100, 100, 250)
        else:
            Y = _rescale_to_optimum(
                init, lambda Y: library.pacmap_grad(Y, near, mid, far, 1.0, 0.0, 1.0)[-1, 0]
            )
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


def _rescale_to_optimum(init: np.ndarray, loss: Callable[[np.ndarray], float]) -> np.ndarray:
    """Scale a normalised layout to its lowest loss, so that the first steps don't have to expand it.

    A warm start at the library's own small initial scale moves points 10 times as far.
    """
    scaled = [init * scale for scale in np.geomspace(1, 100, 21).astype(np.float32)]
    return min(scaled, key=loss)


def _near_pairs(X: np.ndarray, n_neighbors: int) -> np.ndarray:
    """Return near pairs by scaled distance d²(i, j) / (σ_i σ_j), shape (n · n_neighbors, 2).

    σ is the mean distance to the 4th to 6th neighbour. Equal to the library's choice, but from exact
    neighbours: its approximate index misses some among duplicates.
    """
    n = len(X)
    indices, distances = nearest_neighbours(X, min(n_neighbors + 50, n - 1))
    sigma = np.maximum(distances[:, 3:6].mean(axis=1), 1e-10)
    scaled = distances**2 / sigma[:, None] / sigma[indices]
    chosen = np.take_along_axis(indices, np.argsort(scaled, axis=1, kind="stable")[:, :n_neighbors], axis=1)
    return np.column_stack([np.repeat(np.arange(n), n_neighbors), chosen.reshape(-1)]).astype(np.int32)

"""t-SNE, by openTSNE."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.config import Config, setting
from core.progress import Progress, silent
from core.projection.align import align, check_init
from core.projection.preprocessing import MIN_TRACKS, nearest_neighbours, preprocess, principal_components

N_EXAGGERATION = 250
"""Steps of early exaggeration."""


@dataclass(frozen=True)
class TSNE(Config):
    """Preserve each track's near neighbours; distances between groups have little meaning.

    References
    ----------
    van der Maaten & Hinton (2008); Poličar, Stražar & Zupan (2019), openTSNE; Kobak & Berens (2019) for the
    initialisation with principal components and the learning rate.
    """

    name: ClassVar[str] = "tsne"

    perplexity: float = setting(
        30.0,
        above=1,
        title="Perplexity",
        help="Effective number of neighbours per track; fewer where there are few tracks (van der Maaten & "
        "Hinton 2008).",
    )
    n_iter: int = setting(
        500, low=1, title="Steps", help="Optimisation steps after 250 of early exaggeration."
    )
    warm_iter: int = setting(
        50, low=1, title="Warm-start steps", help="Optimisation steps from a previous layout."
    )

    def fit(
        self, X: np.ndarray, seed: int = 0, init: np.ndarray | None = None, progress: Progress = silent
    ) -> np.ndarray:
        """Return a t-SNE layout, reproducible for a seed.

        Parameters
        ----------
        X : ndarray, shape=(n_tracks, n_features)
        seed : int
        init : ndarray, shape=(n_tracks, 2), optional
            The previous layout; a few steps continue from it, so that points stay in place.
        progress : callable
            Called every 50 steps; may raise ``Cancelled``.

        Returns
        -------
        ndarray, shape=(n_tracks, 2), float32
            Centred, unit root mean squared radius, aligned with ``init`` or principal components.
        """
        X = preprocess(X, seed)
        n, init = len(X), check_init(init, len(X))
        start = principal_components(X)
        if n < MIN_TRACKS or not start.any():
            return align(start, start if init is None else init)
        from openTSNE import TSNEEmbedding, initialization

        affinities = self._affinities(X)
        total = self.warm_iter if init is not None else N_EXAGGERATION + self.n_iter
        done = 0

        def report(iteration: int, error: float, embedding: np.ndarray) -> None:
            progress(min(done + iteration, total), total, self.name)

        callbacks = {"callbacks": [report], "callbacks_every_iters": 50}
        if init is not None:
            initial = init.astype(np.float64) * _typical_radius(n)
            Y = TSNEEmbedding(initial, affinities, n_jobs=1, random_state=seed)
            return align(Y.optimize(self.warm_iter, momentum=0.8, **callbacks), init)
        initial = initialization.rescale(initialization.jitter(start.astype(np.float64), random_state=seed))
        Y = TSNEEmbedding(initial, affinities, n_jobs=1, random_state=seed)
        # With full exaggeration a dozen tracks, all neighbours of one another, would collapse into one point.
        Y = Y.optimize(N_EXAGGERATION, exaggeration=min(12, max(1, n / 10)), momentum=0.5, **callbacks)
        done = N_EXAGGERATION
        return align(Y.optimize(self.n_iter, momentum=0.8, **callbacks), start)

    def _affinities(self, X: np.ndarray):
        """Return openTSNE's affinities from exact nearest neighbours."""
        from openTSNE import affinity
        from openTSNE.nearest_neighbors import PrecomputedNeighbors

        perplexity = min(self.perplexity, (len(X) - 1) / 3)
        indices, distances = nearest_neighbours(X, max(1, int(3 * perplexity)))
        index = PrecomputedNeighbors(indices.astype(np.int64), distances.astype(np.float64))
        return affinity.PerplexityBasedNN(perplexity=perplexity, knn_index=index, n_jobs=1)


def _typical_radius(n: int) -> float:
    """Return the root mean squared radius that t-SNE layouts of n tracks reach."""
    return 0.75 * np.sqrt(n)

"""t-SNE, by openTSNE."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.config import setting
from core.progress import Progress
from core.projection.projector import Projection, nearest_neighbours

N_EXAGGERATION = 250
"""Steps of early exaggeration."""


@dataclass(frozen=True)
class TSNE(Projection):
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

    def optimise(
        self, X: np.ndarray, start: np.ndarray, init: np.ndarray | None, seed: int, progress: Progress
    ) -> np.ndarray:
        """Return a t-SNE layout."""
        from openTSNE import TSNEEmbedding, initialization

        affinities = self._affinities(X)
        total = self.warm_iter if init is not None else N_EXAGGERATION + self.n_iter
        done = 0

        def report(iteration: int, error: float, embedding: np.ndarray) -> None:
            progress(min(done + iteration, total), total, self.name)

        callbacks = {"callbacks": [report], "callbacks_every_iters": 50}
        if init is not None:
            # the usual root mean squared radius of a t-SNE layout; from a smaller one points would move
            initial = init.astype(np.float64) * 0.75 * np.sqrt(len(X))
            Y = TSNEEmbedding(initial, affinities, n_jobs=1, random_state=seed)
            return Y.optimize(self.warm_iter, momentum=0.8, **callbacks)
        initial = initialization.rescale(initialization.jitter(start.astype(np.float64), random_state=seed))
        Y = TSNEEmbedding(initial, affinities, n_jobs=1, random_state=seed)
        # With full exaggeration a dozen tracks, all neighbours of one another, would collapse into one point.
        Y = Y.optimize(N_EXAGGERATION, exaggeration=min(12, max(1, len(X) / 10)), momentum=0.5, **callbacks)
        done = N_EXAGGERATION
        return Y.optimize(self.n_iter, momentum=0.8, **callbacks)

    def _affinities(self, X: np.ndarray):
        """Return openTSNE's affinities from exact nearest neighbours."""
        from openTSNE import affinity
        from openTSNE.nearest_neighbors import PrecomputedNeighbors

        perplexity = min(self.perplexity, (len(X) - 1) / 3)
        indices, distances = nearest_neighbours(X, max(1, int(3 * perplexity)))
        index = PrecomputedNeighbors(indices.astype(np.int64), distances.astype(np.float64))
        return affinity.PerplexityBasedNN(perplexity=perplexity, knn_index=index, n_jobs=1)

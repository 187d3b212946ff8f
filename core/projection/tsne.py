"""t-SNE, by openTSNE."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.config import Config, setting
from core.progress import Progress, silent
from core.projection.align import align, check_init
from core.projection.preprocessing import FEWEST, nearest, prepare, principal


@dataclass(frozen=True)
class TSNE(Config):
    """Keep each track's near neighbours near; distances between groups mean little.

    References
    ----------
    van der Maaten & Hinton (2008); Poličar, Stražar & Zupan (2019), openTSNE; Kobak & Berens (2019) for the
    start from principal components and the learning rate.
    """

    name: ClassVar[str] = "tsne"

    perplexity: float = setting(
        30.0,
        above=1,
        title="Perplexity",
        help="About how many neighbours a track looks at; fewer where there are few tracks.",
    )
    n_iter: int = setting(500, low=1, title="Steps", help="Steps after 250 of early exaggeration.")
    warm_iter: int = setting(50, low=1, title="Warm-start steps", help="Steps from a layout shown before.")

    def fit(
        self, X: np.ndarray, seed: int = 0, init: np.ndarray | None = None, progress: Progress = silent
    ) -> np.ndarray:
        """Return a t-SNE layout, reproducible for a seed.

        Parameters
        ----------
        X : ndarray, shape=(n_tracks, n_features)
        seed : int
        init : ndarray, shape=(n_tracks, 2), optional
            The layout shown before: a few steps from there, so that points keep their places.
        progress : callable
            Called every 50 steps; may raise ``Cancelled``.

        Returns
        -------
        ndarray, shape=(n_tracks, 2), float32
            Centred, root mean squared distance 1 from the middle, turned to fit ``init`` or principal
            components.
        """
        X = prepare(X, seed)
        n, init = len(X), check_init(init, len(X))
        start = principal(X)
        if n < FEWEST or not start.any():
            return align(start, start if init is None else init)
        from openTSNE import TSNEEmbedding, affinity, initialization
        from openTSNE.nearest_neighbors import PrecomputedNeighbors

        perplexity = min(self.perplexity, (n - 1) / 3)
        indices, distances = nearest(X, max(1, int(3 * perplexity)))
        near = PrecomputedNeighbors(indices.astype(np.int64), distances.astype(np.float64))
        affinities = affinity.PerplexityBasedNN(perplexity=perplexity, knn_index=near, n_jobs=1)
        total = self.warm_iter if init is not None else 250 + self.n_iter
        done = 0

        def report(iteration, error, embedding):
            progress(min(done + iteration, total), total, self.name)

        follow = {"callbacks": [report], "callbacks_every_iters": 50}
        if init is not None:
            warm = TSNEEmbedding(
                init.astype(np.float64) * _usual_size(n), affinities, n_jobs=1, random_state=seed
            )
            Y = warm.optimize(self.warm_iter, momentum=0.8, **follow)
            return align(Y, init)
        first = initialization.rescale(initialization.jitter(start.astype(np.float64), random_state=seed))
        Y = TSNEEmbedding(first, affinities, n_jobs=1, random_state=seed)
        # A dozen tracks, all neighbours of one another, would be pulled into one point and stay there.
        Y = Y.optimize(250, exaggeration=min(12, max(1, n / 10)), momentum=0.5, **follow)
        done = 250
        return align(Y.optimize(self.n_iter, momentum=0.8, **follow), start)


def _usual_size(n: int) -> float:
    """Return the root mean squared radius that t-SNE layouts of n tracks grow to."""
    return 0.75 * np.sqrt(n)

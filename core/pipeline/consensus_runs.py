"""The clusters of a choice over seeds, and their stability, cached by content."""

import numpy as np

from core import store
from core.clustering.clusterer import Clusterer
from core.clustering.consensus import Consensus
from core.pipeline.choice import Choice
from core.pipeline.space import Space
from core.progress import Progress, silent
from core.scoring.stability import measure_stability, track_stability
from core.store.hashing.source import source_hash


def classes_of(clusterer: Clusterer) -> tuple[type, ...]:
    """Return the classes whose source determines a clusterer's result."""
    if isinstance(clusterer, Consensus):
        return type(clusterer), type(clusterer.clusterer)
    return (type(clusterer),)


def cluster(space: Space, choice: Choice, progress: Progress = silent) -> np.ndarray:
    """Return the clusters of a choice whose k is known, shape=(n,); the runs of a consensus are cached."""
    clusterer = choice.clusterer()
    if isinstance(clusterer, Consensus):
        return clusterer.combine(_runs_of(space, choice, clusterer, progress))
    return clusterer.on(space.links).fit(space.X, seed=choice.seed)


def stability_of(
    space: Space, choice: Choice, labels: np.ndarray, progress: Progress = silent
) -> tuple[dict, np.ndarray] | None:
    """Return the stability of a choice whose k is known, and of each track; None without a consensus.

    See :func:`core.scoring.stability.measure_stability` and :func:`core.scoring.stability.track_stability`.
    """
    clusterer = choice.clusterer()
    if not isinstance(clusterer, Consensus):
        return None
    runs = _runs_of(space, choice, clusterer, progress)
    key = store.key_of("stability", runs, labels, source_hash(measure_stability))
    figures = store.cached("scores", key, lambda: measure_stability(runs, labels))
    of_tracks = store.key_of("track stability", runs, labels, source_hash(track_stability))
    return figures, store.cached("scores", of_tracks, lambda: track_stability(runs, labels))


def _runs_of(space: Space, choice: Choice, clusterer: Consensus, progress: Progress = silent) -> np.ndarray:
    """Return the clusters of each run, shape=(n_runs, n)."""
    key = store.key_of(
        "runs", space.key, clusterer, choice.seed, source_hash(Consensus, type(clusterer.clusterer))
    )

    def make() -> np.ndarray:
        return clusterer.on(space.links).fit_runs(clusterer.check(space.X), choice.seed, progress)

    return store.cached("clusters", key, make)

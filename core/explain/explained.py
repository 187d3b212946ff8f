"""Figures about the clusters and the map of a choice, cached by content."""

import numpy as np

from core import store
from core.collection import Collection
from core.explain.bootstrap_stability import N_BOOT, bootstrap_stability
from core.explain.cluster_confounds import measure_confounds, sources_of
from core.explain.groups.group_evidence import key_of_profiles
from core.explain.pairs.track_pair import compare_tracks
from core.explain.pairs.track_views import views_of
from core.pipeline.choice import Choice
from core.pipeline.consensus_runs import classes_of
from core.pipeline.space import Space
from core.pipeline.stages import reference_labels, settle_k
from core.progress import Progress, silent
from core.scoring.quality.trustworthiness import map_trust
from core.store.hashing.source import source_hash

KIND = "explanations"


def find_stability(
    space: Space, choice: Choice, labels: np.ndarray, n_boot: int = N_BOOT, progress: Progress = silent
) -> dict:
    """Return how stable the clusters of a choice are when the tracks are drawn anew.

    See :func:`core.explain.bootstrap_stability.bootstrap_stability`.
    """
    clusterer = settle_k(space, choice, progress).clusterer()
    code = source_hash(bootstrap_stability, *classes_of(clusterer))
    key = store.key_of("bootstrap", space.key, clusterer, labels, n_boot, choice.seed, code)
    return store.cached(
        KIND,
        key,
        lambda: bootstrap_stability(
            space.X,
            clusterer,
            labels,
            links=space.links,
            n_boot=n_boot,
            seed=choice.seed,
            progress=progress,
        ),
    )


def find_confounds(collection: Collection, space: Space, choice: Choice, labels: np.ndarray) -> dict:
    """Return what the clusters follow: labels, artists, albums, folders.

    See :func:`core.explain.cluster_confounds.measure_confounds`.
    """
    truth = np.array(reference_labels(collection, space, choice.label_by), object)
    sources = sources_of(collection, space.rows)
    values = {name: list(column) for name, column in sources.items()}
    key = store.key_of("confounds", labels, list(truth), values, choice.seed, source_hash(measure_confounds))
    return store.cached(KIND, key, lambda: measure_confounds(labels, truth, sources, seed=choice.seed))


def find_pair(
    collection: Collection,
    space: Space,
    choice: Choice,
    positions: np.ndarray,
    first: str,
    second: str | None = None,
    *,
    thorough: bool = True,
    progress: Progress = silent,
) -> dict:
    """Return the tracks nearest to one in each view, and its comparison with another one.

    Returns
    -------
    dict
        ``neighbours``: by view ("audio", "text", "fused", "map") the rows of the nearest tracks in the
        collection, nearest first; and :func:`core.explain.pairs.track_pair.compare_tracks` where ``second``
        is given.
    """
    key = store.key_of(
        "pair",
        space.key,
        positions,
        key_of_profiles(collection, space, choice, thorough),
        [first, second],
        source_hash(compare_tracks, views_of),
    )

    def make() -> dict:
        views = views_of(collection, space, choice, positions, progress)
        row = collection.tracks["track_id"].tolist().index(first)
        near = {"neighbours": {name: view.nearest(row) for name, view in views.items()}}
        if second is None:
            return near
        args = (collection, choice, views, first, second)
        return {**near, **compare_tracks(*args, thorough=thorough, progress=progress)}

    return store.cached(KIND, key, make)


def find_map_trust(space: Space, positions: np.ndarray, seed: int = 0, progress: Progress = silent) -> dict:
    """Return how far a map can be trusted; {} with fewer than five tracks.

    See :func:`core.scoring.quality.trustworthiness.map_trust`.
    """
    key = store.key_of("map trust", space.key, positions, seed, source_hash(map_trust))
    return store.cached(KIND, key, lambda: map_trust(space.X, positions, seed=seed, progress=progress) or {})

"""The pipeline on one screen: each stage is a function of the stage before and the choice, cached by content.

    collection ──▶ representation per modality ──▶ fusion ──▶ clusters ──▶ scores
                   (features, or latents of a         │
                    trained encoder)                  └─────▶ projection ──▶ the map

:func:`core.pipeline.space.build_space` represents and fuses, :func:`core.pipeline.layouts.layout` projects;
the stages between are here.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from core import store
from core.collection import Collection
from core.pipeline.choice import Choice
from core.pipeline.consensus_runs import classes_of, cluster, stability_of
from core.pipeline.space import Space, represent_modalities
from core.progress import Progress, silent
from core.representation.side_by_side import scale
from core.scoring.choose_k import choose_k
from core.store.hashing.source import source_hash


def find_clusters(space: Space, choice: Choice, progress: Progress = silent) -> np.ndarray:
    """Return an integer label per row of ``space.X``, shape=(n,); 0 is the largest cluster, -1 is noise."""
    choice = settle_k(space, choice, progress)
    return store.cached(
        "clusters",
        _clusters_key(space, choice),
        lambda: np.asarray(cluster(space, choice, progress), np.int64),
    )


def score_stability(
    space: Space, choice: Choice, progress: Progress = silent
) -> tuple[dict, np.ndarray] | None:
    """Return how much the clusters depend on the seed, and the same of each track, shape=(n,).

    See :func:`core.pipeline.consensus_runs.stability_of`; None without a consensus over seeds.
    """
    choice = settle_k(space, choice, progress)
    return stability_of(space, choice, find_clusters(space, choice, progress), progress)


def settle_k(space: Space, choice: Choice, progress: Progress = silent) -> Choice:
    """Return the choice with its k, or with the k of the highest Silhouette if k is searched."""
    if not choice.searches_k:
        return choice
    search = search_k(space, choice, progress)
    return replace(choice, n_clusters=int(search.loc[search["silhouette"].idxmax(), "n_clusters"]))


def search_k(space: Space, choice: Choice, progress: Progress = silent) -> pd.DataFrame:
    """Return the table ``n_clusters, silhouette`` over k in 2..10 (Rousseeuw 1987), of one run per k."""
    clusterer = replace(choice, n_clusters=None, consensus=0).clusterer()
    key = store.key_of("k", space.key, clusterer, choice.seed, source_hash(type(clusterer), choose_k))

    def make() -> pd.DataFrame:
        _, found = choose_k(space.X, clusterer, seed=choice.seed, progress=progress)
        return pd.DataFrame({"n_clusters": list(found), "silhouette": list(found.values())})

    return store.cached("clusters", key, make)


def suggest_settings(space: Space, choice: Choice) -> dict[str, float]:
    """Return values suggested by the data for the clusterer's settings that are None, by name."""
    clusterer = choice.clusterer()
    key = store.key_of("suggested", space.key, clusterer, source_hash(type(clusterer)))
    return store.cached("clusters", key, lambda: clusterer.suggest(space.X))


def library_versions(space: Space, choice: Choice) -> dict[str, str]:
    """Return library versions by package, as installed when the clusters were computed; {} if not cached."""
    if choice.searches_k:
        return {}
    return store.provenance("clusters", _clusters_key(space, choice)).get("libraries", {})


def count_clusters(labels: np.ndarray) -> int:
    """Return the number of clusters, noise not counted."""
    return len(set(labels[labels >= 0]))


def reference_labels(collection: Collection, space: Space, label_by: str = "main") -> list[str]:
    """Return the reference labels of the space's tracks, "" where unknown."""
    labels = collection.coarse_labels() if label_by == "coarse" else collection.labels()
    return [labels[row] for row in space.rows]


def truth_of(collection: Collection, space: Space, label_by: str = "main") -> list[str] | None:
    """Return the reference labels of the space's tracks, "" where unknown; None if no track has one."""
    truth = reference_labels(collection, space, label_by)
    return truth if any(truth) else None


def score(
    collection: Collection, space: Space, labels: np.ndarray, seed: int = 0, label_by: str = "main"
) -> dict:
    """Return every metric of one clustering, without intervals (see :func:`core.scoring.evaluate`)."""
    from core.scoring import evaluate

    truth = truth_of(collection, space, label_by)
    key = store.key_of("first", space.key, labels, truth, seed, source_hash(evaluate))
    return store.cached("scores", key, lambda: evaluate(space.X, labels, truth, seed=seed))


def score_fully(
    collection: Collection, space: Space, choice: Choice, *, n_seeds: int = 5, progress: Progress = silent
) -> dict:
    """Return means and intervals over seeds, and ``control``, the value of each metric without structure.

    See :func:`core.scoring.confidence_intervals` and :func:`core.scoring.control_scores`. A searched k is
    chosen once, by the first seed.
    """
    from core.scoring import confidence_intervals, control_scores

    choice = settle_k(space, choice, progress)
    truth, clusterer = truth_of(collection, space, choice.label_by), choice.clusterer()
    labels = find_clusters(space, choice, progress)
    code = source_hash(confidence_intervals, control_scores, *classes_of(clusterer))
    key = store.key_of("full", space.key, clusterer, labels, truth, n_seeds, choice.seed, code)

    def make() -> dict:
        figures = confidence_intervals(
            space.X,
            clusterer.on(space.links),
            truth,
            seeds=n_seeds,
            seed=choice.seed,
            progress=progress,
        )
        return {**figures, "control": control_scores(space.X, clusterer, labels, truth, seed=choice.seed)}

    return store.cached("scores", key, make)


def score_genres(
    collection: Collection, space: Space, seed: int = 0, progress: Progress = silent
) -> dict | None:
    """Return how well a track's neighbours predict its genres; None for single-label collections.

    See :func:`core.scoring.quality.genre_probe.probe_genres`; also None if too few tracks have a genre.
    """
    if not collection.has_several_genres:
        return None
    from core.scoring.quality.genre_probe import probe_genres

    has = collection.genre_matrix()[1][space.rows]
    key = store.key_of("genres", space.key, has, seed, source_hash(probe_genres))
    probe = store.cached(
        "scores", key, lambda: probe_genres(space.X, has, seed=seed, progress=progress) or {}
    )
    return probe or None


def score_representation(
    collection: Collection,
    space: Space,
    seed: int = 0,
    label_by: str = "main",
    progress: Progress = silent,
) -> dict:
    """Return how good the space is without clusters: neighbours, linear probe, hubness, effective rank.

    See :func:`core.scoring.quality.representation_quality.evaluate_representation`.
    """
    from core.scoring.quality.representation_quality import evaluate_representation

    truth = truth_of(collection, space, label_by)
    artists = [artist.strip().casefold() for artist in collection.tracks["artist"].iloc[space.rows]]
    key = store.key_of(
        "representation", space.key, truth, artists, seed, source_hash(evaluate_representation)
    )
    return store.cached(
        "scores",
        key,
        lambda: evaluate_representation(space.X, truth, artists, seed=seed, progress=progress),
    )


def score_layout(space: Space, positions: np.ndarray, progress: Progress = silent) -> np.ndarray:
    """Return the share of each track's neighbours on the map that are so in the space, shape=(n,).

    See :func:`core.scoring.quality.neighbour_preservation.preserved_neighbours`.
    """
    from core.scoring.quality.neighbour_preservation import preserved_neighbours

    key = store.key_of("preserved", space.key, positions, source_hash(preserved_neighbours))
    return store.cached("scores", key, lambda: preserved_neighbours(space.X, positions, progress=progress))


def rank_representations(
    collection: Collection, choice: Choice, progress: Progress = silent
) -> dict[str, dict]:
    """Return the effective rank of each modality's representation before fusion.

    A representation on one scale, such as latents, is ranked as it is, because standardised dimensions hide
    that one varies and the others don't; features with different units are standardised first.

    Returns
    -------
    dict
        By modality: ``name`` of the representation, ``effective_rank``, ``n_dimensions`` and
        ``is_collapsed``.
    """
    from core.scoring.quality.representation_metrics import rank_figures

    ranks = {}
    for modality, part in represent_modalities(collection, choice, progress).items():
        key = store.key_of(
            "rank", part.key, part.may_standardise, choice.seed, source_hash(rank_figures, scale)
        )

        def make(part=part) -> dict:
            return rank_figures(scale(part, "auto")[part.present], choice.seed)

        ranks[modality] = {"name": getattr(choice, modality), **store.cached("scores", key, make)}
    return ranks


def measure_representation(
    collection: Collection, space: Space, choice: Choice, progress: Progress = silent
) -> dict:
    """Return :func:`score_representation` with ``encoders``, the result of :func:`rank_representations`."""
    scores = score_representation(collection, space, choice.seed, choice.label_by, progress)
    return {**scores, "encoders": rank_representations(collection, choice, progress)}


def _clusters_key(space: Space, choice: Choice) -> str:
    """Return the key of the clusters of a choice whose k is known."""
    clusterer = choice.clusterer()
    return store.key_of(space.key, clusterer, choice.seed, source_hash(*classes_of(clusterer)))

"""The way of the data, on one screen.

    collection ──▶ representation per modality ──▶ fusion ──▶ clusters ──▶ scores
                   (features, or latents of a         │
                    trained encoder)                  └─────▶ projection ──▶ the map

Every arrow is a pure function of its input and a frozen config; every box is kept in the store under a key of
both and of the code between. So the same choice twice costs nothing the second time.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from core import store
from core.clustering import clusterer_spec, needs_k
from core.collection import Collection
from core.cues.track_cues import cues_of
from core.errors import ConfigError
from core.fusion import Fused, FusionSpec, fusion_spec, standardise_alone
from core.progress import Progress, silent
from core.projection import projection_spec
from core.representation.represent import Representation, find_joint, represent, represent_jointly
from core.scoring import choose_k
from core.store.source import source_hash

LABELS_BY = ("main", "coarse")


@dataclass(frozen=True)
class Choice:
    """Everything that decides what is on the map and in the table of scores.

    ``audio`` and ``text`` are representations (see :mod:`core.representation.represent`), None where that modality is
    not used. ``n_clusters=None`` searches k in 2..10 by Silhouette. ``settings`` are further fields of the
    clusterer, ``fusion_settings`` those of the fusion. ``label_by`` is what clusters are compared with:
    "main" (labels), "coarse" (groups).
    """

    audio: str | None = "musicnn"
    text: str | None = None
    text_field: str | None = None
    fusion: str = "weighted"
    text_weight: float = 0.5
    cluster: str = "kmeans"
    n_clusters: int | None = 8
    settings: tuple[tuple[str, float | int], ...] = ()
    fusion_settings: tuple[tuple[str, float | int | str], ...] = ()
    projection: str = "pacmap"
    label_by: str = "main"
    seed: int = 0

    def __post_init__(self):
        if self.label_by not in LABELS_BY:
            raise ConfigError(f"label_by={self.label_by!r} must be one of {', '.join(LABELS_BY)}")
        if not self.audio and not self.text:
            raise ConfigError("choose an audio representation, a text representation, or both")
        if not 0 <= self.text_weight <= 1:
            raise ConfigError(f"text_weight={self.text_weight} must lie in [0, 1]")
        (
            fusion_spec(self.fusion),
            clusterer_spec(self.cluster),
            projection_spec(self.projection),
        )  # unknown names are refused here

    @property
    def modality(self) -> str:
        return "fused" if self.audio and self.text else "audio" if self.audio else "text"

    def clusterer(self):
        """Build the clusterer's config; ``n_clusters`` goes where the algorithm takes a k."""
        spec = clusterer_spec(self.cluster)
        k = {"n_clusters": self.n_clusters} if spec.takes_k else {}
        return spec.load()(**k, **dict(self.settings))

    def fuser(self):
        """Build the fusion's config; ``text_weight`` goes where the fusion takes one."""
        spec = fusion_spec(self.fusion)
        weight = {"text_weight": self.text_weight} if spec.takes_weight else {}
        return spec.load()(**weight, **dict(self.fusion_settings))


@dataclass(frozen=True, eq=False)
class Space:
    """One vector per track that has what the choice needs.

    Attributes
    ----------
    X : ndarray, shape=(n, d)
    rows : ndarray of int, shape=(n,)
        Positions of these tracks in the collection.
    left_out : dict
        Reason by track id for the others.
    key : str
        Of this very representation.
    sees_labels : bool
        True where a representation was trained with the labels.
    n_outdated : dict of int
        By modality, tracks whose features an earlier version of an extractor computed (see
        :mod:`core.features.earlier`).
    family : str
        Key of what the representations at all text weights have in common; "" where no weight mixes the
        modalities.
    told : dict
        What the fusion tells of itself ({} for those that have nothing to tell).
    weights : DataFrame or None, a row per row of X
        ``text_weight``, the share of text in each track, and a column per term that made it, where the fusion
        weighs tracks one by one.
    """

    X: np.ndarray
    rows: np.ndarray
    left_out: dict[str, str]
    key: str
    sees_labels: bool
    told: dict = field(default_factory=dict)
    weights: pd.DataFrame | None = None
    family: str = ""
    n_outdated: dict[str, int] = field(default_factory=dict)


def build_space(
    collection: Collection, choice: Choice, progress: Progress = silent, *, keep: bool = True
) -> Space:
    """Represent each chosen modality and fuse them; ``keep=False`` leaves the store as it is, for one that is needed once."""
    chosen = {m: rep for m, rep in (("audio", choice.audio), ("text", choice.text)) if rep}
    field = choice.text_field
    parts = {
        m: represent(collection, rep, modality=m, text_field=field, progress=progress)
        for m, rep in chosen.items()
    }
    present = np.any([part.present for part in parts.values()], axis=0)
    rows = np.flatnonzero(present)
    if len(rows) < 2:
        few = "only one track" if len(rows) else "no track"
        raise ConfigError(f"{few} of {collection.name} has {' or '.join(parts)}; a map needs two or more")
    spec, how = (fusion_spec(choice.fusion), choice.fuser()) if len(parts) == 2 else (None, None)
    cues = (
        cues_of(collection, text_field=field, encoder=choice.text, progress=progress).iloc[rows]
        if spec and spec.wants_cues
        else None
    )
    code = source_hash(_fuse) if how is None else source_hash(type(how), _fuse, weights_of)
    made_of = [[(m, part.key) for m, part in parts.items()], cues, code]
    key = store.key_of(made_of, how, *([choice.seed] if spec and spec.explains else []))
    given = {
        "cues": None if cues is None else cues.reset_index(drop=True),
        "seed": choice.seed,
        "progress": progress,
    }

    def fuse() -> Fused:
        return _read_both(collection, choice, spec, rows, progress) or _fuse(parts, how, rows, given)

    X, told, weights = _keep_fused(key, spec, len(rows), fuse) if keep else (fuse().X, {}, None)
    reasons = {i: reason for part in parts.values() for i, reason in part.failed.items()}
    absent = collection.tracks["track_id"].to_numpy()[~present]
    left_out = {i: reasons.get(i, f"has no {' and no '.join(parts)}") for i in absent}
    family = store.key_of(made_of, replace(how, text_weight=0.5)) if spec and spec.takes_weight else ""
    n_outdated = {m: part.n_outdated for m, part in parts.items() if part.n_outdated}
    return Space(
        X,
        rows,
        left_out,
        key,
        any(part.sees_labels for part in parts.values()),
        told,
        weights,
        family,
        n_outdated,
    )


def _read_both(
    collection: Collection, choice: Choice, spec: FusionSpec | None, rows: np.ndarray, progress: Progress
) -> Fused | None:
    """Return the joint latent of a network that both representations mean, None where the fusion takes none or they mean two."""
    takes = spec.joint_latent_of if spec else ()
    joint = find_joint(collection, choice.audio, choice.text) if takes else None
    if joint is None or joint.model not in takes:
        return None
    both, text_weights = represent_jointly(
        collection, choice.audio, text_field=choice.text_field, progress=progress
    )
    told = {
        "model": joint.model,
        "checkpoint": joint.name,
        "words": f"the one latent of {both.X.shape[1]} numbers that {joint.name} reads from both",
    }
    return Fused(both.X[rows], text_weights[rows], None, told)


def _fuse(parts: dict[str, Representation], how, rows: np.ndarray, given: dict) -> Fused:
    """Fuse two modalities, or standardise the only one."""
    if how is None:
        (only,) = parts.values()
        return Fused(standardise_alone(only.X[rows], only.present[rows]))
    audio, text = parts["audio"], parts["text"]
    return how.fuse(audio.X[rows], text.X[rows], audio.present[rows], text.present[rows], **given)


def _keep_fused(
    key: str, spec: FusionSpec | None, n: int, fuse: Callable[[], Fused]
) -> tuple[np.ndarray, dict, pd.DataFrame | None]:
    """Return a representation, what its fusion tells of itself, and the weights per track; kept side by side, made at once."""
    fuse = functools.cache(fuse)
    X = store.cached("spaces", key, lambda: fuse().X)
    if spec is None or not spec.explains:
        return X, {}, None
    told = store.cached("told", key, lambda: fuse().told)
    weights = store.cached("weights", key, lambda: weights_of(fuse(), n))
    return X, told, weights if len(weights.columns) else None


def weights_of(fused: Fused, n: int) -> pd.DataFrame:
    """Return ``text_weight`` and its terms, a row per track; no column where tracks are not weighed one by one."""
    if fused.text_weights is None:
        return pd.DataFrame(index=range(n))
    terms = pd.DataFrame(index=range(n)) if fused.terms is None else fused.terms
    return terms.assign(text_weight=np.asarray(fused.text_weights, np.float64))


def find_clusters(space: Space, choice: Choice, progress: Progress = silent) -> np.ndarray:
    """Return an integer label per row of ``space.X``; 0 is the largest cluster, -1 is noise."""
    clusterer = choice.clusterer()
    return store.cached(
        "clusters", _clusters_key(space, choice), lambda: _cluster(space, clusterer, choice, progress)
    )


def _clusters_key(space: Space, choice: Choice) -> str:
    """Return the key of a choice's clusters; where k is searched, of the search as well."""
    clusterer = choice.clusterer()
    return store.key_of(space.key, clusterer, choice.seed, source_hash(type(clusterer), _cluster))


def libraries_of(space: Space, choice: Choice) -> dict[str, str]:
    """Return the versions of the libraries installed when a choice's clusters were computed, by package; {} where none are noted."""
    return store.provenance("clusters", _clusters_key(space, choice)).get("libraries", {})


def _cluster(space: Space, clusterer, choice: Choice, progress: Progress) -> np.ndarray:
    """Fit, after searching k where none was given."""
    if needs_k(clusterer):
        search = search_k(space, choice, progress)
        clusterer = replace(
            clusterer, n_clusters=int(search.loc[search["silhouette"].idxmax(), "n_clusters"])
        )
    return np.asarray(clusterer.fit(space.X, seed=choice.seed), np.int64)


def suggest_settings(space: Space, choice: Choice) -> dict[str, float]:
    """Return what the data suggest for settings of the clusterer that were left open, by name."""
    clusterer = choice.clusterer()
    key = store.key_of("suggested", space.key, clusterer, source_hash(type(clusterer)))
    return store.cached("clusters", key, lambda: clusterer.suggest(space.X))


def count_clusters(labels: np.ndarray) -> int:
    """Return how many clusters there are beside noise."""
    return len(set(labels[labels >= 0]))


def search_k(space: Space, choice: Choice, progress: Progress = silent) -> pd.DataFrame:
    """Return the table ``n_clusters, silhouette`` over k in 2..10 (Rousseeuw 1987)."""
    clusterer = replace(choice, n_clusters=None).clusterer()
    key = store.key_of("k", space.key, clusterer, choice.seed, source_hash(type(clusterer), choose_k))

    def make() -> pd.DataFrame:
        _, found = choose_k(space.X, clusterer, seed=choice.seed, progress=progress)
        return pd.DataFrame({"n_clusters": list(found), "silhouette": list(found.values())})

    return store.cached("clusters", key, make)


def truth_of(collection: Collection, space: Space, label_by: str = "main") -> list[str] | None:
    """Return the labels, or main coarse groups, of the space's tracks ("" where unknown), or None where there are none."""
    labels = collection.coarse_labels() if label_by == "coarse" else collection.labels()
    truth = [labels[row] for row in space.rows]
    return truth if any(truth) else None


def score(
    collection: Collection, space: Space, labels: np.ndarray, seed: int = 0, label_by: str = "main"
) -> dict:
    """Return every metric of one clustering, at once and without intervals (see :func:`core.scoring.evaluate`)."""
    from core.scoring import evaluate

    truth = truth_of(collection, space, label_by)
    key = store.key_of("first", space.key, labels, truth, seed, source_hash(evaluate))
    return store.cached("scores", key, lambda: evaluate(space.X, labels, truth, seed=seed))


def score_fully(
    collection: Collection, space: Space, choice: Choice, *, n_seeds: int = 5, progress: Progress = silent
) -> dict:
    """Return means and intervals over seeds, and the control that each metric has to beat.

    See :func:`core.scoring.intervals`; ``control`` is added. A searched k is chosen once, by the first seed.
    """
    from core.scoring import control, intervals

    truth, clusterer, labels = (
        truth_of(collection, space, choice.label_by),
        choice.clusterer(),
        find_clusters(space, choice, progress),
    )
    if needs_k(clusterer):
        clusterer = replace(clusterer, n_clusters=count_clusters(labels))
    code = source_hash(intervals, control, type(clusterer))
    key = store.key_of("full", space.key, clusterer, labels, truth, n_seeds, choice.seed, code)

    def make() -> dict:
        figures = intervals(space.X, clusterer, truth, seeds=n_seeds, seed=choice.seed, progress=progress)
        return {**figures, "control": control(space.X, clusterer, labels, truth, seed=choice.seed)}

    return store.cached("scores", key, make)


def score_genres(
    collection: Collection, space: Space, seed: int = 0, progress: Progress = silent
) -> dict | None:
    """Return how well neighbours know each track's genres (see :func:`core.scoring.neighbours.probe_genres`).

    None where tracks have one genre each, or too few have any.
    """
    if not collection.has_several_genres:
        return None
    from core.scoring.neighbours import probe_genres

    has = collection.genre_matrix()[1][space.rows]
    key = store.key_of("genres", space.key, has, seed, source_hash(probe_genres))
    return (
        store.cached("scores", key, lambda: probe_genres(space.X, has, seed=seed, progress=progress) or {})
        or None
    )

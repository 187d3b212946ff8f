"""From a choice to one vector per track: represent each modality, then fuse them."""

import functools
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from core import store
from core.collection import Collection
from core.cues.track_cues import cues_of
from core.errors import ConfigError
from core.fusion import FusionSpec, fusion_spec
from core.fusion.fuser import Fused, Fusion
from core.pipeline.choice import Choice
from core.progress import Progress, silent
from core.representation.represent import represent, represent_jointly
from core.representation.resolve import find_joint
from core.representation.side_by_side import may_standardise, scale
from core.representation.vectors import Representation
from core.store.hashing.source import source_hash


@dataclass(frozen=True, eq=False)
class Space:
    """One vector per track that has a modality of the choice.

    Attributes
    ----------
    X : ndarray, shape=(n, d)
    rows : ndarray of int, shape=(n,)
        Positions of these tracks in the collection.
    left_out : dict
        Reason by track id for all other tracks.
    key : str
        Cache key of X.
    sees_labels : bool
        True if a representation was trained with the labels.
    n_outdated : dict of int
        By modality, the number of tracks whose features are from an earlier version of the extractor (see
        :mod:`core.features.extraction.earlier`).
    links : DataFrame or None
        The fused neighbour graph, see :class:`core.fusion.fuser.Fused`; None after a reduction of X.
    family : str
        Cache key shared by the spaces at all text weights; "" if no text weight mixes the modalities.
    details : dict
        Details of the fusion's fit, see :class:`core.fusion.Fused`; {} for fusions without any.
    weights : DataFrame or None, one row per row of X
        For fusions with per-track weights: ``text_weight`` and one column per term of it.
    """

    X: np.ndarray
    rows: np.ndarray
    left_out: dict[str, str]
    key: str
    sees_labels: bool
    details: dict = field(default_factory=dict)
    weights: pd.DataFrame | None = None
    links: pd.DataFrame | None = None
    family: str = ""
    n_outdated: dict[str, int] = field(default_factory=dict)


def build_space(
    collection: Collection, choice: Choice, progress: Progress = silent, *, cache: bool = True
) -> Space:
    """Represent each chosen modality and fuse them; ``cache=False`` does not store the result."""
    parts = represent_modalities(collection, choice, progress)
    rows = _rows_of(collection, parts)
    spec = fusion_spec(choice.fusion) if len(parts) == 2 else None
    fusion = choice.fuser() if spec else None
    cues = _cues_of(collection, choice, spec, rows, progress)

    def fuse() -> Fused:
        return _read_joint_latents(collection, choice, spec, rows, progress) or _fuse(
            _scale_rows(parts, rows, choice), fusion, cues=cues, seed=choice.seed, progress=progress
        )

    code = source_hash(_fuse, _scale_rows, *((type(fusion), weights_of) if fusion else ()))
    scales = [(m, part.key, may_standardise(part, choice.standardise)) for m, part in parts.items()]
    inputs = [scales, cues, code]
    key = store.key_of(inputs, fusion, *([choice.seed] if spec else []))
    fused: dict[str, Any] = _cached_fusion(key, spec, len(rows), fuse) if cache else {"X": fuse().X}
    if choice.reduce == "umap":
        fused["X"], key = _reduce(fused["X"], key, choice.seed, cache)
        fused["links"] = None
    return Space(
        rows=rows,
        left_out=_reasons_left_out(collection, parts, rows),
        key=key,
        sees_labels=any(part.sees_labels for part in parts.values()),
        **fused,
        family=store.key_of(inputs, replace(choice, text_weight=0.5).fuser())
        if spec and spec.takes_weight
        else "",
        n_outdated={m: part.n_outdated for m, part in parts.items() if part.n_outdated},
    )


def represent_modalities(
    collection: Collection, choice: Choice, progress: Progress
) -> dict[str, Representation]:
    """Return the representation of each chosen modality."""
    chosen = {m: rep for m, rep in (("audio", choice.audio), ("text", choice.text)) if rep}
    return {
        m: represent(
            collection,
            rep,
            modality=m,
            text_field=choice.text_field,
            standardise_by=choice.standardise,
            progress=progress,
        )
        for m, rep in chosen.items()
    }


def _rows_of(collection: Collection, parts: dict[str, Representation]) -> np.ndarray:
    """Return the positions of the tracks with at least one modality.

    Raises
    ------
    ConfigError
        When there are fewer than two.
    """
    rows = np.flatnonzero(np.any([part.present for part in parts.values()], axis=0))
    if len(rows) < 2:
        few = "only one track" if len(rows) else "no track"
        raise ConfigError(f"{few} of {collection.name} has {' or '.join(parts)}; a map needs two or more")
    return rows


def _cues_of(
    collection: Collection, choice: Choice, spec: FusionSpec | None, rows: np.ndarray, progress: Progress
) -> pd.DataFrame | None:
    """Return the per-track cues if the fusion takes any."""
    if spec is None or not spec.wants_cues:
        return None
    cues = cues_of(collection, text_field=choice.text_field, encoder=choice.text, progress=progress)
    return cues.iloc[rows].reset_index(drop=True)


def _reasons_left_out(
    collection: Collection, parts: dict[str, Representation], rows: np.ndarray
) -> dict[str, str]:
    """Return the reason by track id for tracks without any modality."""
    if len(rows) == len(collection.tracks):
        return {}
    reasons = {i: reason for part in parts.values() for i, reason in part.failed.items()}
    absent = np.delete(collection.tracks["track_id"].to_numpy(), rows)
    return {i: reasons.get(i, f"has no {' and no '.join(parts)}") for i in absent}


def _read_joint_latents(
    collection: Collection, choice: Choice, spec: FusionSpec | None, rows: np.ndarray, progress: Progress
) -> Fused | None:
    """Return the joint latents if the fusion takes them and both representations are the same checkpoint."""
    if spec is None or not spec.joint_latent_of or choice.audio is None or choice.text is None:
        return None
    joint = find_joint(collection, choice.audio, choice.text)
    if joint is None or joint.model not in spec.joint_latent_of:
        return None
    both, text_weights = represent_jointly(
        collection, choice.audio, text_field=choice.text_field, progress=progress
    )
    details = {"model": joint.model, "checkpoint": joint.name, "latent_dim": both.X.shape[1]}
    return Fused(both.X[rows], text_weights[rows], None, details)


def _scale_rows(
    parts: dict[str, Representation], rows: np.ndarray, choice: Choice
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Return the vectors of each modality, standardised or centred, and the mask of present tracks."""
    return {m: (scale(part, choice.standardise, rows), part.present[rows]) for m, part in parts.items()}


def _fuse(scaled: dict[str, tuple[np.ndarray, np.ndarray]], fusion: Fusion | None, **context: Any) -> Fused:
    """Fuse two modalities, or return the only one."""
    if fusion is None:
        ((X, _),) = scaled.values()
        return Fused(X)
    (audio, audio_present), (text, text_present) = scaled["audio"], scaled["text"]
    return fusion.fuse(audio, text, audio_present, text_present, **context)


def _reduce(X: np.ndarray, key: str, seed: int, cache: bool) -> tuple[np.ndarray, str]:
    """Return the UMAP embedding of a space, and its key."""
    from core.projection.manifold import reduce_to_manifold

    key = store.key_of("reduced", key, seed, source_hash(reduce_to_manifold))

    def make() -> np.ndarray:
        return reduce_to_manifold(X, seed=seed)

    return store.cached("spaces", key, make) if cache else make(), key


def _cached_fusion(key: str, spec: FusionSpec | None, n: int, fuse: Callable[[], Fused]) -> dict[str, Any]:
    """Return X, details, weights and links of a space, cached side by side and computed together."""
    fuse = functools.cache(fuse)
    fused: dict[str, Any] = {"X": store.cached("spaces", key, lambda: fuse().X)}
    if spec is not None and spec.explains:
        fused["details"] = store.cached("fusion-details", key, lambda: fuse().details)
        weights = store.cached("weights", key, lambda: weights_of(fuse(), n))
        fused["weights"] = weights if len(weights.columns) else None
    if spec is not None and spec.makes_graph:
        links = store.cached("graphs", key, lambda: links_of(fuse()))
        fused["links"] = links if len(links) else None
    return fused


def links_of(fused: Fused) -> pd.DataFrame:
    """Return the links of the fused neighbour graph; no rows without one."""
    return pd.DataFrame({"first": [], "second": [], "weight": []}) if fused.links is None else fused.links


def weights_of(fused: Fused, n: int) -> pd.DataFrame:
    """Return ``text_weight`` and its terms, one row per track; no columns without per-track weights."""
    if fused.text_weights is None:
        return pd.DataFrame(index=range(n))
    terms = pd.DataFrame(index=range(n)) if fused.terms is None else fused.terms
    return terms.assign(text_weight=np.asarray(fused.text_weights, np.float64))

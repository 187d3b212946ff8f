"""From a choice to one vector per track: represent each modality, then fuse them."""

import functools
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from core import store
from core.collection import Collection
from core.cues.track_cues import cues_of
from core.errors import ConfigError
from core.fusion import Fused, FusionSpec, fusion_spec, standardise_alone
from core.pipeline.choice import Choice
from core.progress import Progress, silent
from core.representation.represent import represent, represent_jointly
from core.representation.representation import Representation
from core.representation.resolve import find_joint
from core.store.source import source_hash


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
        :mod:`core.features.earlier`).
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
    family: str = ""
    n_outdated: dict[str, int] = field(default_factory=dict)


def build_space(
    collection: Collection, choice: Choice, progress: Progress = silent, *, keep: bool = True
) -> Space:
    """Represent each chosen modality and fuse them; ``keep=False`` does not cache the result."""
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

    X, details, weights = _keep_fused(key, spec, len(rows), fuse) if keep else (fuse().X, {}, None)
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
        details,
        weights,
        family,
        n_outdated,
    )


def _read_both(
    collection: Collection, choice: Choice, spec: FusionSpec | None, rows: np.ndarray, progress: Progress
) -> Fused | None:
    """Return the joint latents if the fusion takes them and both representations are the same checkpoint."""
    takes = spec.joint_latent_of if spec else ()
    joint = find_joint(collection, choice.audio, choice.text) if takes else None
    if joint is None or joint.model not in takes:
        return None
    both, text_weights = represent_jointly(
        collection, choice.audio, text_field=choice.text_field, progress=progress
    )
    details = {"model": joint.model, "checkpoint": joint.name, "latent_dim": both.X.shape[1]}
    return Fused(both.X[rows], text_weights[rows], None, details)


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
    """Return X, the fusion's details and the per-track weights, cached side by side and computed together."""
    fuse = functools.cache(fuse)
    X = store.cached("spaces", key, lambda: fuse().X)
    if spec is None or not spec.explains:
        return X, {}, None
    details = store.cached("told", key, lambda: fuse().details)
    weights = store.cached("weights", key, lambda: weights_of(fuse(), n))
    return X, details, weights if len(weights.columns) else None


def weights_of(fused: Fused, n: int) -> pd.DataFrame:
    """Return ``text_weight`` and its terms, one row per track; no columns without per-track weights."""
    if fused.text_weights is None:
        return pd.DataFrame(index=range(n))
    terms = pd.DataFrame(index=range(n)) if fused.terms is None else fused.terms
    return terms.assign(text_weight=np.asarray(fused.text_weights, np.float64))

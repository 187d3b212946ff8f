"""One vector per track for one modality, by name: an extractor, a model, or a checkpoint.

``mfcc`` summarises features; ``sentence:NAME_OR_FOLDER`` reads with any sentence-transformers model;
``conv-vae`` encodes features with the newest checkpoint trained on the collection;
``path/to/file.safetensors`` encodes with that one. The demo's own vectors are shipped, so that nobody waits.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from core import store
from core.checkpoints.catalogue import SHIPPED, Checkpoint, extractor_of, find_checkpoint
from core.collection import Collection
from core.errors import ConfigError
from core.features import (
    count_missing,
    extract_features,
    extractor_spec,
    get_extractor,
    is_extractor,
    spec_of,
)
from core.inputs.input_arrays import input_of
from core.models import joint_models, model_spec
from core.progress import Progress, silent
from core.store.source import source_hash

SHIPPED_LATENTS = SHIPPED.parent / "demo" / "latents"
CODE = "code.json"
"""Beside the shipped vectors: what made each of them."""


@dataclass(frozen=True, eq=False)
class Representation:
    """Vectors of one modality.

    Attributes
    ----------
    X : ndarray, shape=(n_tracks, d), float32
    present : ndarray of bool, shape=(n_tracks,)
    key : str
    name : str
        As it was asked for.
    failed : dict
        Reason by track id for tracks that could not be read.
    sees_labels : bool
        True where the model was given the labels in training.
    n_outdated : int
        Tracks of which an earlier version of the extractor computed the features.
    """

    X: np.ndarray
    present: np.ndarray
    key: str
    name: str
    failed: dict[str, str] = field(default_factory=dict)
    sees_labels: bool = False
    n_outdated: int = 0


def represent(
    collection: Collection,
    rep: str,
    *,
    modality: str,
    text_field: str | None = None,
    recompute: bool = False,
    progress: Progress = silent,
) -> Representation:
    """Return one modality's vectors for every track.

    Parameters
    ----------
    rep : str
        An extractor, a model (``model:input``), or a checkpoint by name or file.
    modality : {"audio", "text"}
    recompute : bool
        See :func:`core.features.extract_features`.

    Raises
    ------
    ConfigError
        When the extractor is of the other modality, or the collection has nothing it reads.
    MissingCheckpoint
        When the model has no checkpoint for this collection; holds the command that trains one.
    """
    extractor, checkpoint = resolve(collection, rep, modality)
    shipped = None if recompute else _shipped(collection, rep, extractor, checkpoint, modality, text_field)
    if shipped is not None:
        return shipped
    features = extract_features(
        collection, extractor, text_field=text_field, recompute=recompute, progress=progress
    )
    if checkpoint is None:
        key = store.key_of("summary", features.key, source_hash(type(extractor), _summarise))
        X = store.cached("latents", key, lambda: _summarise(extractor, features))
        return Representation(X, features.present, key, rep, features.failed, n_outdated=features.n_outdated)
    content = checkpoint.content
    key = store.key_of("latents", content, modality, features.key, _code_of(extractor, checkpoint))
    X = store.cached(
        "latents", key, lambda: _encode(checkpoint, content, extractor, features, modality, progress)
    )
    return Representation(
        X,
        features.present,
        key,
        rep,
        features.failed,
        bool(checkpoint.meta.get("sees_labels")),
        features.n_outdated,
    )


def resolve(collection: Collection, rep: str, modality: str) -> tuple[object, Checkpoint | None]:
    """Return the extractor that ``rep`` reads and, where it is learnt, its checkpoint."""
    if is_extractor(rep):
        extractor, checkpoint = get_extractor(rep, modality), None
    else:
        checkpoint = find_checkpoint(rep, collection, modality)
        extractor = extractor_of(checkpoint, modality)
    if extractor.reads != "table" and extractor.modality != modality:
        raise ConfigError(f"{rep} reads {extractor.modality}, so it can't be the {modality} representation")
    return extractor, checkpoint


def find_joint(collection: Collection, audio: str, text: str) -> Checkpoint | None:
    """Return the checkpoint that both representations mean, where its model reads one latent from both; None otherwise."""
    if is_extractor(audio) or is_extractor(text):
        return None
    hears, reads = find_checkpoint(audio, collection, "audio"), find_checkpoint(text, collection, "text")
    return hears if hears.path == reads.path and model_spec(hears.model).has_joint_latent else None


def represent_jointly(
    collection: Collection, rep: str, *, text_field: str | None = None, progress: Progress = silent
) -> tuple[Representation, np.ndarray]:
    """Return the one latent that a model reads from sound and words at once, for every track, and each track's share of text.

    A track that lacks one is read from the other, with a share of 0 or 1; zeros and nan where it lacks both.
    What comes out is not kept here: a fusion keeps it.

    Parameters
    ----------
    rep : str
        A model (``gated-vae``, ``gated-vae:musicnn+tfidf``) or a checkpoint by name or file.

    Raises
    ------
    ConfigError
        When its model has no joint latent, or the collection has nothing it reads.
    MissingCheckpoint
        When the model has no checkpoint for this collection.
    """
    from core.checkpoints.checkpoint import load_checkpoint

    if is_extractor(rep) or find_joint(collection, rep, rep) is None:
        raise ConfigError(
            f"{rep} has no latent that it reads from sound and words at once; models that have one are "
            f"{', '.join(joint_models())}"
        )
    features, arrays = {}, {}
    for modality in ("audio", "text"):
        extractor, checkpoint = resolve(collection, rep, modality)
        features[modality] = extract_features(collection, extractor, text_field=text_field, progress=progress)
        arrays[modality] = input_of(extractor, features[modality])
    there = {modality: found.present for modality, found in features.items()}
    content = checkpoint.content
    model, meta = load_checkpoint(checkpoint.path, content=content)
    X, text_weights = _joint_latents(model, arrays, there, progress)
    code = source_hash(_joint_latents, input_of, model_spec(checkpoint.model).factory)
    key = store.key_of("joint", content, [found.key for found in features.values()], code)
    failed = features["audio"].failed | features["text"].failed
    return Representation(
        X, there["audio"] | there["text"], key, rep, failed, bool(meta.get("sees_labels"))
    ), text_weights


def estimate(
    collection: Collection, rep: str, *, modality: str, text_field: str | None = None
) -> tuple[int, float]:
    """Return how many tracks :func:`represent` would still have to read, and about how many seconds that takes."""
    extractor, checkpoint = resolve(collection, rep, modality)
    if _shipped(collection, rep, extractor, checkpoint, modality, text_field) is not None:
        return 0, 0.0
    missing = count_missing(collection, extractor, text_field=text_field)
    return missing, missing * spec_of(extractor).seconds_per_track


def estimate_features(collection: Collection, names: list[str]) -> tuple[int, float]:
    """Return how many tracks' sound some extractors would still have to read, and about how many seconds that takes.

    Unlike :func:`estimate` it counts the features themselves, which shipped vectors don't replace.
    """
    missing = {name: count_missing(collection, get_extractor(name)) for name in names}
    return max(missing.values(), default=0), sum(
        n * extractor_spec(name).seconds_per_track for name, n in missing.items()
    )


def _summarise(extractor, features) -> np.ndarray:
    """One vector per track, zeros kept where a track is absent."""
    X = np.asarray(extractor.summarise(features.X), np.float32)
    X[~features.present] = 0
    return X


def _encode(
    checkpoint: Checkpoint, content: str, extractor, features, modality: str, progress: Progress
) -> np.ndarray:
    """Load a checkpoint and encode with it."""
    from core.checkpoints.checkpoint import load_checkpoint

    model, _ = load_checkpoint(checkpoint.path, content=content)
    return _latents(model, input_of(extractor, features), features.present, modality, progress)


def _latents(model, X: np.ndarray, present: np.ndarray, modality: str, progress: Progress) -> np.ndarray:
    """Latent means of the tracks that are there, zeros elsewhere."""
    from core.training.encode import encode

    some = encode(model, X[present], modality=modality, progress=progress)
    Z = np.zeros((len(present), some.shape[1]), np.float32)
    Z[present] = some
    return Z


def _joint_latents(model, arrays: dict, there: dict, progress: Progress) -> tuple[np.ndarray, np.ndarray]:
    """Joint latents of all tracks, and each track's share of text."""
    from core.training.joint_latents import encode_jointly

    return encode_jointly(
        model, arrays["audio"], arrays["text"], there["audio"], there["text"], progress=progress
    )


def _code_of(extractor, checkpoint: Checkpoint | None) -> str:
    """Return the hash of the code between features and vectors."""
    if checkpoint is None:
        return source_hash(type(extractor), _summarise)
    return source_hash(type(extractor), _latents, input_of, model_spec(checkpoint.model).factory)


def _shipped(
    collection: Collection,
    rep: str,
    extractor,
    checkpoint: Checkpoint | None,
    modality: str,
    text_field: str | None,
) -> Representation | None:
    """Return the demo's shipped vectors for ``rep``, if these are its tracks and words, and the checkpoint and the code that made them."""
    if (
        modality == "text" and (collection.tracks["caption"] != "").any()
    ):  # captions were written since, and count as words
        return None
    path = _shipped_path(rep, modality, is_joint=checkpoint is not None and len(checkpoint.modalities) > 1)
    if (
        collection.info.get("kind") != "demo"
        or text_field
        or (checkpoint and not checkpoint.is_shipped)
        or not os.path.isfile(path)
    ):
        return None
    track_ids, X, present = store.recent.read((path,), _read_shipped)
    made_by = store.recent.read((SHIPPED_LATENTS / CODE,), store.read_json) or {}
    if track_ids != collection.tracks["track_id"].tolist() or made_by.get(path.stem) != _made_by(
        extractor, checkpoint
    ):
        return None
    sees_labels = bool(checkpoint and checkpoint.meta.get("sees_labels"))
    return Representation(X, present, store.key_of("shipped", rep, X), rep, {}, sees_labels)


def _made_by(extractor, checkpoint: Checkpoint | None) -> str:
    """Return a key of the code and the checkpoint that make vectors."""
    return store.key_of(extractor, _code_of(extractor, checkpoint), checkpoint.content if checkpoint else "")


def _read_shipped(path: Path) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Return track ids, vectors, and which tracks have one."""
    with np.load(path, allow_pickle=False) as shipped:
        X, present = shipped["X"].astype(np.float32), shipped["present"]
        X.flags.writeable = present.flags.writeable = False
        return shipped["track_id"].tolist(), X, present


def _shipped_path(rep: str, modality: str, *, is_joint: bool) -> Path:
    """Return where shipped vectors lie; what can stand for sound and for words has a file for each."""
    return SHIPPED_LATENTS / f"{rep.replace(':', '.')}{f'.{modality}' if is_joint else ''}.npz"


def ship_latents(collection: Collection, reps: dict[str, str]) -> list[Path]:
    """Write the demo's vectors to ``assets/`` (for the makers of a release): ``reps`` maps names to modalities, joined by "+"."""
    written = []
    for rep, modality in (
        (rep, modality) for rep, modalities in reps.items() for modality in modalities.split("+")
    ):
        path = _shipped_path(rep, modality, is_joint="+" in reps[rep])
        fresh = represent(collection, rep, modality=modality, recompute=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        ids = np.array(collection.tracks["track_id"], dtype=str)
        np.savez_compressed(path, X=fresh.X, present=fresh.present, track_id=ids)
        written.append(path)
    note_code(collection, reps)
    return written


def note_code(collection: Collection, reps: dict[str, str]) -> None:
    """Note beside the shipped vectors which code and checkpoint make them, once they are known to be what these make."""
    made_by = store.read_json(SHIPPED_LATENTS / CODE, {})
    for rep, modality in (
        (rep, modality) for rep, modalities in reps.items() for modality in modalities.split("+")
    ):
        made_by[_shipped_path(rep, modality, is_joint="+" in reps[rep]).stem] = _made_by(
            *resolve(collection, rep, modality)
        )
    store.write_json(SHIPPED_LATENTS / CODE, made_by)

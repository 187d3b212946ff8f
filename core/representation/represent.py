"""Represent tracks by one vector each, by name: an extractor, a model, or a checkpoint; estimate its time.

``mfcc`` summarises features; ``sentence:NAME_OR_FOLDER`` uses any sentence-transformers model; ``conv-vae``
encodes features with the newest checkpoint trained on the collection; ``path/to/file.safetensors`` with that
checkpoint; ``musicnn+mfcc`` puts two side by side. The demo's vectors are shipped, see
:mod:`core.representation.shipped_latents`.
"""

import numpy as np

from core import store
from core.collection import Collection
from core.errors import ConfigError
from core.features import count_missing, estimate_extraction, extract_features, get_extractor
from core.features.extraction.row_sizes import estimate_bytes
from core.inputs.input_arrays import as_read
from core.models import joint_models, model_spec
from core.progress import Progress, silent
from core.representation.resolve import find_joint, resolve, scale_is_free, text_field_of
from core.representation.shipped_latents import load_shipped
from core.representation.side_by_side import join_parts, split_parts
from core.representation.vectors import Representation, code_of_vectors, encode_features, summarise_features
from core.store.hashing.source import source_hash


def represent(
    collection: Collection,
    rep: str,
    *,
    modality: str,
    text_field: str | None = None,
    recompute: bool = False,
    standardise_by: str = "auto",
    progress: Progress = silent,
) -> Representation:
    """Return one modality's vectors of all tracks.

    Parameters
    ----------
    rep : str
        An extractor, a model (``model:input``), a checkpoint by name or file, or several joined by "+" (see
        :mod:`core.representation.side_by_side`).
    modality : {"audio", "text"}
    text_field : str, optional
        By default the field that a checkpoint learnt from, else see :meth:`Collection.texts`.
    recompute : bool
        See :func:`core.features.extract_features`.
    standardise_by : {"auto", "yes", "no"}
        Scaling of representations side by side, see :func:`core.representation.side_by_side.join_parts`.

    Raises
    ------
    ConfigError
        When the extractor is of the other modality, or the collection has no input for it.
    MissingCheckpoint
        When the model has no checkpoint for this collection; gives the command that trains one.
    """
    parts = split_parts(rep)
    found = [
        _represent_one(collection, part.rep, modality, text_field, recompute, progress) for part in parts
    ]
    return found[0] if len(found) == 1 else join_parts(rep, parts, found, standardise_by=standardise_by)


def _represent_one(
    collection: Collection,
    rep: str,
    modality: str,
    text_field: str | None,
    recompute: bool,
    progress: Progress,
) -> Representation:
    """Return the vectors of one representation."""
    extractor, checkpoint = resolve(collection, rep, modality)
    text_field = text_field_of(collection, checkpoint, text_field)
    if not recompute:
        shipped = load_shipped(collection, rep, extractor, checkpoint, modality, text_field)
        if shipped is not None:
            return shipped
    features = extract_features(
        collection, extractor, text_field=text_field, recompute=recompute, progress=progress
    )
    code = code_of_vectors(extractor, checkpoint)
    if checkpoint is None:
        key = store.key_of("summary", features.key, code)
        X = store.cached("latents", key, lambda: summarise_features(extractor, features))
        sees_labels = False
    else:
        content = checkpoint.content
        key = store.key_of("latents", content, modality, features.key, code)
        X = store.cached(
            "latents",
            key,
            lambda: encode_features(checkpoint, content, extractor, features, modality, progress),
        )
        sees_labels = bool(checkpoint.meta.get("sees_labels"))
    return Representation(
        X,
        features.present,
        key,
        rep,
        features.failed,
        sees_labels,
        n_outdated=features.n_outdated,
        may_standardise=scale_is_free(extractor, checkpoint),
    )


def represent_jointly(
    collection: Collection, rep: str, *, text_field: str | None = None, progress: Progress = silent
) -> tuple[Representation, np.ndarray]:
    """Return a model's joint latents of audio and text of all tracks, and each track's share of text.

    A track without one modality is encoded from the other, with a share of 0 or 1; zeros and nan without
    both. The result is not cached here but by the fusion that uses it.

    Parameters
    ----------
    rep : str
        A model (``gated-vae``, ``gated-vae:musicnn+tfidf``) or a checkpoint by name or file.

    Raises
    ------
    ConfigError
        When its model has no joint latent, or the collection has no input for it.
    MissingCheckpoint
        When the model has no checkpoint for this collection.
    """
    from core.checkpoints.checkpoint import load_checkpoint
    from core.training.joint_latents import encode_jointly

    checkpoint = find_joint(collection, rep, rep)
    if checkpoint is None:
        raise ConfigError(
            f"{rep} has no joint latent of audio and text; models that have one are "
            f"{', '.join(joint_models())}"
        )
    text_field = text_field_of(collection, checkpoint, text_field)
    features, arrays, present = {}, {}, {}
    for modality in ("audio", "text"):
        extractor, _ = resolve(collection, rep, modality)
        found = extract_features(collection, extractor, text_field=text_field, progress=progress)
        features[modality], arrays[modality] = found, as_read(extractor, found.X)
        present[modality] = found.present
    content = checkpoint.content
    model, meta = load_checkpoint(checkpoint.path, content=content)
    X, text_weights = encode_jointly(
        model, arrays["audio"], arrays["text"], present["audio"], present["text"], progress=progress
    )
    code = source_hash(encode_jointly, as_read, model_spec(checkpoint.model).factory)
    key = store.key_of("joint", content, [found.key for found in features.values()], code)
    failed = features["audio"].failed | features["text"].failed
    either = present["audio"] | present["text"]
    return Representation(X, either, key, rep, failed, bool(meta.get("sees_labels"))), text_weights


def estimate(
    collection: Collection, rep: str, *, modality: str, text_field: str | None = None
) -> tuple[int, float]:
    """Return the number of tracks still to be extracted for a representation, and the seconds it takes."""
    most, seconds = 0, 0.0
    for part in split_parts(rep):
        extractor, checkpoint = resolve(collection, part.rep, modality)
        field = text_field_of(collection, checkpoint, text_field)
        if load_shipped(collection, part.rep, extractor, checkpoint, modality, field) is None:
            missing = count_missing(collection, extractor, text_field=field)
            most, seconds = max(most, missing), seconds + estimate_extraction(extractor, missing)
    return most, seconds


def estimate_space(collection: Collection, rep: str, *, modality: str, text_field: str | None = None) -> int:
    """Return the bytes of the store that the tracks still to be extracted for a representation will need."""
    found = 0
    for part in split_parts(rep):
        extractor, checkpoint = resolve(collection, part.rep, modality)
        field = text_field_of(collection, checkpoint, text_field)
        if load_shipped(collection, part.rep, extractor, checkpoint, modality, field) is None:
            found += estimate_bytes(extractor, count_missing(collection, extractor, text_field=field))
    return found


def estimate_features(collection: Collection, names: list[str]) -> tuple[int, float]:
    """Return the number of tracks still to be read by some audio extractors, and the seconds it takes.

    Unlike :func:`estimate` this ignores shipped vectors, which don't replace features.
    """
    extractors = [get_extractor(name) for name in names]
    missing = [count_missing(collection, extractor) for extractor in extractors]
    return max(missing, default=0), sum(map(estimate_extraction, extractors, missing))

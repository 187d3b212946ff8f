"""The demo's precomputed vectors in ``assets/demo/latents``, which save its first visitors the extraction.

``code.json`` beside them records which code and checkpoint computed each file; vectors of other code are
ignored.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from core import store
from core.checkpoints.catalogue import SHIPPED, Checkpoint
from core.collection import Collection
from core.features.extractor import ExtractorConfig
from core.representation.resolve import resolve, scale_is_free
from core.representation.vectors import Representation, code_of_vectors

SHIPPED_LATENTS = SHIPPED.parent / "demo" / "latents"
PROVENANCE = "code.json"


def load_shipped(
    collection: Collection,
    rep: str,
    extractor: ExtractorConfig,
    checkpoint: Checkpoint | None,
    modality: str,
    text_field: str | None,
) -> Representation | None:
    """Return the shipped vectors of a representation; None where there are none or they don't apply.

    They apply to the unchanged demo (no captions written since), with the code and checkpoint that computed
    them.
    """
    if collection.info.get("kind") != "demo" or text_field or (checkpoint and not checkpoint.is_shipped):
        return None
    if modality == "text" and (collection.tracks["caption"] != "").any():
        return None
    path = path_of_latents(rep, modality, is_joint=checkpoint is not None and len(checkpoint.modalities) > 1)
    if not os.path.isfile(path):
        return None
    track_ids, X, present = store.recent.read((path,), _read_latents)
    provenance = store.recent.read((SHIPPED_LATENTS / PROVENANCE,), store.read_json) or {}
    if track_ids != collection.tracks["track_id"].tolist():
        return None
    if provenance.get(path.stem) != _provenance_of(extractor, checkpoint):
        return None
    sees_labels = bool(checkpoint and checkpoint.meta.get("sees_labels"))
    key = store.key_of("shipped", rep, X)
    return Representation(
        X, present, key, rep, {}, sees_labels, may_standardise=scale_is_free(extractor, checkpoint)
    )


def save_latents(collection: Collection, vectors: Representation, path: Path) -> None:
    """Write vectors to be shipped."""
    path.parent.mkdir(parents=True, exist_ok=True)
    track_ids = np.array(collection.tracks["track_id"], dtype=str)
    np.savez_compressed(path, X=vectors.X, present=vectors.present, track_id=track_ids)


def record_provenance(collection: Collection, reps: dict[str, str]) -> None:
    """Record the present code and checkpoints as those of the shipped vectors.

    Parameters
    ----------
    reps : dict
        Modalities, joined by "+", by name of the representation.
    """
    provenance = store.read_json(SHIPPED_LATENTS / PROVENANCE, {})
    for rep, modality, path in shipped_files(reps):
        provenance[path.stem] = _provenance_of(*resolve(collection, rep, modality))
    store.write_json(SHIPPED_LATENTS / PROVENANCE, provenance)


def shipped_files(reps: dict[str, str]) -> Iterator[tuple[str, str, Path]]:
    """Yield representation, modality and file of the vectors to be shipped; see :func:`record_provenance`."""
    for rep, modalities in reps.items():
        for modality in modalities.split("+"):
            yield rep, modality, path_of_latents(rep, modality, is_joint="+" in modalities)


def path_of_latents(rep: str, modality: str, *, is_joint: bool) -> Path:
    """Return the file of shipped vectors; joint models have one per modality."""
    return SHIPPED_LATENTS / f"{rep.replace(':', '.')}{f'.{modality}' if is_joint else ''}.npz"


def _provenance_of(extractor: ExtractorConfig, checkpoint: Checkpoint | None) -> str:
    """Return a key of the extractor, the code and the checkpoint that compute vectors."""
    content = checkpoint.content if checkpoint else ""
    return store.key_of(extractor, code_of_vectors(extractor, checkpoint), content)


def _read_latents(path: Path) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Read track ids, vectors, and the mask of tracks that have one."""
    with np.load(path, allow_pickle=False) as shipped:
        X, present = shipped["X"].astype(np.float32), shipped["present"]
        X.flags.writeable = present.flags.writeable = False
        return shipped["track_id"].tolist(), X, present

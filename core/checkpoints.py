"""Where checkpoints lie, and which one a name means.

Trained here: ``checkpoints/NAME.safetensors`` in the store. Shipped: ``assets/checkpoints/`` (trained on the
demo collection). A name in a choice may be a model (``conv-vae``, or ``mlp-vae:tfidf`` where the model reads
several inputs), which means its newest checkpoint trained on this collection; a checkpoint's own name; or a file.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from core import store
from core.collection import Collection
from core.errors import CheckpointError, MissingCheckpoint
from core.features import EXTRACTORS, SENTENCE
from core.inputs import modalities_of
from core.models import MODELS
from core.training.header import read_meta

SHIPPED = Path(__file__).resolve().parent.parent / "assets" / "checkpoints"


@dataclass(frozen=True)
class Checkpoint:
    """A checkpoint file and what its header says."""

    name: str
    path: Path
    meta: dict

    @property
    def is_shipped(self) -> bool:
        return self.path.parent == SHIPPED

    @property
    def model(self) -> str:
        return self.meta["model"]

    @property
    def input(self) -> str:
        """Name of the extractor that this checkpoint reads, or of two joined by "+" (see :mod:`core.inputs`)."""
        return self.meta["input"]["name"]

    @property
    def modalities(self) -> tuple[str, ...]:
        """What this checkpoint can stand for: ("audio",), ("text",) or both."""
        return modalities_of(self.input)


def list_checkpoints() -> list[Checkpoint]:
    """Return all readable checkpoints, newest first, those trained here before those shipped."""
    found = []
    for folder in (store.root() / "checkpoints", SHIPPED):
        group = []
        for path in folder.glob("*.safetensors"):
            try:
                group.append(Checkpoint(path.stem, path, read_meta(path)))
            except CheckpointError:
                continue  # the Models page lists files of the store that can't be read, see unreadable()
        found += sorted(group, key=lambda c: (c.meta.get("created", ""), c.path.stat().st_mtime_ns), reverse=True)
    return found


def unreadable() -> dict[str, str]:
    """Return the reason by file name for checkpoint files of the store that can't be read."""
    reasons = {}
    for path in (store.root() / "checkpoints").glob("*.safetensors"):
        try:
            read_meta(path)
        except CheckpointError as reason:
            reasons[path.name] = str(reason)
    return reasons


def belongs(checkpoint: Checkpoint, collection: Collection) -> bool:
    """Say whether a checkpoint was trained on this collection: of the same name and source (shipped ones: on the demo)."""
    if checkpoint.is_shipped:
        return collection.info.get("kind") == "demo"
    trained_on = checkpoint.meta.get("collection", {})
    return trained_on.get("name") == collection.name and trained_on.get("source") in (None, collection.info.get("source"))


def find_checkpoint(rep: str, collection: Collection, modality: str) -> Checkpoint:
    """Return the checkpoint that ``rep`` means for one modality of a collection.

    Raises
    ------
    MissingCheckpoint
        When ``rep`` is a model of which no checkpoint was trained on this collection; says the command that does.
    CheckpointError
        When it is no model, no checkpoint and no file.
    """
    if rep.endswith(".safetensors") or os.path.isfile(rep):  # Path.is_file raises where a name is too long
        return Checkpoint(Path(rep).stem, Path(rep), read_meta(Path(rep)))
    everything = list_checkpoints()
    for checkpoint in everything:
        if checkpoint.name == rep:
            return checkpoint
    model, _, wanted = rep.partition(":")
    if model not in MODELS:
        raise CheckpointError(
            f"{rep!r} is no extractor, no model and no checkpoint; extractors: {', '.join(EXTRACTORS)}, {SENTENCE}NAME_OR_FOLDER; "
            f"models: {', '.join(MODELS)}; "
            f"checkpoints: {', '.join(c.name for c in everything) or 'none yet'}"
        )
    for checkpoint in everything:
        if checkpoint.model == model and wanted in ("", checkpoint.input) and belongs(checkpoint, collection):
            if modality in checkpoint.modalities:
                return checkpoint
    raise MissingCheckpoint(
        f"no {rep} checkpoint for {modality} was trained on {collection.name}; "
        f"train it with: python -m core train {collection.name} --model {rep}"
    )


def import_checkpoint(source: Path, name: str | None = None) -> Checkpoint:
    """Copy a checkpoint file made elsewhere into the store, after loading it whole.

    Raises
    ------
    CheckpointError
        When it is none of ours, damaged, or doesn't fit its model; says which.
    """
    import shutil

    from core.training.checkpoint import load_checkpoint

    _, meta = load_checkpoint(source)
    target = store.folder("checkpoints") / f"{Path(name or source.name).stem}.safetensors"
    if target.exists():
        raise CheckpointError(f"there is a checkpoint {target.stem!r} already; delete it first or rename the file")
    store.publish(target, lambda temporary: shutil.copyfile(source, temporary))
    return Checkpoint(target.stem, target, meta)


def delete_checkpoint(checkpoint: Checkpoint) -> None:
    """Delete a checkpoint of the store; shipped ones stay."""
    if checkpoint.path.parent != store.root() / "checkpoints":
        raise CheckpointError(f"{checkpoint.name} lies outside the store ({checkpoint.path.parent}), so it is not deleted")
    checkpoint.path.unlink(missing_ok=True)

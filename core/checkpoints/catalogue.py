"""The catalogue of checkpoints, and which one a name refers to.

Checkpoints trained here are ``checkpoints/NAME.safetensors`` in the store; shipped ones, trained on the demo
collection, are in ``assets/checkpoints/``. A representation may name a model (``conv-vae``, or
``mlp-vae:tfidf`` for a model of several inputs), which is its newest checkpoint trained on this collection; a
checkpoint; at least eight digits of the hash of its content; or a file.
"""

import os
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from core import store
from core.access.rules import has_every_right, may_see_made
from core.checkpoints.checkpoint_files import (
    SHIPPED,
    list_files,
    modified_ns,
    read_printable_meta,
    stored_folder,
)
from core.checkpoints.content import content_hash
from core.checkpoints.header import read_meta
from core.collection import Collection
from core.collection.saved import names_of
from core.config.reading import values_from_json
from core.errors import CheckpointError, ConfigError, MissingCheckpoint
from core.features import EXTRACTORS, SENTENCE, get_extractor
from core.features.concatenation import concatenate
from core.features.extractor import ExtractorConfig
from core.inputs.input_names import modalities_of, parts_of, side_by_side
from core.models import MODELS

KIND = "checkpoints"


@dataclass(frozen=True)
class Checkpoint:
    """A checkpoint file and the metadata in its header."""

    name: str
    path: Path
    meta: dict

    @property
    def content(self) -> str:
        """Hash of the file's content, which is the key of what is computed with the checkpoint."""
        return content_hash(self.path)

    @property
    def content_or_empty(self) -> str:
        """Hash of the file's content; "" if it was deleted."""
        try:
            return self.content
        except CheckpointError:
            return ""

    @property
    def size(self) -> int:
        """Size of the file in bytes; 0 if it was deleted."""
        try:
            return self.path.stat().st_size
        except OSError:
            return 0

    @property
    def is_shipped(self) -> bool:
        """Whether the checkpoint is shipped with the demo collection."""
        return self.path.parent == SHIPPED

    @property
    def model(self) -> str:
        """Registered name of the model."""
        return self.meta["model"]

    @property
    def input(self) -> str:
        """Name of the input's extractor, or of several joined by "+" (see :mod:`core.inputs.input_names`)."""
        return self.meta["input"]["name"]

    @property
    def modalities(self) -> tuple[str, ...]:
        """Modalities that the checkpoint represents: ("audio",), ("text",) or both."""
        return modalities_of(self.input)


def list_checkpoints() -> list[Checkpoint]:
    """Return all readable checkpoints that the present viewer may see, newest first, shipped ones last."""
    found, sees_all = [], has_every_right()
    for folder in (stored_folder(), SHIPPED):
        group = []
        for path in list_files(folder):
            try:
                checkpoint = Checkpoint(path.stem, path, read_printable_meta(path))
            except CheckpointError:
                continue  # see checkpoint_files.list_unreadable
            if sees_all or checkpoint.is_shipped or may_see_made(KIND, path.stem, trained_on(checkpoint)):
                group.append(checkpoint)
        found += sorted(group, key=lambda c: (c.meta.get("created", ""), modified_ns(c.path)), reverse=True)
    return found


def trained_on(checkpoint: Checkpoint) -> list[str]:
    """Return the names of the collections that a checkpoint was trained on, as they were then."""
    about = checkpoint.meta.get("collection") or {}
    return [name for name in (about.get("name"), *(about.get("pooled") or ())) if isinstance(name, str)]


def is_trained_on(checkpoint: Checkpoint, name: str, info: dict) -> bool:
    """Return whether a checkpoint was trained on a collection: same name and source, or the demo.

    Parameters
    ----------
    checkpoint : Checkpoint
    name : str
        Of the collection; checkpoints follow one that was renamed.
    info : dict
        See :attr:`core.collection.Collection.info`.
    """
    if checkpoint.is_shipped:
        return info.get("kind") == "demo"
    about = checkpoint.meta.get("collection", {})
    is_source = about.get("source") in (None, info.get("source"))
    return is_source and about.get("name") in names_of(name, info)


def find_checkpoint(rep: str, collection: Collection, modality: str) -> Checkpoint:
    """Return the checkpoint that a representation of one modality of a collection refers to.

    Raises
    ------
    MissingCheckpoint
        When ``rep`` is a model without a checkpoint trained on this collection; names the command that trains
        it.
    CheckpointError
        When it is no model, no checkpoint and no file.
    """
    if checkpoint := get_checkpoint(rep):
        return checkpoint
    available = list_checkpoints()
    model, _, wanted = rep.partition(":")
    if model not in MODELS:
        raise CheckpointError(
            f"{rep!r} is no extractor, no model and no checkpoint; extractors: {', '.join(EXTRACTORS)}, "
            f"{SENTENCE}NAME_OR_FOLDER; "
            f"models: {', '.join(MODELS)}; "
            f"checkpoints: {', '.join(c.name for c in available) or 'none yet'}"
        )
    for checkpoint in available:
        is_wanted = checkpoint.model == model and wanted in ("", checkpoint.input)
        is_own = is_trained_on(checkpoint, collection.name, collection.info)
        if is_wanted and is_own and modality in checkpoint.modalities:
            return checkpoint
    raise MissingCheckpoint(
        f"no {rep} checkpoint for {modality} was trained on {collection.name}; "
        f"train it with: python -m core train {collection.name} --model {rep}"
    )


def get_checkpoint(reference: str) -> Checkpoint | None:
    """Return the checkpoint with a file, name or content hash; None where there is none.

    Raises
    ------
    CheckpointError
        When the file can't be read, or the digits of a hash are ambiguous.
    """
    path = os.path.expanduser(reference)
    # Path.is_file raises where a name is too long
    if (reference.endswith(".safetensors") or os.path.isfile(path)) and _may_open(Path(path)):
        return Checkpoint(Path(path).stem, Path(path), read_meta(Path(path)))
    available = list_checkpoints()
    for checkpoint in available:
        if checkpoint.name == reference:
            return checkpoint
    if not re.fullmatch("[0-9a-f]{8,32}", reference):
        return None
    found = {c.content: c for c in reversed(available) if c.content.startswith(reference)}
    if len(found) > 1:
        raise CheckpointError(
            f"{reference} are the first digits of several checkpoints: "
            f"{', '.join(c.name for c in found.values())}; give more"
        )
    return next(iter(found.values()), None)


def _may_open(path: Path) -> bool:
    """Return whether the present viewer may name a file of this machine; recipes name what they trained."""
    return has_every_right() or path.resolve().parent == store.path_of("recipe-checkpoints").resolve()


def extractor_of(checkpoint: Checkpoint, modality: str) -> Any:
    """Build the extractor of a checkpoint's input with the config of its training, for one modality.

    Raises
    ------
    CheckpointError
        When the config isn't valid for the extractor.
    """
    names, config = parts_of(checkpoint.input), checkpoint.meta["input"].get("config", {})
    if len(names) == 2:
        names, config = {"x": names[modality]}, config.get(modality, {})
    try:
        parts = side_by_side(names["x"])
        if len(parts) == 1:
            return _configure(get_extractor(names["x"]), config)
        return concatenate([_configure(get_extractor(part.rep), config.get(part.rep, {})) for part in parts])
    except (ConfigError, TypeError, ValueError) as reason:
        raise CheckpointError(
            f"{checkpoint.name} reads {checkpoint.input} with invalid settings: {str(reason)[:300]}"
        ) from reason


def _configure(extractor: ExtractorConfig, config: dict) -> ExtractorConfig:
    """Return an extractor with the config of a checkpoint."""
    return replace(extractor, **values_from_json(type(extractor), {**extractor.earlier_values, **config}))

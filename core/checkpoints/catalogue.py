"""Where checkpoints lie, and which one a name means.

Trained here: ``checkpoints/NAME.safetensors`` in the store. Shipped: ``assets/checkpoints/`` (trained on the
demo collection). A name in a choice may be a model (``conv-vae``, or ``mlp-vae:tfidf`` where the model reads
several inputs), which means its newest checkpoint trained on this collection; a checkpoint's own name; the
hash of its content, or eight of its digits and more; or a file.
"""

import os
import re
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from core import store
from core.checkpoints.content import content_hash
from core.checkpoints.header import read_meta
from core.collection import Collection
from core.collection.renaming import names_of
from core.config.reading import values_from_json
from core.errors import CheckpointError, ConfigError, MissingCheckpoint
from core.features import EXTRACTORS, SENTENCE, get_extractor
from core.inputs.input_names import modalities_of, parts_of
from core.models import MODELS

SHIPPED = Path(__file__).resolve().parents[2] / "assets" / "checkpoints"


@dataclass(frozen=True)
class Checkpoint:
    """A checkpoint file and what its header says."""

    name: str
    path: Path
    meta: dict

    @property
    def content(self) -> str:
        """Hash of the file's content: what is made with a checkpoint is kept under it, wherever the file lies."""
        return content_hash(self.path)

    @property
    def content_if_there(self) -> str:
        """The same, "" where the file is gone by now."""
        try:
            return self.content
        except CheckpointError:
            return ""

    @property
    def size(self) -> int:
        """Bytes of the file, 0 where it is gone by now."""
        try:
            return self.path.stat().st_size
        except OSError:
            return 0

    @property
    def is_shipped(self) -> bool:
        return self.path.parent == SHIPPED

    @property
    def model(self) -> str:
        return self.meta["model"]

    @property
    def input(self) -> str:
        """Name of the extractor that this checkpoint reads, or of two joined by "+" (see :mod:`core.inputs.input_names`)."""
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
        for path in _files(folder):
            try:
                group.append(Checkpoint(path.stem, path, _read(path)))
            except CheckpointError:
                continue  # see unreadable()
        found += sorted(group, key=lambda c: (c.meta.get("created", ""), _changed(c.path)), reverse=True)
    return found


def unreadable() -> dict[str, str]:
    """Return the reason by file name for what lies among the store's checkpoints and can't be read.

    What is not UTF-8 in a name is written as ``\\udcff``.
    """
    reasons = {}
    for path in _files(store.root() / "checkpoints"):
        try:
            _read(path)
        except CheckpointError as reason:
            reasons[_printable(path.name)] = str(reason)
    return reasons


def _read(path: Path) -> dict:
    """Return a checkpoint's metadata, refused where its name can't be shown."""
    if _printable(path.name) != path.name:
        raise CheckpointError("its name is not UTF-8; rename it")
    return read_meta(path)


def _printable(name: str) -> str:
    """Return a file name as it can be shown."""
    return name.encode("utf-8", "backslashreplace").decode()


def _files(folder: Path) -> list[Path]:
    """Return what is called a checkpoint in a folder, without what is still being written."""
    return sorted(path for path in folder.glob("*.safetensors") if not path.name.startswith("."))


def _changed(path: Path) -> int:
    """Return when a file was changed; 0 where it is gone by now."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def belongs(checkpoint: Checkpoint, collection: Collection) -> bool:
    """Return whether a checkpoint was trained on this collection, see :func:`is_trained_on`."""
    return is_trained_on(checkpoint, collection.name, collection.info)


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
    trained_on = checkpoint.meta.get("collection", {})
    return trained_on.get("name") in names_of(name, info) and trained_on.get("source") in (
        None,
        info.get("source"),
    )


def find_checkpoint(rep: str, collection: Collection, modality: str) -> Checkpoint:
    """Return the checkpoint that ``rep`` means for one modality of a collection.

    Raises
    ------
    MissingCheckpoint
        When ``rep`` is a model of which no checkpoint was trained on this collection; says the command that
        does.
    CheckpointError
        When it is no model, no checkpoint and no file.
    """
    if checkpoint := checkpoint_called(rep):
        return checkpoint
    everything = list_checkpoints()
    model, _, wanted = rep.partition(":")
    if model not in MODELS:
        raise CheckpointError(
            f"{rep!r} is no extractor, no model and no checkpoint; extractors: {', '.join(EXTRACTORS)}, "
            f"{SENTENCE}NAME_OR_FOLDER; "
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


def checkpoint_called(rep: str) -> Checkpoint | None:
    """Return the checkpoint that is meant by file, name or hash; None where there is none.

    Raises
    ------
    CheckpointError
        When the file can't be read, or digits of a hash mean several checkpoints.
    """
    path = os.path.expanduser(rep)
    if rep.endswith(".safetensors") or os.path.isfile(path):  # Path.is_file raises where a name is too long
        return Checkpoint(Path(path).stem, Path(path), read_meta(Path(path)))
    everything = list_checkpoints()
    for checkpoint in everything:
        if checkpoint.name == rep:
            return checkpoint
    if not re.fullmatch("[0-9a-f]{8,32}", rep):
        return None
    found = {
        checkpoint.content: checkpoint
        for checkpoint in reversed(everything)
        if checkpoint.content.startswith(rep)
    }
    if len(found) > 1:
        raise CheckpointError(
            f"{rep} are the first digits of several checkpoints: "
            f"{', '.join(c.name for c in found.values())}; give more"
        )
    return next(iter(found.values()), None)


def extractor_of(checkpoint: Checkpoint, modality: str):
    """Build the extractor with the config that the checkpoint was trained with; of a joint one, the part asked for.

    Raises
    ------
    CheckpointError
        When the extractor can't have that config.
    """
    names, config = parts_of(checkpoint.input), checkpoint.meta["input"].get("config", {})
    if len(names) == 2:
        names, config = {"x": names[modality]}, config.get(modality, {})
    extractor = get_extractor(names["x"])
    try:
        return replace(extractor, **values_from_json(type(extractor), config))
    except (ConfigError, TypeError, ValueError) as reason:
        raise CheckpointError(
            f"{checkpoint.name} reads {checkpoint.input} with settings that can't be: {str(reason)[:300]}"
        ) from reason


def import_checkpoint(source: Path, name: str | None = None) -> Checkpoint:
    """Copy a checkpoint file made elsewhere into the store, after loading it whole.

    Raises
    ------
    CheckpointError
        When it is none of ours, damaged, or doesn't fit its model; says which.
    WriteError
        When it can't be written here.
    """
    from core.checkpoints.checkpoint import load_checkpoint
    from core.collection.naming import safe_file_name

    _, meta = load_checkpoint(source)
    target = store.folder("checkpoints") / safe_file_name(f"{Path(name or source.name).stem}.safetensors")
    found = Checkpoint(target.stem, target, meta)
    for modality in found.modalities:
        extractor_of(found, modality)
    if os.path.lexists(target):
        raise CheckpointError(
            f"there is a checkpoint {target.stem!r} already; delete it first or rename the file"
        )
    store.publish(target, lambda temporary: shutil.copyfile(source, temporary))
    return found


def delete_checkpoint(checkpoint: Checkpoint) -> None:
    """Delete a checkpoint of the store; shipped ones stay."""
    if checkpoint.path.parent != store.root() / "checkpoints":
        raise CheckpointError(
            f"{checkpoint.name} lies outside the store ({checkpoint.path.parent}), so it is not deleted"
        )
    _delete(checkpoint.path)


def delete_unreadable(name: str) -> None:
    """Delete what :func:`unreadable` lists under this file name; a folder with everything in it.

    Raises
    ------
    CheckpointError
        When nothing unreadable has this name, or it may not be deleted.
    """
    path = _path_of(name)
    if path is None or name not in unreadable():
        raise CheckpointError(f"there is no unreadable checkpoint {name!r}")
    _delete(path)


def is_folder(name: str) -> bool:
    """Say whether what :func:`unreadable` lists under this file name is a folder, not a file or a link."""
    path = _path_of(name)
    return path is not None and _is_folder(path)


def _path_of(name: str) -> Path | None:
    """Return what lies among the store's checkpoints under a name as it is shown; None where it is gone."""
    return next(
        (path for path in _files(store.root() / "checkpoints") if _printable(path.name) == name), None
    )


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _delete(path: Path) -> None:
    """Delete a file, a link or a folder."""
    try:
        if _is_folder(path):
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    except OSError as reason:
        raise CheckpointError(f"{path} can't be deleted: {reason.strerror or reason}") from reason

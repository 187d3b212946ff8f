"""Checkpoints that come into the store from elsewhere, and those that leave it."""

import os
import shutil
from pathlib import Path

from core import store
from core.access.audit import audited
from core.access.quotas import uploading
from core.access.records import forget_record
from core.access.rules import check_change_made, record_maker
from core.checkpoints.catalogue import KIND, Checkpoint, extractor_of, trained_on
from core.checkpoints.checkpoint_files import delete_path, stored_folder
from core.errors import CheckpointError


def import_checkpoint(source: Path, name: str | None = None) -> Checkpoint:
    """Copy a checkpoint file from elsewhere into the store, after loading it whole.

    Raises
    ------
    CheckpointError
        When it is no checkpoint, damaged, or doesn't fit its model.
    QuotaError
        When it would exceed the person's limit of uploads.
    WriteError
        When it can't be written.
    """
    from core.checkpoints.checkpoint import load_checkpoint
    from core.collection.naming import safe_file_name

    _, meta = load_checkpoint(source)
    target = store.folder(KIND) / safe_file_name(f"{Path(name or source.name).stem}.safetensors")
    found = Checkpoint(target.stem, target, meta)
    for modality in found.modalities:
        extractor_of(found, modality)
    if os.path.lexists(target):
        raise CheckpointError(
            f"there is a checkpoint {target.stem!r} already; delete it first or rename the file"
        )
    with audited("load checkpoint", target.stem), uploading(source.stat().st_size):
        record_maker(KIND, target.stem, is_upload=True)
        store.publish(target, lambda temporary: shutil.copyfile(source, temporary))
    return found


def delete_checkpoint(checkpoint: Checkpoint) -> None:
    """Delete a checkpoint of the store; shipped ones can't be deleted.

    Raises
    ------
    CheckpointError
        When it is outside the store.
    AccessError
        When the present viewer may not change it.
    """
    if checkpoint.path.parent != stored_folder():
        raise CheckpointError(
            f"{checkpoint.name} is outside the store ({checkpoint.path.parent}), so it is not deleted"
        )
    with audited("delete checkpoint", checkpoint.name):
        check_change_made(KIND, checkpoint.name, trained_on(checkpoint))
        delete_path(checkpoint.path)
        forget_record(KIND, checkpoint.name)

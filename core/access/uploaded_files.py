"""A person's uploads on a server with sign-in: what is stored, and deleting it."""

import shutil
from dataclasses import dataclass

from core import store
from core.access.audit import audited
from core.access.quotas import upload_folder
from core.errors import AccessError


@dataclass(frozen=True)
class Upload:
    """Files that were uploaded under one name."""

    name: str
    n_files: int
    size: int


def list_uploads() -> list[Upload]:
    """Return the present viewer's uploads by name."""
    found = []
    for folder in sorted(path for path in upload_folder().iterdir() if path.is_dir()):
        sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
        found.append(Upload(folder.name, len(sizes), sum(sizes)))
    return found


def delete_upload(name: str) -> None:
    """Delete one of the present viewer's uploads; a collection that was read from it keeps its tracks.

    Raises
    ------
    AccessError
        When there is none of that name.
    """
    with audited("delete upload", name), store.lock("uploads"):
        if name not in [upload.name for upload in list_uploads()]:
            raise AccessError(f"there is no upload {name!r} of yours")
        shutil.rmtree(upload_folder() / name)

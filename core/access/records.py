"""Records of who owns what: ``access/KIND/NAME.json`` in the store.

A collection's name belongs to its owner for good, so that nobody comes to see what belonged to a collection
that was deleted or renamed by taking its name: its checkpoints, saved views and runs.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from core import store

KIND = "access"
COLLECTIONS = "collections"
LONGEST = 200
"""Bytes of a name in the name of a record's file."""
_HASHED = "+sha256-"
"""How the names of files begin that are hashes: no name that is kept as it is begins so."""


@dataclass(frozen=True)
class AccessRecord:
    """Who has access to a collection, or made a checkpoint, a saved view or a run.

    Attributes
    ----------
    owner : str
        E-mail; "" for a collection without an owner.
    is_shared : bool
        Whether all who sign in see it.
    readers : tuple of str
        E-mails of further people who see it.
    links : tuple of dict
        Read-only links: ``hash`` of the token, ``created``, ``expires`` (seconds since 1970, None for never).
    renamed_to : str
        The present name, where this is a former one.
    is_upload : bool
        Whether it was uploaded: only its owner sees it, whatever it says of its collection.
    """

    owner: str = ""
    is_shared: bool = False
    readers: tuple[str, ...] = ()
    links: tuple[dict, ...] = ()
    renamed_to: str = ""
    is_upload: bool = False


def read_record(kind: str, name: str) -> AccessRecord | None:
    """Return the record of a name, of a renamed collection that of its present name; None without one."""
    seen: set[str] = set()
    while True:
        path = _path(kind, name)
        if not path.exists():
            return None
        value = store.read_json(path)
        if not isinstance(value, dict):
            return AccessRecord()  # damaged: private, and nobody's
        known = {field.name for field in fields(AccessRecord)}
        values: dict[str, Any] = {key: part for key, part in value.items() if key in known}
        for key in ("readers", "links"):
            values[key] = tuple(values.get(key, ()))
        record = AccessRecord(**values)
        if not record.renamed_to or record.renamed_to.casefold() in seen:
            return record
        seen.add(name.casefold())
        name = record.renamed_to


def write_record(kind: str, name: str, record: AccessRecord) -> None:
    """Write the record of a name."""
    store.write_json(_path(kind, name), asdict(record))


def change_record(name: str, change: Callable[[AccessRecord], AccessRecord]) -> AccessRecord:
    """Replace a collection's record by ``change(record)`` while holding its lock; return it.

    A collection without a record has that of a collection that all see and nobody owns.
    """
    with store.lock("access"):
        changed = change(read_record(COLLECTIONS, name) or AccessRecord(is_shared=True))
        write_record(COLLECTIONS, name, changed)
    return changed


def record_renaming(old: str, new: str) -> None:
    """Give a collection's record to its new name; the old name goes on belonging to its owner."""
    record = read_record(COLLECTIONS, old)
    if record is None and read_record(COLLECTIONS, new) is None:
        return
    record = record or AccessRecord(is_shared=True)
    write_record(COLLECTIONS, new, record)
    write_record(COLLECTIONS, old, AccessRecord(owner=record.owner, renamed_to=new))


def record_deletion(name: str) -> None:
    """Keep a deleted collection's name for its owner: shared with nobody, and no link shows what takes it."""
    record = read_record(COLLECTIONS, name)
    if record is not None and record.owner:
        write_record(COLLECTIONS, name, AccessRecord(owner=record.owner))
    elif record is not None:
        forget_record(COLLECTIONS, name)


def move_record(kind: str, old: str, new: str) -> None:
    """Give the record of a name to another one."""
    if (record := read_record(kind, old)) is not None:
        write_record(kind, new, record)
        forget_record(kind, old)


def forget_record(kind: str, name: str) -> None:
    """Delete the record of what was deleted."""
    _path(kind, name).unlink(missing_ok=True)


def is_former(name: str) -> bool:
    """Return whether a name is a former one of a collection."""
    value = store.read_json(_path(COLLECTIONS, name))
    return isinstance(value, dict) and bool(value.get("renamed_to"))


def list_records() -> dict[str, AccessRecord]:
    """Return the records of all collections by name, those of former names left out."""
    names = [path.stem for path in store.path_of(KIND, COLLECTIONS).glob("*.json")]
    found = {name: read_record(COLLECTIONS, name) for name in names if not is_former(name)}
    return {name: record for name, record in found.items() if record is not None}


def is_team_store() -> bool:
    """Return whether a server with sign-in has used this store."""
    return store.path_of(KIND).is_dir()


def _path(kind: str, name: str) -> Path:
    """Return the file of a record; names that differ only in case share one.

    Names may come from files of others: one that no file can have is replaced by its hash.
    """
    name = name.casefold()
    encoded = name.encode("utf-8", "surrogatepass")
    if not re.fullmatch(r"\w[\w.+-]*", name) or len(encoded) > LONGEST:
        name = f"{_HASHED}{hashlib.sha256(encoded).hexdigest()}"
    return store.path_of(KIND, kind, f"{name}.json")

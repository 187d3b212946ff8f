"""Saved collections: ``collections/NAME/{tracks,table,problems}.parquet`` and ``collection.json``."""

import os
import shutil
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pandas as pd

from core import store
from core.access.audit import audited
from core.access.records import record_deletion, record_renaming
from core.access.rules import check_change, check_name_is_free, claim, may_see
from core.access.viewer import viewer
from core.collection.collection import Collection
from core.collection.naming import check_name
from core.collection.sources.demo import from_saved, to_saved
from core.errors import CollectionError

_FILES = ("collection.json", "tracks.parquet", "table.parquet", "problems.parquet")


def names() -> list[str]:
    """Return the names of the saved collections that the present viewer may see, sorted."""
    found, who = _all_names(), viewer()
    return found if who.is_server else [name for name in found if may_see(name, who)]


def _all_names() -> list[str]:
    """Return the names of all saved collections, sorted."""
    return sorted(path.parent.name for path in store.folder("collections").glob("*/collection.json"))


def check_addable(name: str) -> None:
    """Refuse to add a collection under a name that is not valid or belongs to somebody else.

    Raises
    ------
    CollectionError
    AccessError
    """
    check_name(name)
    check_name_is_free(name, exists=any(name.casefold() == other.casefold() for other in _all_names()))


def save(collection: Collection) -> None:
    """Save a collection under its name, replacing an earlier one.

    Raises
    ------
    CollectionError
        When another collection's name differs only in case, which some file systems ignore.
    """
    name = check_name(collection.name)
    with store.lock(f"collection-{name}"), audited("save collection", name):
        check_addable(name)
        claim(name)  # first, so that nobody else ever sees it
        _save(collection)


def change_tracks(name: str, change: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
    """Replace the tracks of a collection by ``change(tracks)`` while holding its lock.

    Raises
    ------
    CollectionError
        When there is no such collection, or it is damaged.
    """
    change_collection(
        name, lambda old: Collection(name, change(old.tracks), old.table, old.problems, old.info)
    )


def change_collection(name: str, change: Callable[[Collection], Collection]) -> Collection:
    """Replace a collection by ``change(collection)``, of the same name, while holding its lock.

    Raises
    ------
    CollectionError
        When there is no such collection, or it is damaged.
    """
    with store.lock(f"collection-{check_name(name)}"), audited("change collection", name):
        check_change(name)
        changed = change(_load(name))
        _save(changed)
    return changed


def _save(collection: Collection) -> None:
    """Write a collection's files; the caller holds its lock."""
    name = collection.name
    twin = next((n for n in _all_names() if n != name and n.casefold() == name.casefold()), None)
    if twin:
        raise CollectionError(
            f"there is a collection {twin!r} already, which {name!r} differs from only in case"
        )
    tracks = collection.tracks
    if collection.info.get("kind") == "demo":
        tracks = tracks.assign(path=[to_saved(path) for path in tracks["path"]])
    folder = store.folder("collections", name)
    _write(folder / "tracks.parquet", tracks)
    if collection.table is not None:
        _write(folder / "table.parquet", collection.table)
    else:
        (folder / "table.parquet").unlink(missing_ok=True)
    _write(folder / "problems.parquet", collection.problems)
    store.write_json(folder / "collection.json", {"name": name, **collection.info})


def load(name: str) -> Collection:
    """Load a saved collection; its files are read again only when they changed.

    Raises
    ------
    CollectionError
        When there is none of that name (lists the existing ones), or its files are damaged.
    """
    folder = store.root() / "collections" / check_name(name)
    if not may_see(name):
        raise _missing(name)
    files = tuple(folder / file for file in _FILES)
    with store.lock(f"collection-{name}"):
        return store.recent.read(files, lambda *_: _load(name)).shared()


def _load(name: str) -> Collection:
    """Read a collection's files; the caller holds its lock."""
    folder = store.root() / "collections" / name
    if not (folder / "collection.json").is_file():
        raise _missing(name)
    info = store.read_json(folder / "collection.json")
    try:
        tracks, problems = (
            pd.read_parquet(folder / "tracks.parquet"),
            pd.read_parquet(folder / "problems.parquet"),
        )
        table = pd.read_parquet(folder / "table.parquet") if (folder / "table.parquet").exists() else None
    except (OSError, ValueError) as error:  # what pyarrow raises for a missing or damaged file
        raise CollectionError(
            f"the saved collection {name!r} is damaged ({' '.join(str(error).split())[:120]}); add it again"
        ) from error
    if not isinstance(info, dict):
        raise CollectionError(f"the saved collection {name!r} is damaged (collection.json); add it again")
    if info.get("kind") == "demo":
        tracks["path"] = [from_saved(path) for path in tracks["path"]]
    return Collection(name, tracks, table, problems, info)


def _missing(name: str) -> CollectionError:
    """Return the error of a collection that does not exist for the present viewer."""
    existing = names()
    hint = (
        f"there are {', '.join(existing)}"
        if existing
        else "there is none yet; start with: python -m core add demo --name demo"
    )
    return CollectionError(f"there is no collection {name!r}; {hint}")


def read_info(name: str) -> dict:
    """Return the info of a saved collection without its tracks; {} where it is missing or damaged."""
    if not may_see(name):
        return {}
    info = store.read_json(store.root() / "collections" / check_name(name) / "collection.json")
    return info if isinstance(info, dict) else {}


def version_of(name: str) -> tuple:
    """Return a key that changes when a saved collection does."""
    folder = store.root() / "collections" / name
    stats = []
    for file in _FILES:
        try:
            stat = (folder / file).stat()
        except OSError:  # there is none, or it is being replaced at this moment
            continue
        stats.append((file, stat.st_size, stat.st_mtime_ns))
    return (str(store.root()), name, *stats)


def remove(name: str) -> None:
    """Delete a saved collection; its audio files and everything derived from them remain.

    Raises
    ------
    CollectionError
        When there is none of that name.
    """
    check_name(name)
    if name not in names():
        raise CollectionError(
            f"there is no collection {name!r} to remove; there are {', '.join(names()) or 'none'}"
        )
    with store.lock(f"collection-{name}"), audited("delete collection", name):
        check_change(name)
        record_deletion(name)
        folder = store.root() / "collections" / name
        os.unlink(folder / "collection.json")  # first, so that a partly removed collection is not listed
        shutil.rmtree(folder, ignore_errors=True)


def rename(old: str, new: str) -> None:
    """Rename a collection; what was trained on it under the old name still belongs to it.

    Raises
    ------
    CollectionError
        When there is no collection ``old``, or ``new`` is taken or not valid.
    """
    check_name(old)
    check_name(new)
    if old not in names():
        raise CollectionError(
            f"there is no collection {old!r} to rename; there are {', '.join(names()) or 'none'}"
        )
    taken = next((n for n in _all_names() if n != old and n.casefold() == new.casefold()), None)
    if taken or new == old:
        raise CollectionError(f"there is a collection {taken or old!r} already; choose another name")
    with ExitStack() as locks:
        locks.enter_context(audited("rename collection", old, to=new))
        check_change(old)
        check_name_is_free(new, exists=False)
        # one lock for names that differ only in case: on some file systems they are one file
        for name in sorted({n.casefold(): n for n in (new, old)}.values()):
            locks.enter_context(store.lock(f"collection-{name}"))
        info = read_info(old)
        record_renaming(old, new)
        folder = store.root() / "collections"
        os.rename(folder / old, folder / new)
        former = [name for name in info.get("former_names", []) if name != new]
        store.write_json(
            folder / new / "collection.json", {**info, "name": new, "former_names": [*former, old]}
        )


def names_of(name: str, info: dict) -> set[str]:
    """Return the name of a collection and its former names."""
    return {name, *info.get("former_names", [])}


def _write(path: Path, table: pd.DataFrame) -> None:
    """Write a table atomically."""
    store.publish(path, lambda temporary: table.to_parquet(temporary, index=False))

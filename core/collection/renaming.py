"""Renaming a collection, and the checkpoints that follow it to its new name."""

import os
from contextlib import ExitStack

from core import store
from core.collection.saved import check_name, names, read_info
from core.errors import CollectionError


def rename(old: str, new: str) -> None:
    """Give a collection another name; what was trained on it under the old one still belongs to it.

    Raises
    ------
    CollectionError
        When there is no collection ``old``, or ``new`` is taken or no valid name.
    """
    check_name(old)
    check_name(new)
    if old not in names():
        raise CollectionError(
            f"there is no collection {old!r} to rename; there are {', '.join(names()) or 'none'}"
        )
    taken = next((name for name in names() if name != old and name.casefold() == new.casefold()), None)
    if taken or new == old:
        raise CollectionError(f"there is a collection {taken or old!r} already; choose another name")
    with ExitStack() as locks:
        # one lock for names that differ in capitals only: some file systems have one file for both
        for name in sorted({n.casefold(): n for n in (new, old)}.values()):
            locks.enter_context(store.lock(f"collection-{name}"))
        info = read_info(old)
        folder = store.root() / "collections"
        os.rename(folder / old, folder / new)
        former = [name for name in info.get("former_names", []) if name != new]
        store.write_json(
            folder / new / "collection.json", {**info, "name": new, "former_names": [*former, old]}
        )


def names_of(name: str, info: dict) -> set[str]:
    """Return the name of a collection with those that it had before."""
    return {name, *info.get("former_names", [])}

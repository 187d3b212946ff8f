"""Rename a collection; its checkpoints follow by its former names."""

import os
from contextlib import ExitStack

from core import store
from core.collection.naming import check_name
from core.collection.saved import names, read_info
from core.errors import CollectionError


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
    taken = next((name for name in names() if name != old and name.casefold() == new.casefold()), None)
    if taken or new == old:
        raise CollectionError(f"there is a collection {taken or old!r} already; choose another name")
    with ExitStack() as locks:
        # one lock for names that differ only in case: on some file systems they are one file
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
    """Return the name of a collection and its former names."""
    return {name, *info.get("former_names", [])}

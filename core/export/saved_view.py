"""Saved views of Explore: everything that its address holds, under a name. They are the user's."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from core import collection as collections
from core import store
from core.access.audit import audited
from core.access.records import forget_record, move_record
from core.access.rules import (
    check_change_made,
    check_signed_in,
    has_every_right,
    may_see,
    may_see_made,
    record_maker,
)
from core.collection.saved import names_of, read_info
from core.errors import ConfigError
from core.export.export_job import describe_fields_of, read_choice
from core.messages.analysis.choice_messages import name_choice
from core.pipeline.choice import Choice

LONGEST = 80
"""Characters of a name."""
KIND = "views"


@dataclass(frozen=True)
class SavedView:
    """A view of a collection.

    Attributes
    ----------
    name, collection : str
    query : dict of str
        The entries of the address.
    choice : dict
        Of :func:`core.export.export_job.describe_fields_of`, for the command line.
    created : float
        Seconds since 1970.
    """

    name: str
    collection: str
    query: dict[str, str]
    choice: dict
    created: float

    @property
    def selection(self) -> str:
        """The selection that the view shows, "" for none."""
        group = self.query.get("group", "")
        return group if group.startswith("s") else ""

    @property
    def is_kept(self) -> bool:
        """Whether the view shows the map that is kept (``Keep this map``)."""
        return self.query.get("keep") == "1"

    def read_choice(self) -> Choice:
        """Return the choice, as the command line and the board compute it.

        Raises
        ------
        ConfigError
            When this version does not know a setting of it.
        """
        try:
            return read_choice(self.choice)
        except TypeError as reason:
            raise ConfigError(
                f"the view {self.name!r} has settings that this version does not know; save it again"
            ) from reason

    @property
    def key(self) -> str:
        """Where it is stored."""
        return store.key_of(self.collection, self.name)


def save_view(name: str, collection: str, query: dict[str, str], choice: dict) -> SavedView:
    """Save a view, replacing one of the same name and collection.

    Raises
    ------
    ConfigError
        When the name is empty or long.
    AccessError
        When nobody signed in, or somebody else saved the view of this name.
    """
    name = _clean(name)
    if not name or len(name) > LONGEST:
        raise ConfigError(f"the name of a view must have 1 to {LONGEST} characters, not {len(name)}")
    entries = {str(k): str(v) for k, v in query.items()}
    view = SavedView(name, collection, entries, choice, time.time())
    with audited("save view", f"{collection}: {name}"):
        check_signed_in()
        if not may_see(collection):
            raise ConfigError(f"there is no collection {collection!r} to save a view of")
        if store.load_owned(KIND, view.key) is not None:
            check_change_made(KIND, view.key, [collection])
        else:
            record_maker(KIND, view.key)
        store.save_owned(KIND, view.key, vars(view))
    return view


def _clean(name: str) -> str:
    """Return a name without characters that no file can hold, and with single blanks."""
    return " ".join(name.encode("utf-8", "ignore").decode().split())


def pin_choice(collection: str, query: dict[str, str], choice: Choice) -> SavedView:
    """Save the view of a choice under a name that describes it; the same choice is saved once."""
    values, known = describe_fields_of(choice), {view.name: view for view in list_views(collection)}
    stem = name_choice(choice)[: LONGEST - 5]
    name, number = stem, 1
    while name in known and known[name].choice != values:
        number += 1
        name = f"{stem} ({number})"
    return save_view(name, collection, query, values)


def rename_view(view: SavedView, name: str) -> SavedView:
    """Save a view under another name and delete the old one; when it was made stays.

    Raises
    ------
    ConfigError
        When the name is empty or long, or another view of the collection has it.
    """
    name = _clean(name)
    if name == view.name:
        return view
    check_change_made(KIND, view.key, [view.collection])
    if any(other.name == name for other in list_views(view.collection)):
        raise ConfigError(f"{view.collection} already has a view {name!r}; choose another name")
    renamed = replace(save_view(name, view.collection, view.query, view.choice), created=view.created)
    store.save_owned(KIND, renamed.key, vars(renamed))
    delete_view(view)
    return renamed


def list_views(collection: str | None = None) -> list[SavedView]:
    """Return the views of a collection, or of all, that the present viewer may see, the newest first.

    Damaged files are skipped. Views of a collection that was renamed since follow it.
    """
    found, names, sees_all = [], collections.names(), has_every_right()
    for path in store.path_of(KIND).glob("*.json"):
        value = store.load_owned(KIND, path.stem) or {}
        if set(value) != set(SavedView.__annotations__):
            continue
        view = SavedView(**value)
        if not (sees_all or may_see_made(KIND, view.key, [view.collection])):
            continue
        view = _follow_renaming(view, names)
        if collection is None or view.collection == collection:
            found.append(view)
    return sorted(found, key=lambda view: view.created, reverse=True)


def _follow_renaming(view: SavedView, names: Sequence[str]) -> SavedView:
    """Move a view to the present name of its collection, unless that has a view of the same name.

    Parameters
    ----------
    names : sequence of str
        Of all collections.
    """
    if view.collection in names:
        return view
    present = next((n for n in names if view.collection in names_of(n, read_info(n))), None)
    if present is None:
        return view
    query = view.query | ({"on": present} if "on" in view.query else {})
    moved = replace(view, collection=present, query=query)
    if store.load_owned(KIND, moved.key) is not None:
        return view
    move_record(KIND, view.key, moved.key)
    store.save_owned(KIND, moved.key, vars(moved))
    _remove(view)
    return moved


def find_view(name: str, collection: str) -> SavedView:
    """Return the view of a name.

    Raises
    ------
    ConfigError
        When there is none; lists those there are.
    """
    views = list_views(collection)
    for view in views:
        if view.name == _clean(name):
            return view
    names = ", ".join(view.name for view in views)
    raise ConfigError(
        f"{collection} has no saved view {name!r}; "
        + (f"choose from {names}" if views else "Pin among the scores of Explore saves one")
    )


def delete_view(view: SavedView) -> None:
    """Delete a saved view.

    Raises
    ------
    AccessError
        When somebody else saved it.
    """
    with audited("delete view", f"{view.collection}: {view.name}"):
        check_change_made(KIND, view.key, [view.collection])
        _remove(view)


def _remove(view: SavedView) -> None:
    """Delete the file of a view."""
    store.path_of(KIND, f"{view.key}.json").unlink(missing_ok=True)
    forget_record(KIND, view.key)

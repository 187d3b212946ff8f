"""Saved views of Explore: everything that its address holds, under a name. They are the user's."""

import time
from dataclasses import dataclass

from core import store
from core.errors import ConfigError

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
    def key(self) -> str:
        """Where it is stored."""
        return store.key_of(self.collection, self.name)


def save_view(name: str, collection: str, query: dict[str, str], choice: dict) -> SavedView:
    """Save a view, replacing one of the same name and collection.

    Raises
    ------
    ConfigError
        When the name is empty or long.
    """
    name = " ".join(name.split())
    if not name or len(name) > LONGEST:
        raise ConfigError(f"the name of a view must have 1 to {LONGEST} characters, not {len(name)}")
    entries = {str(k): str(v) for k, v in query.items()}
    view = SavedView(name, collection, entries, choice, time.time())
    store.save_owned(KIND, view.key, vars(view))
    return view


def list_views(collection: str) -> list[SavedView]:
    """Return the saved views of a collection, the newest first; damaged files are skipped."""
    found = []
    for path in store.path_of(KIND).glob("*.json"):
        value = store.load_owned(KIND, path.stem) or {}
        if value.get("collection") == collection and set(value) == set(SavedView.__annotations__):
            found.append(SavedView(**value))
    return sorted(found, key=lambda view: view.created, reverse=True)


def find_view(name: str, collection: str) -> SavedView:
    """Return the view of a name.

    Raises
    ------
    ConfigError
        When there is none; lists those there are.
    """
    views = list_views(collection)
    for view in views:
        if view.name == " ".join(name.split()):
            return view
    names = ", ".join(view.name for view in views)
    raise ConfigError(
        f"{collection} has no saved view {name!r}; "
        + (f"choose from {names}" if views else "Take along on Explore saves one")
    )


def delete_view(view: SavedView) -> None:
    """Delete a saved view."""
    store.path_of(KIND, f"{view.key}.json").unlink(missing_ok=True)

"""User data, one JSON file per key; nothing that frees space deletes it."""

from core.store.files import read_json, write_json
from core.store.places import OWNED, folder, path_of, root


def save_owned(kind: str, key: str, value: dict) -> None:
    """Save user data (a selection …) under a key."""
    if kind not in OWNED:
        raise ValueError(f"{kind!r} is not a kind of user data; choose from {', '.join(OWNED)}")
    write_json(folder(kind) / f"{key}.json", value)


def load_owned(kind: str, key: str) -> dict | None:
    """Return the user data saved under a key, or None."""
    found = read_json(path_of(kind, f"{key}.json"))
    found = found or read_json(root() / "arrays" / kind / f"{key}.json")  # a running 0.1.0 writes here
    return found if isinstance(found, dict) else None

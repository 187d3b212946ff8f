"""User data, which nothing that frees space deletes: JSON files by key, and logs of answers."""

import json
import threading

import pandas as pd

from core.store.files import publish, read_json, write_json
from core.store.places import folder, lock, path_of, root


def save_owned(kind: str, key: str, value: dict) -> None:
    """Save user data (a selection …) under a key."""
    write_json(folder(kind) / f"{key}.json", value)


def load_owned(kind: str, key: str) -> dict | None:
    """Return the user data saved under a key, or None."""
    found = read_json(path_of(kind, f"{key}.json"))
    found = found or read_json(root() / "arrays" / kind / f"{key}.json")  # a running 0.1.0 writes here
    return found if isinstance(found, dict) else None


def save_owned_table(kind: str, key: str, table: pd.DataFrame) -> None:
    """Save user data of many tracks under a key, one row each."""
    publish(folder(kind) / f"{key}.parquet", lambda path: table.to_parquet(path, index=False))


def load_owned_table(kind: str, key: str) -> pd.DataFrame | None:
    """Return the table saved under a key, or None."""
    path = path_of(kind, f"{key}.parquet")
    return pd.read_parquet(path) if path.exists() else None


class AnswerLog:
    """Append-only log of the answers of one slow or paid model, by a key of their input.

    One line of JSON per answer, appended as soon as it arrives, so that a killed job loses none.

    Parameters
    ----------
    kind : str
        Kind of user data: "captions", "lyrics".
    name : str
        Name of the model or service.
    """

    def __init__(self, kind: str, name: str):
        self.path = folder(kind) / f"{name}.jsonl"
        self._lock = threading.Lock()

    def read(self) -> dict[str, dict]:
        """Return all answers by key; incomplete lines of a killed process are skipped."""
        found: dict[str, dict] = {}
        text = self.path.read_text(encoding="utf-8", errors="replace") if self.path.exists() else ""
        for line in text.split("\n"):
            try:
                row = json.loads(line)
                found[row.pop("key")] = row
            except (ValueError, TypeError, KeyError, AttributeError):
                continue
        return found

    def append(self, key: str, **answer) -> None:
        """Append one answer with JSON values. Safe from several threads and processes."""
        line = json.dumps({"key": key, **answer}, ensure_ascii=False) + "\n"
        with (
            self._lock,
            lock(f"{self.path.parent.name}-{self.path.stem}"),
            open(self.path, "a+b") as file,
        ):
            size = file.seek(0, 2)
            if size:
                file.seek(size - 1)
                if file.read(1) != b"\n":  # an incomplete line of a killed process
                    file.write(b"\n")
            file.write(line.encode("utf-8", "surrogatepass"))

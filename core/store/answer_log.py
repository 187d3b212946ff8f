"""Append-only log of answers of slow or paid models, by a key of their input; user data.

One line of JSON per answer, appended as soon as it arrives, so that a killed job loses none.
"""

import json
import threading

from core.store.places import folder as store_folder
from core.store.places import lock


class AnswerLog:
    """The answers of one model or service, by key.

    Parameters
    ----------
    folder : str
        Folder of the store: "captions", "lyrics".
    name : str
        Name of the model or service.
    """

    def __init__(self, folder: str, name: str):
        self.path = store_folder(folder) / f"{name}.jsonl"
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

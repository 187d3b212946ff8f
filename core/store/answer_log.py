"""Answers that took long or cost money, kept by what they were made from: asking again for the same costs nothing.

One line of JSON per answer, added as it comes, so that a killed job has lost none. They count as things that
can't be made again.
"""

import json
import threading

from core import store


class Kept:
    """The answers of one model or service, by key.

    Parameters
    ----------
    folder : str
        Of the store: "captions", "lyrics".
    name : str
        Of what answers.
    """

    def __init__(self, folder: str, name: str):
        self.path = store.folder(folder) / f"{name}.jsonl"
        self._lock = threading.Lock()

    def read(self) -> dict[str, dict]:
        """Return all answers by key; a line that a killed process left unfinished is passed over."""
        found = {}
        for line in (
            self.path.read_text(encoding="utf-8", errors="replace").split("\n") if self.path.exists() else []
        ):
            try:
                row = json.loads(line)
                found[row.pop("key")] = row
            except (ValueError, TypeError, KeyError, AttributeError):
                continue
        return found

    def append(self, key: str, **answer) -> None:
        """Add one answer, values as JSON knows them. Safe from several threads and processes."""
        line = json.dumps({"key": key, **answer}, ensure_ascii=False) + "\n"
        with (
            self._lock,
            store.lock(f"{self.path.parent.name}-{self.path.stem}"),
            open(self.path, "a+b") as file,
        ):
            size = file.seek(0, 2)
            if size:
                file.seek(size - 1)
                if file.read(1) != b"\n":  # what a killed process left
                    file.write(b"\n")
            file.write(line.encode("utf-8", "surrogatepass"))

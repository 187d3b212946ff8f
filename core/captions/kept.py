"""Captions that were written, kept by what they were written from: asking again for the same words costs nothing.

One line of JSON per caption, added as it comes, so that a killed job has lost none of its answers. They count as things that
can't be made again, because they may have cost money.
"""

import json
import threading

from core import store


class Kept:
    """The captions of one captioner, by key.

    Parameters
    ----------
    name : str
        Of the captioner.
    """

    def __init__(self, name: str):
        self.path = store.folder("captions") / f"{name}.jsonl"
        self._lock = threading.Lock()

    def read(self) -> dict[str, str]:
        """Return all captions by key; a line that a killed process left unfinished is passed over."""
        found = {}
        for line in self.path.read_text(encoding="utf-8", errors="replace").split("\n") if self.path.exists() else []:
            try:
                row = json.loads(line)
                found[row["key"]] = row["caption"]
            except (ValueError, TypeError, KeyError):
                continue
        return found

    def append(self, key: str, caption: str) -> None:
        """Add one caption. Safe from several threads and processes."""
        line = json.dumps({"key": key, "caption": caption}, ensure_ascii=False) + "\n"
        with self._lock, store.lock(f"captions-{self.path.stem}"), open(self.path, "a+b") as file:
            size = file.seek(0, 2)
            if size:
                file.seek(size - 1)
                if file.read(1) != b"\n":  # what a killed process left
                    file.write(b"\n")
            file.write(line.encode("utf-8", "surrogatepass"))

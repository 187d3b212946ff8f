"""Per-track rows in the store: what an extractor computed, one array per track, appended as it comes.

A Lance table per extractor and config (Lance: append-only commits, readable while being written). The
row's id is what the row was computed from: the track id (a hash of the file's bytes) or a hash of the text.
So two collections that share a track share its row, a renamed file costs nothing, and a killed job has
lost at most the batch it was writing.
"""

import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from core import store
from core.errors import WriteError

_MAGIC = b"LANC"
"""The last bytes of a manifest that was written whole."""
_LANCE_WORDS = re.compile(r"^LanceError\(\w+\): |, \S+\.rs:\d+:\d+$")
"""What Lance puts around the operating system's words: its own name, and the line of its source."""


class Rows:
    """One table of equally shaped float arrays by id.

    What counts is what was committed: a version of the table is there once its manifest is. What a killed or
    failed write left besides is no table.

    Parameters
    ----------
    name : str
        What the rows are, for people who look into the store (``mel``, ``musicnn`` …).
    key : str
        Hash of the config and the code that compute a row.
    """

    def __init__(self, name: str, key: str):
        self.uri = store.folder("rows") / f"{name}-{key}.lance"
        self.lock = f"rows-{name}-{key}"

    def read(self, ids: Sequence[str]) -> dict[str, np.ndarray]:
        """Return the rows that are there, by id, each in its own shape."""
        dataset = self._open()
        if dataset is None or not len(ids):
            return {}
        wanted = set(ids)
        table = dataset.to_table(columns=["id"], with_row_id=False)
        positions, found = [], []
        for position, row_id in enumerate(table["id"].to_pylist()):
            if row_id in wanted:
                wanted.discard(row_id)
                positions.append(position)
                found.append(row_id)
        if not positions:
            return {}
        column = dataset.take(positions, columns=["row"])["row"].combine_chunks()
        values = column.flatten().to_numpy(zero_copy_only=False).reshape(len(positions), *_shape_of(dataset))
        return dict(zip(found, values))

    def ids(self) -> frozenset[str]:
        """Return the ids that have a row."""
        return self._listed()[0]

    def shape(self) -> tuple[int, ...] | None:
        """Return the shape of a row, None where there is none yet."""
        return self._listed()[1]

    def _listed(self) -> tuple[frozenset[str], tuple[int, ...] | None]:
        """Return the ids of the newest version, read once, and the shape of a row."""
        manifest = self._newest()
        return (frozenset(), None) if manifest is None else store.recent.read((manifest,), self._list)

    def _list(self, manifest: Path) -> tuple[frozenset[str], tuple[int, ...]]:
        """Read the ids and the shape of a version."""
        import lance

        dataset = lance.dataset(str(self.uri), version=_version_of(manifest))
        return frozenset(dataset.to_table(columns=["id"])["id"].to_pylist()), _shape_of(dataset)

    def append(self, rows: dict[str, np.ndarray]) -> None:
        """Add rows, shape and type the same for all. Safe from several processes at once.

        Raises
        ------
        WriteError
            When they can't be written, as on a full disk; the rows from before stay.
        """
        if not rows:
            return
        import lance
        import pyarrow as pa

        stack = np.stack(list(rows.values()))
        flat = pa.array(stack.reshape(-1))
        schema = pa.schema(
            [pa.field("id", pa.string()), pa.field("row", pa.list_(flat.type, stack[0].size))],
            metadata={"shape": ",".join(map(str, stack.shape[1:]))},
        )
        column = pa.FixedSizeListArray.from_arrays(flat, stack[0].size)
        table = pa.table([pa.array(list(rows)), column], schema=schema)
        try:
            with store.lock(self.lock):
                lance.write_dataset(
                    table, str(self.uri), mode="append" if self._clear_uncommitted() else "create"
                )
        except OSError as reason:
            raise WriteError(f"{self.uri} can't be written: {_LANCE_WORDS.sub('', str(reason))}") from reason

    def _open(self):
        """Open the newest committed version, or return None where nothing was committed yet."""
        manifest = self._newest()
        if manifest is None:
            return None
        import lance

        return lance.dataset(str(self.uri), version=_version_of(manifest))

    def _newest(self) -> Path | None:
        """Return the manifest of the newest committed version."""
        return next((path for path in self._manifests() if _is_whole(path)), None)

    def _manifests(self) -> list[Path]:
        """Return the manifests of all versions, the newest first."""
        return sorted(self.uri.glob("_versions/*.manifest"), key=_version_of, reverse=True)

    def _clear_uncommitted(self) -> bool:
        """Delete what stands in the way of the next commit; say whether a version is left to append to. Wants the lock."""
        for manifest in self._manifests():
            if _is_whole(manifest):
                return True
            manifest.unlink()
        if self.uri.exists():
            shutil.rmtree(self.uri)
        return False


def _shape_of(dataset) -> tuple[int, ...]:
    """Return the shape of a row, which a list of numbers doesn't tell."""
    return tuple(int(n) for n in dataset.schema.metadata[b"shape"].decode().split(",") if n)


def _version_of(manifest: Path) -> int:
    """Return the version of a manifest; Lance counts names down from 2⁶⁴ - 1, so that the newest is listed first."""
    number = int(manifest.stem)
    return 2**64 - 1 - number if number >= 2**63 else number


def _is_whole(manifest: Path) -> bool:
    """Say whether a manifest has its end; a power cut or a full disk can take it away."""
    with manifest.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(size - len(_MAGIC), 0))
        return file.read() == _MAGIC

"""Tables of per-track rows: the output of an extractor, one array per track, appended during extraction.

One Lance table per extractor and config (Lance: append-only commits, readable while being written). A row's
id identifies its input: the track id (a hash of the file's bytes) or a hash of the text. So collections
that share a track share its row, a renamed file is not extracted again, and a killed job loses at most one
batch.
"""

import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from core.errors import WriteError
from core.store.cache import recent
from core.store.places import folder, lock

_MAGIC = b"LANC"
"""The last bytes of a complete manifest."""
_LANCE_DETAILS = re.compile(r"^LanceError\(\w+\): |, \S+\.rs:\d+:\d+$")
"""What Lance adds to the operating system's message: its own name, and a line of its source."""


class Rows:
    """One table of equally shaped float arrays by id.

    A version of the table exists once its manifest is complete; leftovers of a killed or failed write are
    ignored.

    Parameters
    ----------
    name : str
        Name of the extractor (``mel``, ``musicnn`` …), part of the file's name.
    key : str
        Hash of the config and the source code that compute a row.
    """

    def __init__(self, name: str, key: str):
        self.uri = folder("rows") / f"{name}-{key}.lance"
        self.lock = f"rows-{name}-{key}"

    def read(self, ids: Sequence[str]) -> dict[str, np.ndarray]:
        """Return the existing rows among ``ids``, by id, in their shape."""
        manifest = self._newest()
        if manifest is None or not len(ids):
            return {}
        dataset = self._dataset(manifest)
        stored = dataset.to_table(columns=["id"])["id"].to_pylist()
        positions = {row_id: position for position, row_id in reversed(list(enumerate(stored)))}
        found = sorted(positions.keys() & set(ids), key=positions.__getitem__)
        if not found:
            return {}
        column = dataset.take([positions[i] for i in found], columns=["row"])["row"].combine_chunks()
        values = column.flatten().to_numpy(zero_copy_only=False).reshape(len(found), *_shape_of(dataset))
        return dict(zip(found, values))

    def ids(self) -> frozenset[str]:
        """Return the ids that have a row."""
        return self._listed()[0]

    def shape(self) -> tuple[int, ...] | None:
        """Return the shape of a row, None if the table is empty."""
        return self._listed()[1]

    def row_bytes(self) -> int | None:
        """Return the size of a row, None if the table is empty."""
        manifest = self._newest()
        if manifest is None:
            return None
        column = self._dataset(manifest).schema.field("row").type
        return column.list_size * column.value_type.bit_width // 8

    def _listed(self) -> tuple[frozenset[str], tuple[int, ...] | None]:
        """Return the ids of the newest version, cached in memory, and the shape of a row."""
        manifest = self._newest()
        return (frozenset(), None) if manifest is None else recent.read((manifest,), self._list)

    def _list(self, manifest: Path) -> tuple[frozenset[str], tuple[int, ...]]:
        """Read the ids and the shape of a version."""
        dataset = self._dataset(manifest)
        return frozenset(dataset.to_table(columns=["id"])["id"].to_pylist()), _shape_of(dataset)

    def append(self, rows: dict[str, np.ndarray]) -> None:
        """Append rows of one shape and dtype. Safe from several processes at once.

        Raises
        ------
        WriteError
            When they can't be written, as on a full disk; earlier rows stay.
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
            with lock(self.lock):
                lance.write_dataset(
                    table, str(self.uri), mode="append" if self._clear_uncommitted() else "create"
                )
        except OSError as reason:
            raise WriteError(
                f"{self.uri} can't be written: {_LANCE_DETAILS.sub('', str(reason))}"
            ) from reason

    def _dataset(self, manifest: Path):
        """Open a version."""
        import lance

        return lance.dataset(str(self.uri), version=_version_of(manifest))

    def _newest(self) -> Path | None:
        """Return the manifest of the newest committed version."""
        return next((path for path in self._manifests() if _is_whole(path)), None)

    def _manifests(self) -> list[Path]:
        """Return the manifests of all versions, newest first."""
        return sorted(self.uri.glob("_versions/*.manifest"), key=_version_of, reverse=True)

    def _clear_uncommitted(self) -> bool:
        """Delete incomplete versions and return whether a complete one exists; the caller holds the lock."""
        for manifest in self._manifests():
            if _is_whole(manifest):
                return True
            manifest.unlink()
        if self.uri.exists():
            shutil.rmtree(self.uri)
        return False


def _shape_of(dataset) -> tuple[int, ...]:
    """Return the shape of a row, which Lance stores flattened."""
    return tuple(int(n) for n in dataset.schema.metadata[b"shape"].decode().split(",") if n)


def _version_of(manifest: Path) -> int:
    """Return the version of a manifest; newer Lance formats count names down from 2⁶⁴ - 1."""
    number = int(manifest.stem)
    return 2**64 - 1 - number if number >= 2**63 else number


def _is_whole(manifest: Path) -> bool:
    """Return whether a manifest is complete; a power cut or a full disk can truncate it."""
    with manifest.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(size - len(_MAGIC), 0))
        return file.read() == _MAGIC

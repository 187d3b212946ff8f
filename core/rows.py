"""Per-track rows in the store: what an extractor computed, one array per track, appended as it comes.

A Lance table per extractor and config (Lance: append-only commits, readable while being written). The
row's id is what the row was computed from: the track id (a hash of the file's bytes) or a hash of the text.
So two collections that share a track share its row, a renamed file costs nothing, and a killed job has
lost at most the batch it was writing.
"""

from collections.abc import Sequence

import numpy as np

from core import store


class Rows:
    """One table of equally shaped float arrays by id.

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
        shape = tuple(int(n) for n in dataset.schema.metadata[b"shape"].decode().split(",") if n)
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
        values = column.flatten().to_numpy(zero_copy_only=False).reshape(len(positions), *shape)
        return dict(zip(found, values))

    def ids(self) -> set[str]:
        """Return the ids that have a row."""
        dataset = self._open()
        return set() if dataset is None else set(dataset.to_table(columns=["id"])["id"].to_pylist())

    def append(self, rows: dict[str, np.ndarray]) -> None:
        """Add rows, shape and type the same for all. Safe from several processes at once."""
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
        with store.lock(self.lock):
            lance.write_dataset(table, str(self.uri), mode="append" if self.uri.exists() else "create")

    def _open(self):
        """Open the table, or return None where nothing was written yet."""
        if not self.uri.exists():
            return None
        import lance

        return lance.dataset(str(self.uri))

"""Tables of per-track rows: the output of an extractor, one array per track, appended during extraction.

One Lance table per extractor and config (Lance: append-only commits, readable while being written). A row's
id identifies its input: the track id (a hash of the file's bytes) or a hash of the text. So collections
that share a track share its row, a renamed file is not extracted again, and a killed job loses at most one
batch.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from core.store.places import folder, lock, path_of
from core.store.row_tables.local_table import LocalTable, shape_of
from core.store.row_tables.object_storage import RemoteTable, list_tables, rows_address


class Rows:
    """One table of equally shaped float arrays by id.

    Parameters
    ----------
    name : str
        Name of the extractor (``mel``, ``musicnn`` …), part of the file's name.
    key : str
        Hash of the config and the source code that compute a row.

    Attributes
    ----------
    name : str
        Of the table.
    uri : Path
        Its folder, where it is in the store's.
    """

    def __init__(self, name: str, key: str):
        self.name = f"{name}-{key}"
        self.lock = f"rows-{self.name}"
        address = rows_address()
        self.table = (
            RemoteTable(f"{address}/{self.name}.lance")
            if address
            else LocalTable(folder("rows") / f"{self.name}.lance")
        )

    @property
    def uri(self) -> Path:
        """Return the table's folder in the store."""
        return path_of("rows", f"{self.name}.lance")

    def read(self, ids: Sequence[str]) -> dict[str, np.ndarray]:
        """Return the existing rows among ``ids``, by id, in their shape."""
        dataset = self.table.open_newest() if len(ids) else None
        if dataset is None:
            return {}
        stored = dataset.to_table(columns=["id"])["id"].to_pylist()
        positions = {row_id: position for position, row_id in reversed(list(enumerate(stored)))}
        found = sorted(positions.keys() & set(ids), key=positions.__getitem__)
        if not found:
            return {}
        column = dataset.take([positions[i] for i in found], columns=["row"])["row"].combine_chunks()
        values = column.flatten().to_numpy(zero_copy_only=False).reshape(len(found), *shape_of(dataset))
        return dict(zip(found, values))

    def ids(self) -> frozenset[str]:
        """Return the ids that have a row."""
        return self.table.listed()[0]

    def shape(self) -> tuple[int, ...] | None:
        """Return the shape of a row, None if the table is empty."""
        return self.table.listed()[1]

    def row_bytes(self) -> int | None:
        """Return the size of a row, None if the table is empty."""
        dataset = self.table.open_newest()
        if dataset is None:
            return None
        column = dataset.schema.field("row").type
        return column.list_size * column.value_type.bit_width // 8

    def append(self, rows: dict[str, np.ndarray]) -> None:
        """Append rows of one shape and dtype. Safe from several processes at once.

        Raises
        ------
        WriteError
            When they can't be written, as on a full disk; earlier rows stay.
        """
        if not rows:
            return
        import pyarrow as pa

        stack = np.stack(list(rows.values()))
        flat = pa.array(stack.reshape(-1))
        schema = pa.schema(
            [pa.field("id", pa.string()), pa.field("row", pa.list_(flat.type, stack[0].size))],
            metadata={"shape": ",".join(map(str, stack.shape[1:]))},
        )
        column = pa.FixedSizeListArray.from_arrays(flat, stack[0].size)
        with lock(self.lock):
            self.table.write(pa.table([pa.array(list(rows)), column], schema=schema))


def rows_like(stem: str) -> list[Rows]:
    """Return the tables whose names begin with ``stem``, the one that was written last first."""
    if rows_address():
        names = [name for name in list_tables() if name.startswith(stem)]
    else:
        names = [path.stem for path in folder("rows").glob(f"{stem}*.lance")]
    found = [Rows(*name.rsplit("-", 1)) for name in names]
    return sorted(found, key=lambda rows: rows.table.changed(), reverse=True)

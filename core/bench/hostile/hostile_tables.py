"""Hostile tables: many columns, many repeated rows, formulas, mutated Parquet."""

import io
import random
from collections.abc import Iterator
from pathlib import Path

from core.bench.hostile.hostile_audio import mutated

FORMULAS = ("=cmd|' /C calc'!A0", "@SUM(1+1)*cmd", '+HYPERLINK("http://127.0.0.1")', "-2+3", "\t=1+1")


def write_tables(folder: Path, n: int, seed: int) -> int:
    """Write crafted tables, and mutations of a small Parquet file, ``n`` in all; return how many."""
    rng = random.Random(seed)
    crafted = list(_crafted())[:n]
    for name, data in crafted:
        (folder / name).write_bytes(data)
    good = _parquet({"title": ["a", "b", "c"], "lyrics": ["la la", "x", FORMULAS[0]], "f": [1.0, 2.0, 3.0]})
    for i in range(n - len(crafted)):
        (folder / f"{i:05}.parquet").write_bytes(mutated(good, good[::-1], rng))
    return n


def _crafted() -> Iterator[tuple[str, bytes]]:
    """Yield tables made to harm."""
    yield "columns-100000.csv", _wide(100_000, ",")
    yield "columns-1000000.csv", _wide(1_000_000, "\t")
    yield "formulas.csv", ("title,lyrics\n" + "\n".join(f'"{cell}",la' for cell in FORMULAS[:2])).encode()
    yield "quotes.csv", b'title,lyrics\n"' + b'"a' * 200_000
    yield "nul.csv", b"title\0,lyrics\n" + bytes(10_000)
    yield "lines.csv", b"title\n" * 300_000
    yield "rows.parquet", _repeated("la la la", 1_000_000, 30)
    yield "long.parquet", _repeated("la " * 10_000, 20_000, 10)
    yield "many-columns.parquet", _parquet({f"c{i}": [1] for i in range(12_000)})
    yield "zip.csv", b"PK\3\4" + bytes(1_000)


def _wide(n: int, delimiter: str) -> bytes:
    """Return a table of one row and many columns."""
    return (delimiter.join(f"c{i}" for i in range(n)) + "\n" + delimiter.join("1" * n)).encode()


def _parquet(columns: dict[str, list]) -> bytes:
    """Return a Parquet file of columns."""
    import pandas as pd

    out = io.BytesIO()
    pd.DataFrame(columns).to_parquet(out)
    return out.getvalue()


def _repeated(cell: str, n_rows: int, times: int) -> bytes:
    """Return a Parquet file of one cell, repeated."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    cells = pa.DictionaryArray.from_arrays(pa.array([0] * n_rows, pa.int32()), pa.array([cell]))
    rows, out = pa.table({"lyrics": cells}), io.BytesIO()
    with pq.ParquetWriter(out, rows.schema) as file:
        for _ in range(times):
            file.write_table(rows)
    return out.getvalue()

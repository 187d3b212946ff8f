"""Bounds of tables: few bytes that state many rows, many columns, damaged schemas."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.collection.tables import sheet
from core.collection.tables.sheet import read_sheet
from core.errors import CollectionError


def test_many_columns_are_refused_in_one_line(tmp_path):
    path = tmp_path / "wide.csv"
    path.write_text(",".join(f"c{i}" for i in range(10_001)) + "\n" + ",".join("1" * 10_001))
    with pytest.raises(CollectionError, match="10,001 cells, more than 10,000"):
        read_sheet(path)


@pytest.mark.parametrize(("name", "limit"), [("t.csv", "MAX_TEXT_BYTES"), ("t.parquet", "MAX_DECODED_BYTES")])
def test_a_large_file_is_refused_before_it_is_opened(tmp_path, name, limit):
    path = tmp_path / name
    with path.open("wb") as file:
        file.truncate(getattr(sheet, limit) + 1)  # sparse: nothing is written
    with pytest.raises(CollectionError, match="bytes, more than") as refused:
        read_sheet(path)
    assert ("Parquet" in str(refused.value)) == (name == "t.csv")


def test_lines_below_titles_are_found_with_any_line_break(tmp_path):
    path = tmp_path / "t.csv"
    for line_break in ("\n", "\r\n", "\r"):
        lines = ["# made by hand", "title,bpm", *(f"né{i},{i}" for i in range(5))]
        path.write_bytes(line_break.join(lines).encode())
        read = read_sheet(path)
        assert list(read.columns) == ["title", "bpm"]
        assert read["title"].tolist() == [f"né{i}" for i in range(5)]


def test_a_line_break_within_a_name_is_counted(tmp_path):
    path = tmp_path / "t.csv"
    path.write_bytes(b'title,"beats\rper minute"\na,120\nb,90\n')
    assert read_sheet(path).iloc[:, 0].tolist() == ["a", "b"]


def test_repeated_rows_of_a_small_file_are_refused(tmp_path):
    path = tmp_path / "repeated.parquet"
    rows = pa.table({"lyrics": pa.array(["la"] * 1_000_000).dictionary_encode()})
    with pq.ParquetWriter(path, rows.schema) as file:
        for _ in range(6):
            file.write_table(rows)
    assert path.stat().st_size < 100_000
    with pytest.raises(CollectionError, match="6,000,000 rows, more than 5,000,000"):
        read_sheet(path)


@pytest.mark.parametrize("is_dictionary", [True, False])
def test_long_values_of_a_small_file_are_refused_while_reading(tmp_path, monkeypatch, is_dictionary):
    monkeypatch.setattr(sheet, "MAX_DECODED_BYTES", 2**24)
    path, cells = tmp_path / "long.parquet", pa.array(["la " * 1_000] * 20_000)
    pq.write_table(pa.table({"lyrics": cells.dictionary_encode() if is_dictionary else cells}), path)
    assert path.stat().st_size < 2**20
    with pytest.raises(CollectionError, match="bytes, more than 16,777,216"):
        read_sheet(path)


def test_good_parquet_is_read_as_pandas_reads_it(tmp_path):
    frame = pd.DataFrame(
        {
            "title": ["a", None, "c"] * 3_000,
            "genre": pd.Categorical(["x", "y", "x"] * 3_000),
            "f": np.arange(9_000, dtype=float),
            "n": pd.array([1, None, 3] * 3_000, dtype="Int64"),
        },
        index=pd.Index([f"t{i}" for i in range(9_000)], name="id"),
    )
    frame.to_parquet(tmp_path / "good.parquet")
    expected = pd.read_parquet(tmp_path / "good.parquet").reset_index()
    found = read_sheet(tmp_path / "good.parquet")
    pd.testing.assert_frame_equal(found, expected.astype({"genre": found["genre"].dtype}))


@pytest.mark.parametrize("seed", range(40))
def test_damaged_schemas_and_metadata_end_in_one_line(tmp_path, seed):
    rng, path = np.random.default_rng(seed), tmp_path / "damaged.parquet"
    pd.DataFrame({"title": ["a", "b"], "f": [1.0, 2.0]}).to_parquet(path)
    data = bytearray(path.read_bytes())
    for at in rng.integers(4, len(data) - 8, 6):
        data[at] = rng.integers(256)
    path.write_bytes(data)
    try:
        read_sheet(path)
    except CollectionError as reason:
        assert "\n" not in str(reason)


def test_metadata_of_pandas_that_is_no_json_ends_in_one_line(tmp_path):
    path, rows = tmp_path / "odd.parquet", pa.table({"title": ["a"]})
    for metadata in (b"not json", b"[]", b'{"index_columns": [{"kind": "range"}]}', b"[" * 100_000):
        pq.write_table(rows.replace_schema_metadata({b"pandas": metadata}), path)
        try:
            assert list(read_sheet(path)["title"]) == ["a"]
        except CollectionError as reason:
            assert "\n" not in str(reason)

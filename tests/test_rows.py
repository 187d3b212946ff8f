"""Rows: what was appended comes back by id, in its shape, whoever wrote it."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from core.rows import Rows


def rows(*names: str) -> dict[str, np.ndarray]:
    return {name: np.full((2, 3), ord(name[0]), np.float16) for name in names}


def test_nothing_written_means_nothing_read():
    table = Rows("mel", "k")
    assert table.read(["a"]) == {} and table.ids() == set()


def test_rows_come_back_by_id_in_their_shape():
    table = Rows("mel", "k")
    table.append(rows("a", "b"))
    table.append(rows("c"))
    table.append({})
    found = Rows("mel", "k").read(["c", "a", "missing"])
    assert set(found) == {"a", "c"}
    assert found["c"].shape == (2, 3) and found["c"].dtype == np.float16
    assert (found["a"] == ord("a")).all() and (found["c"] == ord("c")).all()


def test_another_key_is_another_table():
    Rows("mel", "k").append(rows("a"))
    assert Rows("mel", "other").ids() == set()


def test_an_id_written_twice_is_read_once():
    table = Rows("mel", "k")
    table.append(rows("a"))
    table.append(rows("a"))
    assert len(table.read(["a"])) == 1


def test_writers_at_once_lose_nothing():
    names = [chr(ord("a") + n) for n in range(12)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda name: Rows("mel", "k").append(rows(name)), names))
    assert Rows("mel", "k").ids() == set(names)

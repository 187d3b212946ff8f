"""Values held in memory: read once while their files stay as they are, bounded, and never changed."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core import store
from core.store.file_cache import SMALLEST, FileCache


@pytest.fixture
def no_clock(monkeypatch):
    """Trust a file that changed just now."""
    monkeypatch.setattr("core.store.file_cache.SETTLED_NS", -(10**18))
    store.recent.clear()


def test_a_value_is_read_once_while_its_file_stays_as_it_is(tmp_path, no_clock):
    memory, calls, path = FileCache(1 << 20), [], tmp_path / "a"
    path.write_text("one")

    def read(path):
        calls.append(1)
        return path.read_text()

    assert [memory.read((path,), read) for _ in range(3)] == ["one"] * 3 and len(calls) == 1
    path.write_text("other")
    assert memory.read((path,), read) == "other" and len(calls) == 2
    path.unlink()
    with pytest.raises(FileNotFoundError):
        memory.read((path,), read)


def test_a_file_that_changed_just_now_is_read_anew(tmp_path):
    memory, path = FileCache(1 << 20), tmp_path / "a"
    path.write_text("one")
    assert memory.read((path,), Path.read_text) == "one" and len(memory) == 0


def test_memory_is_bounded_the_longest_unused_goes_first_and_a_large_value_is_not_held(tmp_path, no_clock):
    memory, read = FileCache(3 * SMALLEST), []
    paths = [tmp_path / str(i) for i in range(5)]
    for path in paths:
        path.write_bytes(b"x")
    paths[4].write_bytes(bytes(4 * SMALLEST))
    for i in (0, 1, 2, 0, 3):
        memory.read((paths[i],), lambda path: read.append(path.name))
    assert read == ["0", "1", "2", "3"] and len(memory) == 3
    memory.read((paths[0],), lambda path: read.append(path.name))
    memory.read((paths[1],), lambda path: read.append(path.name))
    assert read == ["0", "1", "2", "3", "1"]  # 1 was the longest unused when 3 came
    memory.read((paths[4],), lambda path: read.append(path.name))
    assert len(memory) == 0
    memory.read((paths[0],), lambda path: None)
    memory.clear()
    assert len(memory) == 0


def test_clearing_what_is_derived_clears_the_memory_as_well(no_clock):
    store.put("things", "k", np.arange(3))
    assert store.peek("things", "k").sum() == 3 and len(store.recent) == 1
    store.clear_derived()
    assert len(store.recent) == 0
    assert store.peek("things", "k") is None


def test_what_the_store_hands_out_is_shared_so_nobody_can_change_what_others_get(no_clock):
    for _ in range(2):  # as it was made, then as it was kept
        array = store.cached("things", "a", lambda: np.arange(3))
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 9
        table = store.cached("things", "t", lambda: pd.DataFrame({"a": [1, 2]}))
        table["a"] = 9
        table.attrs["notes"] = ["mine"]
        values = store.cached("things", "j", lambda: {"a": [1]})
        values["a"].append(2)
    assert store.peek("things", "t")["a"].tolist() == [1, 2] and not store.peek("things", "t").attrs
    assert store.peek("things", "j") == {"a": [1]}


def test_what_is_kept_can_be_looked_up_without_computing_anything():
    store.put("things", "k", {"a": 1})
    with store.cached_only():
        assert store.cached("things", "k", lambda: pytest.fail("computed")) == {"a": 1}
        with pytest.raises(store.NotCached):
            store.cached("things", "other", lambda: pytest.fail("computed"))
        with pytest.raises(store.NotCached):
            store.check_may_compute()
    store.check_may_compute()
    assert store.cached("things", "other", lambda: {"b": 2}) == {"b": 2}

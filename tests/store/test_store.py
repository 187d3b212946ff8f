"""The store: keys tell things apart, entries are whole or missing, only derived things are cleared."""

import os
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from core import store
from core.errors import WriteError


@dataclass(frozen=True)
class One:
    size: int = 3


@dataclass(frozen=True)
class Other:
    size: int = 3


DIFFERENT = [
    "a",
    "b",
    1,
    1.0,
    True,
    None,
    b"a",
    One(),
    One(4),
    Other(),
    {"a": 1},
    {"a": "1"},
    [1, 2],
    [[1], 2],
    [],
    {},
    np.arange(4),
    np.arange(4.0),
    np.arange(4).reshape(2, 2),
    pd.DataFrame({"a": [1]}),
    pd.DataFrame({"b": [1]}),
]


def test_keys_tell_different_things_apart():
    assert len({store.key_of(part) for part in DIFFERENT}) == len(DIFFERENT)
    assert store.key_of("ab", "c") != store.key_of("a", "bc")


def test_keys_are_the_same_for_the_same_content():
    assert store.key_of(One(), np.arange(3), {"a": 1, "b": 2}) == store.key_of(
        One(3), np.arange(3), {"b": 2, "a": 1}
    )
    spaced = np.arange(6)[::2]
    assert store.key_of(spaced) == store.key_of(spaced.copy())


def test_a_key_refuses_what_it_cannot_hash():
    with pytest.raises(TypeError, match="object"):
        store.key_of(object())


@pytest.mark.parametrize("value", [np.arange(3.0), pd.DataFrame({"a": [1, 2]}), {"a": 1}])
def test_a_hit_costs_nothing(value):
    calls = []

    def make():
        calls.append(1)
        return value

    first, second = store.cached("things", "k", make), store.cached("things", "k", make)
    assert len(calls) == 1
    assert store.key_of(first) == store.key_of(second)
    store.cached("things", "another", make)
    assert len(calls) == 2


def test_a_damaged_entry_is_made_again():
    store.cached("things", "k", lambda: np.arange(3))
    (store.path_of("arrays", "things") / "k.npy").write_bytes(b"\x93NUMPY damaged")
    assert store.cached("things", "k", lambda: np.arange(5)).shape == (5,)
    assert store.peek("things", "k").shape == (5,)


def test_publish_leaves_nothing_of_a_failed_write(tmp_path):
    target = tmp_path / "a.txt"
    target.write_text("before")

    def fail(path):
        path.write_text("half")
        raise OSError("disk full")

    with pytest.raises(WriteError, match="a.txt can't be written: disk full"):
        store.publish(target, fail)
    assert target.read_text() == "before"
    assert list(tmp_path.glob(".tmp*")) == []


def test_an_array_that_fills_the_disk_names_it(tmp_path):
    def fail(path):
        raise OSError("16815 requested and 992 written")  # as numpy.save raises it

    with pytest.raises(
        WriteError, match=r"written: No space left on device \(16815 requested and 992 written"
    ):
        store.publish(tmp_path / "a.npy", fail)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the limit is one of POSIX")
def test_a_file_that_does_not_fit_is_one_line_and_leaves_what_was_there(tmp_path):
    import resource

    target = tmp_path / "a.bin"
    target.write_bytes(b"before")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, limits[1]))
    try:
        with pytest.raises(WriteError) as found:
            store.publish(target, lambda path: path.write_bytes(bytes(100_000)))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert str(found.value) == f"{target} can't be written: File too large"
    assert target.read_bytes() == b"before" and list(tmp_path.glob(".tmp*")) == []


@pytest.mark.parametrize("place", ["folder", "file/inside.txt", "x" * 300])
def test_a_place_that_can_not_be_written_is_one_line(tmp_path, place):
    (tmp_path / "folder" / "full").mkdir(parents=True)
    (tmp_path / "file").touch()
    with pytest.raises(WriteError, match="can't be written: "):
        store.publish(tmp_path / place, lambda path: path.write_text("x"))
    assert list(tmp_path.glob(".tmp*")) == []


def test_what_is_no_matter_of_files_stays_what_it_is(tmp_path):
    with pytest.raises(ZeroDivisionError):
        store.publish(tmp_path / "a.txt", lambda path: 1 / 0)


def test_clearing_deletes_what_is_derived_and_nothing_else():
    for name in (*store.OWNED, "arrays", "known"):
        (store.folder(name) / "file").write_bytes(b"12345")
    assert store.sizes()["arrays"] == 5
    assert store.clear_derived() == 10
    assert all((store.root() / name / "file").exists() for name in store.OWNED)
    assert not list((store.root() / "derived").rglob("file"))


def test_what_is_derived_lies_apart_from_what_is_owned():
    assert not set(store.DERIVED) & set(store.OWNED)
    assert {store.folder(name).parent for name in store.DERIVED} == {store.root() / "derived"}


def test_a_store_of_version_0_1_is_brought_into_order(tmp_path, monkeypatch):
    old = tmp_path / "old"
    for path in (
        "arrays/selections/s1.json",
        "arrays/scores/k.json",
        "rows/mfcc-1.lance/data",
        "collections/mine/collection.json",
    ):
        (old / path).parent.mkdir(parents=True, exist_ok=True)
        (old / path).write_text('{"a": 1}')
    monkeypatch.setenv("SONGSCAPE_CACHE", str(old))
    assert store.load_owned("selections", "s1") == {"a": 1} == store.peek("scores", "k")
    assert (old / "derived" / "rows" / "mfcc-1.lance" / "data").exists() and (
        old / "collections" / "mine"
    ).exists()
    assert not (old / "arrays").exists() and not (old / "rows").exists()
    store.clear_derived()
    assert store.load_owned("selections", "s1") == {"a": 1}


def test_the_versions_that_made_a_value_are_noted_beside_it_and_no_part_of_its_key(monkeypatch):
    store.cached("layouts", "k1", lambda: np.zeros((2, 2)))
    assert store.provenance("layouts", "k1")["libraries"]["numpy"] == np.__version__
    assert store.provenance("layouts", "k2") == {}
    monkeypatch.setattr("core.store.cache.versions", lambda: {"numpy": "0.1"})
    assert (
        store.cached("layouts", "k1", lambda: np.ones((2, 2))).sum() == 0
    )  # another library recomputes nothing
    store.put("scores", "k3", {"ari": 1.0})
    assert store.provenance("scores", "k3") == {"libraries": {"numpy": "0.1"}} and store.peek(
        "scores", "k3"
    ) == {"ari": 1.0}


def test_a_config_that_moves_to_another_module_keeps_its_key():
    @dataclass(frozen=True)
    class Here:
        size: int = 2

    there = dataclass(frozen=True)(
        type("Here", (), {"__annotations__": {"size": int}, "size": 2, "__module__": "elsewhere"})
    )
    assert store.key_of(Here()) == store.key_of(there())

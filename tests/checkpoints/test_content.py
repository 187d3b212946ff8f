"""A file is known by what is in it, not by where it lies or when it was written."""

import os

import pytest

from core import store
from core.checkpoints import content
from core.checkpoints.content import content_hash


@pytest.fixture
def settled(monkeypatch):
    """Take every file as one that changed long ago."""
    monkeypatch.setattr(content, "SETTLED_NS", -1 << 62)


@pytest.fixture
def reads(monkeypatch):
    """The files whose bytes were read, one entry each time."""
    found, real = [], content._digest
    monkeypatch.setattr(content, "_digest", lambda path, file: found.append(path) or real(path, file))
    return found


def test_the_same_bytes_have_the_same_hash_wherever_they_lie(tmp_path):
    (tmp_path / "a").write_bytes(b"weights")
    (tmp_path / "b").write_bytes(b"weights")
    known = content_hash(tmp_path / "a")
    os.utime(tmp_path / "a", (1, 1))
    assert known == content_hash(tmp_path / "a") == content_hash(tmp_path / "b") and len(known) == 32
    (tmp_path / "b").write_bytes(b"Weights")
    assert content_hash(tmp_path / "b") != known


def test_a_file_that_changes_twice_within_one_tick_of_the_clock_is_noticed(tmp_path):
    path, found = tmp_path / "a", set()
    for n in range(5):
        path.write_bytes(bytes([n]))
        os.utime(path, (1, 1))
        found.add(content_hash(path))
    assert len(found) == 5


def test_bytes_are_read_once_until_the_file_changes(tmp_path, settled, reads):
    path = tmp_path / "a"
    path.write_bytes(b"one")
    assert content_hash(path) == content_hash(path) and len(reads) == 1
    path.write_bytes(b"another")
    assert content_hash(path) == content_hash(path) and len(reads) == 2
    assert not (store.root() / "arrays").exists()


def test_a_new_process_does_not_read_a_large_file_again(tmp_path, settled, reads, monkeypatch):
    monkeypatch.setattr(content, "LARGE", 3)
    path = tmp_path / "a"
    path.write_bytes(b"large")
    known = content_hash(path)
    monkeypatch.setattr(content, "_hashes", {})
    assert content_hash(path) == known and len(reads) == 1
    path.write_bytes(b"LARGE")
    assert content_hash(path) != known and len(reads) == 2

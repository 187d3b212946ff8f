"""Counting goes on in the background and is done once."""

import threading

import pytest

from core import collection as collections
from core.errors import CollectionError
from core.ui.library.add.add_fields import start_count


def test_a_source_is_counted_once_while_the_count_is_fresh(monkeypatch):
    asked, go = [], threading.Event()

    def estimate(source):
        asked.append(source)
        assert go.wait(20)
        return {"n_files": 3}

    monkeypatch.setattr(collections, "estimate", estimate)
    counts = {}
    first = start_count("a", counts)
    assert start_count("a", counts) is first and not first.done()
    go.set()
    assert first.result(20) == {"n_files": 3} and start_count("a", counts) is first and asked == ["a"]
    assert start_count("b", counts).result(20) and asked == ["a", "b"]


def test_an_old_count_is_made_again(monkeypatch):
    from core.ui.library.add import add_fields

    monkeypatch.setattr(collections, "estimate", lambda source: {"n_files": 1})
    monkeypatch.setattr(add_fields, "MAX_AGE_S", -1.0)
    counts = {}
    first = start_count("a", counts)
    first.result(20)
    assert start_count("a", counts) is not first


def test_what_is_no_source_says_so(tmp_path):
    with pytest.raises(CollectionError):
        start_count(str(tmp_path / "nothing"), {}).result(20)

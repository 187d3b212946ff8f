"""Collections in the store."""

import pandas as pd
import pytest

from core.collection.collection import Collection
from core.collection.saved import load, names, remove, save
from core.errors import CollectionError


def a_collection(name="mine", n=3, table=True):
    tracks = pd.DataFrame({"track_id": [f"{i:032x}" for i in range(n)], "title": ["a", "b", ""][:n]})
    return Collection(name, tracks, pd.DataFrame({"x": range(n)}) if table else None, info={"kind": "table"})


def test_what_is_kept_comes_back_and_can_be_removed():
    save(a_collection())
    save(a_collection("Other"))
    assert names() == ["Other", "mine"]
    loaded = load("mine")
    assert list(loaded.table["x"]) == [0, 1, 2] and list(loaded.tracks["lyrics"]) == ["", "", ""]
    save(a_collection(table=False))
    assert load("mine").table is None
    remove("mine")
    assert names() == ["Other"]
    with pytest.raises(CollectionError, match="there is no collection 'mine'; there are Other"):
        load("mine")
    with pytest.raises(CollectionError, match="to remove"):
        remove("mine")


def test_a_collection_is_read_once_until_its_files_change_and_nobody_sees_what_others_do_to_it(monkeypatch):
    monkeypatch.setattr("core.store.file_cache.SETTLED_NS", -(10**18))  # trust files that changed just now
    save(a_collection())
    first, read = load("mine"), []
    monkeypatch.setattr(
        pd, "read_parquet", lambda path, real=pd.read_parquet: read.append(path) or real(path)
    )
    first.tracks["title"], first.table["x"] = "changed", 9
    first.info["kind"] = "changed"
    again = load("mine")
    assert (
        not read
        and again.tracks["title"].tolist() == ["a", "b", ""]
        and again.table["x"].tolist() == [0, 1, 2]
    )
    assert again.info == {"name": "mine", "kind": "table"}
    save(a_collection(n=2))
    assert load("mine").n_tracks == 2 and len(read) == 3
    remove("mine")
    with pytest.raises(CollectionError, match="there is no collection"):
        load("mine")


def test_names_that_differ_in_capitals_do_not_meet():
    save(a_collection("mine"))
    with pytest.raises(CollectionError, match="only in case"):
        save(a_collection("Mine"))


def test_an_empty_store_says_how_to_begin():
    with pytest.raises(CollectionError, match="python -m core add demo --name demo"):
        load("mine")
    with pytest.raises(CollectionError, match="can't name"):
        load("../../etc")


@pytest.mark.parametrize("file", ["tracks.parquet", "problems.parquet", "table.parquet", "collection.json"])
def test_damage_is_told(own_store, file):
    save(a_collection())
    (own_store / "collections" / "mine" / file).write_bytes(b"rubbish")
    with pytest.raises(CollectionError, match="damaged.*add it again"):
        load("mine")


def test_ids_are_unique_and_numbers_belong_to_tracks():
    tracks = pd.DataFrame({"track_id": ["a", "a"]})
    with pytest.raises(CollectionError, match="share an id"):
        Collection("x", tracks)
    with pytest.raises(CollectionError, match="1 rows of numeric columns for 2 tracks"):
        Collection("x", pd.DataFrame({"track_id": ["a", "b"]}), pd.DataFrame({"x": [1]}))

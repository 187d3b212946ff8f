"""Uploads become a folder or a table to add."""

import pytest

from core.collection import add
from core.collection.sources.uploads import save_uploads
from core.errors import CollectionError


def test_uploads_become_a_collection_and_more_may_follow(tmp_path, make_sound):
    sound = [make_sound(tmp_path / f"{i}.wav", 200 + i).read_bytes() for i in range(2)]
    folder = save_uploads("mine", [("a.wav", sound[0]), ("a.txt", b"words"), ("virus.exe", b"x")])
    assert sorted(path.name for path in folder.iterdir()) == ["a.txt", "a.wav"]
    assert add(folder, "mine").texts() == ["words"]
    assert save_uploads("mine", [("b.wav", sound[1])]) == folder
    assert add(folder, "mine").n_tracks == 2


def test_one_table_alone_is_given_back_itself():
    assert save_uploads("mine", [("t.csv", b"a\n1\n")]).name == "t.csv"


def test_nothing_that_can_be_used_is_refused():
    with pytest.raises(CollectionError, match="none of the uploaded files"):
        save_uploads("mine", [("virus.exe", b"x")])
    with pytest.raises(CollectionError, match="can't name"):
        save_uploads("../x", [("a.wav", b"x")])

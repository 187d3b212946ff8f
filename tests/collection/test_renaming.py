"""A collection under another name, and what follows it."""

import pandas as pd
import pytest

from core.checkpoints.catalogue import Checkpoint, is_trained_on
from core.collection import add, load, names, rename
from core.collection.changes import changes_between
from core.collection.saved import read_info
from core.errors import CollectionError


@pytest.fixture
def songs(tmp_path):
    table = tmp_path / "songs.csv"
    pd.DataFrame({"title": ["a", "b", "c"], "x": [1.0, 2.0, 3.0], "y": [3.0, 1.0, 2.0]}).to_csv(
        table, index=False
    )
    add(table, "songs")
    return table


def test_a_renamed_collection_is_the_same_and_its_checkpoints_follow(songs, tmp_path):
    before = load("songs")
    rename("songs", "tunes")
    rename("tunes", "melodies")
    assert names() == ["melodies"]
    after = load("melodies")
    assert (
        after.name == "melodies" and after.tracks.equals(before.tracks) and after.table.equals(before.table)
    )
    meta = {"collection": {"name": "songs", "source": before.info["source"]}}
    checkpoint = Checkpoint("c", tmp_path / "c.safetensors", meta)
    assert is_trained_on(checkpoint, "melodies", read_info("melodies"))
    add(songs, "melodies")  # reading the source again keeps the former names
    assert is_trained_on(checkpoint, "melodies", read_info("melodies"))
    assert not is_trained_on(checkpoint, "others", {"source": before.info["source"]})


def test_a_name_that_is_taken_or_not_valid_is_refused(songs):
    add("simulated-lyrics", "made")
    for new, reason in (("MADE", "already"), ("songs", "already"), ("no/name", "can't name")):
        with pytest.raises(CollectionError, match=reason):
            rename("songs", new)
    with pytest.raises(CollectionError, match="no collection 'gone' to rename"):
        rename("gone", "x")
    assert names() == ["made", "songs"]
    rename("songs", "Songs")  # the same letters in other cases
    assert names() == ["Songs", "made"]


def test_changes_count_and_name_what_is_new_and_gone():
    def tracks(*ids):
        return pd.DataFrame(
            {"track_id": ids, "path": [f"/m/{i}.wav" if i != "t" else "" for i in ids], "title": ids}
        )

    assert changes_between(tracks("a", "b"), tracks("b", "c", "t")) == {
        "n_new": 2,
        "n_gone": 1,
        "new": ["c.wav", "t"],
        "gone": ["a.wav"],
    }
    assert changes_between(tracks("a"), tracks("a"))["n_new"] == 0
    assert len(changes_between(tracks(), tracks(*"abcdefgh"))["new"]) == 5


def test_adding_the_same_source_again_reports_changes(songs):
    assert load("songs").info["changes"] is None
    pd.DataFrame(
        {"title": ["a", "b", "d", "e"], "x": [1.0, 2.0, 9.0, 8.0], "y": [3.0, 1.0, 2.0, 7.0]}
    ).to_csv(songs, index=False)
    changes = add(songs, "songs").info["changes"]
    assert changes["n_new"] >= 1 and changes["n_new"] - changes["n_gone"] == 1

"""Where labels come from."""

import pandas as pd
import pytest

from core.collection.genres.label_source import choose_labels
from core.errors import CollectionError


def choose(label=None, columns=None, **tracks):
    return choose_labels(pd.DataFrame(tracks), label, columns or {})


FOLDERS = ["jazz/a.wav", "jazz/x/b.wav", "rock/c.wav", "rock/d.wav", "top.wav"]


def test_genres_come_first_where_half_the_tracks_have_one():
    labels, info = choose(file=FOLDERS, genre=["Jazz", "", "Rock", "", "Pop"])
    assert labels == ["Jazz", "", "Rock", "", "Pop"]
    assert info == {"from": "tags", "asked": None, "n_labelled": 3, "n_labels": 3}
    assert choose(file=FOLDERS, genre=["Jazz", "", "Rock", "", ""])[1]["from"] == "folder"


def test_the_first_folder_below_the_source_is_the_label():
    assert choose(file=FOLDERS)[0] == ["jazz", "jazz", "rock", "rock", ""]


@pytest.mark.parametrize(
    "files", [["a/1.wav", "b/2.wav", "c/3.wav"], ["a/1.wav", "a/2.wav"], ["1.wav", "2.wav"]]
)
def test_folders_that_sort_nothing_are_no_labels(files):
    labels, info = choose(file=files)
    assert set(labels) == {""} and info["from"] == "nothing"
    assert any(choose("folder", file=files)[0]) == ("/" in files[0])


def test_a_column_named_label_comes_before_genres():
    assert choose(label_=["x"], file=["a"], genre=["Jazz"], label=None)[1]["from"] == "tags"
    tracks = pd.DataFrame({"file": ["a", "b"], "genre": ["Jazz", "Rock"], "label": ["x", "y"]})
    assert choose_labels(tracks, None, {"label": "label"})[0] == ["x", "y"]
    assert choose_labels(tracks, "tags", {})[0] == ["Jazz", "Rock"]


def test_a_column_is_found_by_the_name_it_had_in_its_table():
    tracks = pd.DataFrame({"file": ["a", "b"], "artist": ["Bach", "Isaac"], "mood": ["calm", ""]})
    assert choose_labels(tracks, "Composer", {"composer": "artist"})[0] == ["Bach", "Isaac"]
    assert choose_labels(tracks, "MOOD", {})[0] == ["calm", ""]
    with pytest.raises(CollectionError, match="'tempo' is not a column; there are composer, artist, mood"):
        choose_labels(tracks, "tempo", {"composer": "artist"})


def test_spellings_that_differ_in_capitals_are_one_label():
    labels, info = choose(file=["a", "b", "c", "d"], genre=["Rock", "rock", "Rock ", "ROCK"])
    assert set(labels) == {"Rock"} and info["n_labels"] == 1


@pytest.mark.parametrize(
    ("label", "labels"),
    [
        ("folder", ["drums", "drums", "bass", ""]),
        ("folder:top", ["drums", "drums", "bass", ""]),
        ("folder:deepest", ["kick", "snare", "bass", ""]),
        ("folder:path", ["drums/kick", "drums/snare", "bass", ""]),
        ("folder:2", ["kick", "snare", "", ""]),
    ],
)
def test_folders_of_any_depth_are_labels(label, labels):
    files = ["drums/kick/a.wav", "drums/snare/b.wav", "bass/c.wav", "d.wav"]
    found, info = choose_labels(pd.DataFrame({"file": files}), label, {})
    assert found == labels and info["from"] == label


def test_an_unknown_depth_is_refused():
    with pytest.raises(CollectionError, match="must be top, deepest, path or a number"):
        choose_labels(pd.DataFrame({"file": ["a/b.wav"]}), "folder:low", {})

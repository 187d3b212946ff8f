"""Other labels for a saved collection; nothing else changes."""

import pandas as pd
import pytest

from core.collection import add, load, relabel
from core.collection.genres.label_choice import LabelChoice, label_columns
from core.errors import CollectionError


@pytest.fixture
def kits(tmp_path, make_sound):
    """Eight sounds in two kits with two instruments each, tagged with artists."""
    frequencies = iter(range(200, 1000, 50))
    for kit in ("one", "two"):
        for instrument in ("kick", "snare"):
            for take in range(2):
                make_sound(
                    tmp_path / "kits" / kit / instrument / f"{kit}-{instrument}-{take}.wav",
                    next(frequencies),
                    tags={"artist": f"player {take}", "genre": "Drums"},
                )
    add(tmp_path / "kits", "kits", label="folder")
    return tmp_path / "kits"


def test_a_depth_of_folders_a_column_and_back(kits):
    before = load("kits")
    assert set(before.labels()) == {"one", "two"}
    for label, expected in (
        ("folder:deepest", {"kick", "snare"}),
        ("folder:path", {"one/kick", "one/snare", "two/kick", "two/snare"}),
        ("folder:2", {"kick", "snare"}),
        ("artist", {"player 0", "player 1"}),
        ("tags", {"Drums"}),
        ("label", {"one", "two"}),
    ):
        after = relabel("kits", label)
        assert set(after.labels()) == expected
        assert after.info["labels"]["n_labels"] == len(expected) and after.info["labels"]["asked"] == label
        assert list(after.tracks["track_id"]) == list(before.tracks["track_id"])
        assert set(load("kits").labels()) == expected
    after = relabel("kits", "original")
    assert after.tracks.equals(before.tracks) and after.info == before.info


def test_refresh_keeps_the_chosen_label_and_add_with_a_label_drops_it(kits, make_sound):
    relabel("kits", "folder:deepest")
    make_sound(kits / "one" / "hat" / "new.wav", 3_000)
    again = add(kits, "kits", **load("kits").info["arguments"])
    assert set(again.labels()) == {"kick", "snare", "hat"} and again.info["changes"]["n_new"] == 1
    assert set(relabel("kits", "original").labels()) == {"one", "two"}
    relabel("kits", "artist")
    assert set(add(kits, "kits").labels()) == {"player 0", "player 1", ""}
    assert set(add(kits, "kits", label="folder").labels()) == {"one", "two"}
    assert set(add(kits, "kits").labels()) == {"one", "two"}


def test_a_column_of_another_table_and_tracks_that_it_lacks(kits, tmp_path):
    names = [path.name for path in sorted(kits.rglob("*.wav"))]
    pd.DataFrame({"name": names[1:], "Mood": list("xyxyxyx"), "title": "other"}).to_csv(
        tmp_path / "moods.csv", index=False
    )
    before = load("kits").tracks
    after = relabel("kits", "mood", tmp_path / "moods.csv", "name")
    by_name = dict(zip(after.tracks["file"].str.rpartition("/")[2], after.labels()))
    assert by_name == {names[0]: "", **dict(zip(names[1:], "xyxyxyx"))}
    assert after.info["labels"]["from"] == "Mood of moods.csv"
    assert after.info["label_join"]["tracks_joined"] == 7
    pd.testing.assert_frame_equal(  # the texts of the table are not joined
        after.tracks.drop(columns=["label", "original_label"]), before.drop(columns="label")
    )
    pd.DataFrame({"name": names, "Mood": "z"}).to_csv(tmp_path / "moods.csv", index=False)
    assert set(add(kits, "kits").labels()) == {"z"}
    with pytest.raises(
        CollectionError, match=r"in moods.csv the label 'tempo' is not a column; there are Mood"
    ):
        relabel("kits", "tempo", tmp_path / "moods.csv", "name")


def test_a_missing_column_names_those_that_there_are_and_changes_nothing(kits):
    before = load("kits")
    with pytest.raises(CollectionError, match="'tempo' is not a column; there are .*artist"):
        relabel("kits", "tempo")
    with pytest.raises(CollectionError, match="no track has a label from 'folder:3'"):
        relabel("kits", "folder:3")
    with pytest.raises(CollectionError, match="no collection 'gone'"):
        relabel("gone", "artist")
    with pytest.raises(CollectionError, match="another table"):
        LabelChoice("artist", on="name")
    assert load("kits").tracks.equals(before.tracks) and load("kits").info == before.info


def test_a_numeric_column_of_a_table_keeps_its_features_and_ids(tmp_path):
    frame = pd.DataFrame(
        {"genre": list("abab") * 3, "x": range(12), "kind": [1, 2, 2, 1] * 3, "y": range(12)}
    )
    frame.to_csv(tmp_path / "t.csv", index=False)
    before = add(tmp_path / "t.csv", "t")
    assert {"genre", "x", "kind"} <= set(label_columns(before.tracks, before.table))
    relabel("t", "kind")
    after = add(tmp_path / "t.csv", "t")
    assert after.labels() == [str(kind) for kind in frame["kind"]]
    assert after.table.equals(before.table)
    assert list(after.tracks["track_id"]) == list(before.tracks["track_id"])
    assert {"kind": "column is the label", "column": "kind"} in after.info["leaks"]


def test_a_sample_keeps_its_tracks(tmp_path):
    frame = pd.DataFrame({"label": list("aab") * 10, "mood": list("xyzz") * 7 + ["x", "y"], "x": range(30)})
    frame.to_csv(tmp_path / "t.csv", index=False)
    before = add(tmp_path / "t.csv", "t", sample=4)
    relabel("t", "mood")
    after = add(tmp_path / "t.csv", "t")
    assert list(after.tracks["track_id"]) == list(before.tracks["track_id"])
    assert set(after.labels()) <= set("xyz")


def test_columns_with_a_value_are_found_without_their_cells_as_text(monkeypatch):
    def refuse(values):
        raise AssertionError("cells were converted")

    monkeypatch.setattr("core.collection.genres.label_choice._as_text", refuse)
    tracks = pd.DataFrame(
        {
            "track_id": ["a", "b"],
            "mood": ["", "sad"],
            "empty": ["", ""],
            "missing": [None, float("nan")],
            "year": [float("nan"), 1999.0],
            "mixed": [None, ""],
        }
    )
    assert label_columns(tracks, pd.DataFrame({"year": [0, 1], "bpm": [90, 120]})) == ["mood", "year", "bpm"]

"""From a source to a collection that is kept."""

import json
import os
import shutil
import sys

import pandas as pd
import pytest

from core.collection import add, estimate, load, names
from core.collection.sources.kind import kind_of
from core.errors import CollectionError, ConfigError


@pytest.fixture
def music(tmp_path, make_sound):
    root = tmp_path / "music"
    for i, name in enumerate(("jazz/a.wav", "jazz/b.wav", "rock/c.wav", "rock/d.wav")):
        make_sound(root / name, 200 + 20 * i)
    return root


def test_a_folder_becomes_a_collection_that_loads_alike(music):
    added = add(music, "mine")
    loaded = load("mine")
    pd.testing.assert_frame_equal(added.tracks, loaded.tracks)
    assert loaded.labels() == ["jazz", "jazz", "rock", "rock"] and loaded.labelled.all()
    assert loaded.audio_paths() == [str(music.resolve() / name) for name in loaded.tracks["file"]]
    assert loaded.info["kind"] == "folder" and loaded.info["labels"]["from"] == "folder"
    assert (
        loaded.table is None
        and len(loaded.problems) == 0
        and list(loaded.problems) == ["path", "reason", "kind"]
    )
    json.dumps(loaded.info)


@pytest.mark.skipif(sys.platform == "win32", reason="names that Windows refuses")
def test_odd_names_and_odd_tags_survive_saving(tmp_path, id3):
    odd = "line\nbreak <img src=x onerror=alert(1)> 🎻.mp3"
    id3(tmp_path / "m" / odd, {"TIT2": "Группа крови на рукаве".encode("cp1251")})
    with open(os.fsencode(tmp_path / "m") + b"/\xff.mp3", "wb") as file:
        file.write(b"x")
    collection = add(tmp_path / "m", "odd")
    assert collection.tracks["file"][0] == odd and os.path.exists(collection.audio_paths()[0])
    assert collection.tracks["title"][0] == "Группа крови на рукаве"
    assert "not valid Unicode" in collection.problems["reason"][0]


def test_adding_again_takes_up_what_is_new_or_gone_with_the_same_arguments(music, tmp_path, make_sound):
    text = tmp_path / "text.csv"
    pd.DataFrame({"file": ["a", "b", "c", "d", "e"], "lyrics": list("vwxyz"), "mood": list("mmnnn")}).to_csv(
        text, index=False
    )
    add(music, "mine", text=text, label="mood")
    (music / "jazz" / "a.wav").unlink()
    make_sound(music / "e.wav", 500)
    again = add(music, "mine")
    assert list(again.tracks["file"]) == ["e.wav", "jazz/b.wav", "rock/c.wav", "rock/d.wav"]
    assert again.texts() == ["z", "w", "x", "y"] and again.labels() == ["n", "m", "n", "n"]
    assert again.info["n_read"] == 1
    assert again.info["text_join"]["rows_without_track"] == 1


def test_adding_again_what_is_gone_leaves_what_is_kept(music):
    add(music, "mine")
    shutil.rmtree(music)
    with pytest.raises(CollectionError, match="there is no"):
        add(music, "mine")
    assert load("mine").n_tracks == 4


@pytest.mark.parametrize(
    ("label", "expected"), [("folder", ["jazz", "jazz", "rock", "rock"]), ("title", list("abcd"))]
)
def test_the_label_may_be_chosen(music, label, expected):
    assert add(music, "mine", label=label).labels() == expected


def test_a_label_that_nobody_has_is_refused_and_nothing_is_kept(music):
    with pytest.raises(CollectionError, match="no track has a label from 'tags'"):
        add(music, "mine", label="tags")
    assert names() == []


@pytest.mark.parametrize(
    "name", ["", "a/b", "../x", ".hidden", "a b", "x" * 65, "naïve", "CON", "nul.txt", "ends.", "a\n"]
)
def test_names_that_a_file_system_may_refuse_are_refused(music, name):
    with pytest.raises(CollectionError, match="can't name a collection"):
        add(music, name)


def test_a_source_is_a_folder_a_table_or_the_demo(tmp_path, music, make_sound):
    (tmp_path / "t.csv").write_text("a\n1\n")
    assert [kind_of(source) for source in ("demo", music, tmp_path / "t.csv")] == ["demo", "folder", "table"]
    for source, told in (
        (tmp_path / "no", "there is no"),
        (music / "jazz" / "a.wav", "give its folder"),
        ("x\0y", "there is no"),
        ("y" * 5000, "there is no"),
    ):
        with pytest.raises(CollectionError, match=told):
            kind_of(source)
    with pytest.raises(CollectionError, match="--audio"):
        add(music, "mine", audio=music)


def test_an_estimate_counts_without_opening_and_knows_what_is_known(music):
    before = estimate(music)
    size = sum(path.stat().st_size for path in music.rglob("*.wav"))
    assert (before["n_files"], before["n_new"], before["bytes"]) == (4, 4, size) and before["seconds"] > 0
    add(music, "mine")
    assert estimate(music)["n_new"] == 0 and estimate(music)["seconds"] == 0


def test_text_is_lyrics_else_caption_else_title_and_artist(music, tmp_path):
    text = tmp_path / "text.csv"
    pd.DataFrame(
        {
            "file": ["a", "b", "c"],
            "lyrics": ["la", "", ""],
            "caption": ["x", "a slow piece", ""],
            "title": ["A", "B", "C"],
            "artist": ["", "", "Bach"],
        }
    ).to_csv(text, index=False)
    collection = add(music, "mine", text=text)
    assert collection.texts() == ["la", "a slow piece", "C – Bach", ""]
    assert collection.text_sources() == {"lyrics": 1, "caption": 1, "title – artist": 1, "nothing": 1}
    assert collection.text_origins() == ["lyrics", "caption", "title – artist", "nothing"]
    assert collection.texts("caption") == ["x", "a slow piece", "", ""]
    assert collection.text_sources("caption") == {"caption": 2, "nothing": 2}
    assert collection.texts("metadata") == ["A", "B", "C – Bach", ""]
    with pytest.raises(ConfigError, match="no text field 'words'; choose from metadata, .*lyrics"):
        collection.texts("words")
    with pytest.raises(ConfigError):
        collection.texts("duration_s")


def test_the_same_source_again_keeps_what_is_left_out_and_another_starts_anew(music, tmp_path, make_sound):
    text, more = tmp_path / "text.csv", tmp_path / "more.csv"
    pd.DataFrame({"song": ["a", "b", "c"], "lyrics": list("vwx"), "mood": list("mmn")}).to_csv(
        text, index=False
    )
    pd.DataFrame({"file": ["a", "d"], "lyrics": list("yz"), "mood": list("pp")}).to_csv(more, index=False)
    first = add(music, "mine", text=text, on="song", label="mood")
    assert first.info["taken_over"] == {} and first.info["replaced"] is None
    again = add(str(music) + "/", "mine")
    assert again.info["arguments"] == first.info["arguments"] == again.info["taken_over"]
    assert again.texts() == first.texts() and again.labels() == first.labels()
    assert add(music, "mine", label="folder").info["taken_over"] == {
        "text": str(text.resolve()),
        "on": "song",
    }
    joined_anew = add(music, "mine", text=more)
    assert (
        joined_anew.info["taken_over"] == {"label": "folder"}
        and joined_anew.info["text_join"]["on"] == "file"
    )
    make_sound(tmp_path / "other" / "z.wav", 700)
    other = add(tmp_path / "other", "mine")
    assert other.info["arguments"] == {} and other.info["replaced"] == str(music.resolve())
    assert add(tmp_path / "other", "mine").info["replaced"] is None


def test_a_table_takes_its_labels_from_the_folders_of_its_sound(music, tmp_path):
    table, text = tmp_path / "numbers.csv", tmp_path / "text.csv"
    pd.DataFrame(
        {"track": ["c", "a", "nowhere"], "tempo": [1.0, 2.0, 3.0], "energy": [5.0, 4.0, 3.0]}
    ).to_csv(table, index=False)
    pd.DataFrame({"track": ["nowhere", "c"], "lyrics": ["x", "y"]}).to_csv(text, index=False)
    added = add(table, "mine", audio=music, text=text, label="folder")
    assert added.labels() == ["rock", "jazz", ""] and added.info["labels"]["from"] == "folder"
    assert added.tracks["lyrics"].tolist() == ["y", "", "x"]

"""Captions written here: they stay when a source is read again, and the source's own stay untouched."""

import pandas as pd
import pytest

from core.collection import add, load
from core.collection.saved import change_tracks
from core.collection.texts.written import origins_of, set_written


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "songs.csv"

    def write(lyrics=("rain", "sun", "wind"), captions=("", "The source's own.", ""), **columns):
        frame = pd.DataFrame(
            {"title": list("abc"), "lyrics": lyrics, "caption": captions, "tempo": [1, 2, 3], **columns}
        )
        frame.to_csv(path, index=False)
        return path

    return write


def write_all(name: str, text: str = "Written here.", by: str = "m at h") -> None:
    change_tracks(
        name,
        lambda tracks: set_written(
            tracks, "caption", dict.fromkeys(tracks["track_id"], {"caption": text}), by
        ),
    )


def test_a_caption_of_the_source_is_never_replaced(table):
    add(table(), "songs")
    for by in ("m at h", "n at h"):
        write_all("songs", by=by)
        tracks = load("songs").tracks
        assert list(tracks["caption"]) == ["Written here.", "The source's own.", "Written here."]
        assert list(tracks["caption_from"]) == [by, "table", by]


def test_captions_stay_when_the_source_is_read_again(table):
    add(table(), "songs")
    write_all("songs")
    tracks = add(table(), "songs").tracks
    assert list(tracks["caption_from"]) == ["m at h", "table", "m at h"]
    assert list(tracks["caption"]) == ["Written here.", "The source's own.", "Written here."]


def test_captions_of_a_folder_stay_with_their_sound_and_not_with_other_words(tmp_path, make_sound):
    for number, name in enumerate("abc"):
        make_sound(tmp_path / "music" / f"{name}.wav", 200 + 50 * number)
        (tmp_path / "music" / f"{name}.txt").write_text(f"words of {name}")
    add(tmp_path / "music", "mine")
    write_all("mine")
    (tmp_path / "music" / "a.wav").rename(tmp_path / "music" / "z.wav")
    (tmp_path / "music" / "a.txt").rename(tmp_path / "music" / "z.txt")
    (tmp_path / "music" / "b.txt").write_text("other words altogether")
    make_sound(tmp_path / "music" / "new.wav", 900)
    tracks = add(tmp_path / "music", "mine").tracks.set_index("file")
    assert tracks["caption"].to_dict() == {
        "b.wav": "",
        "c.wav": "Written here.",
        "new.wav": "",
        "z.wav": "Written here.",
    }
    assert list(origins_of(tracks.reset_index(), "caption")) == ["", "m at h", "", "m at h"]


def test_a_caption_that_the_source_brings_later_takes_the_place_of_ours(tmp_path, make_sound):
    make_sound(tmp_path / "music" / "a.wav", 200)
    make_sound(tmp_path / "music" / "b.wav", 300)
    add(tmp_path / "music", "mine")
    write_all("mine")
    text = tmp_path / "text.csv"
    pd.DataFrame({"file": ["a.wav"], "caption": ["From people."]}).to_csv(text, index=False)
    tracks = add(tmp_path / "music", "mine", text=text).tracks
    assert list(tracks["caption"]) == ["From people.", "Written here."]
    assert list(tracks["caption_from"]) == ["table", "m at h"]


def test_another_source_of_the_same_name_starts_anew(table, tmp_path, make_sound):
    make_sound(tmp_path / "one" / "a.wav", 200)
    make_sound(tmp_path / "two" / "a.wav", 200)
    add(tmp_path / "one", "mine")
    write_all("mine")
    assert list(add(tmp_path / "two", "mine").tracks["caption"]) == [""]


def test_what_a_source_says_of_its_captions_is_kept_as_the_sources_word(table):
    add(table(captions=("Theirs.", "", ""), caption_from=("gpt at x", "", "")), "songs")
    write_all("songs")
    tracks = load("songs").tracks
    assert list(tracks["caption"]) == ["Theirs.", "Written here.", "Written here."]
    assert list(tracks["caption_from"]) == ["table: gpt at x", "m at h", "m at h"]

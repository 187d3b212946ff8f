"""The demo as a source, on a small demo of the test's own; the real one where it lies in the checkout."""

import shutil

import pandas as pd
import pytest

from core.collection import add, load, saved
from core.collection.sources import demo
from core.errors import CollectionError


@pytest.fixture
def small_demo(tmp_path, make_sound, monkeypatch):
    assets = tmp_path / "assets" / "demo"
    for i in range(4):
        make_sound(assets / "audio" / f"t{i}.ogg", 200 + 20 * i, sr=22_050)
    pd.DataFrame(
        {
            "file": [f"audio/t{i}.ogg" for i in (2, 0, 3, 1)],
            "title": ["C", "A", "D", "B"],
            "composer": "Anon.",
            "tradition": ["reel", "chorale", "reel", "chorale"],
            "language": ["", "de", "", "de"],
            "lyrics": ["", "Herr", "", "Gott"],
            "source_work": "w",
            "licence": "CC0",
            "duration_s": 1.0,
        }
    ).to_csv(assets / "tracks.csv", index=False)
    monkeypatch.setattr(demo, "ASSETS", assets)
    return assets


def test_the_demo_has_sound_words_and_traditions(small_demo):
    collection = add("demo", "demo")
    assert list(collection.tracks["title"]) == list("CADB") and set(collection.tracks["artist"]) == {"Anon."}
    assert collection.labels() == ["reel", "chorale", "reel", "chorale"]
    assert list(collection.tracks["licence"]) == ["CC0"] * 4
    assert collection.info["kind"] == "demo" and collection.text_sources() == {
        "lyrics": 2,
        "nothing": 2,
    }
    assert collection.texts("metadata") == ["C – Anon.", "A – Anon.", "D – Anon.", "B – Anon."]
    assert add("demo", "demo", label="language").labels() == ["", "de", "", "de"]


def test_a_moved_checkout_keeps_its_demo(small_demo, tmp_path, monkeypatch):
    add("demo", "demo")
    kept = pd.read_parquet(saved.store.root() / "collections" / "demo" / "tracks.parquet")
    assert kept["path"][0] == "audio/t2.ogg"
    moved = shutil.move(small_demo, tmp_path / "elsewhere")
    monkeypatch.setattr(demo, "ASSETS", tmp_path / "elsewhere")
    saved.store.recent.clear()  # as in a new process
    assert load("demo").audio_paths()[0] == str(moved / "audio" / "t2.ogg")


def test_a_missing_demo_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(demo, "ASSETS", tmp_path)
    with pytest.raises(CollectionError, match="this checkout is incomplete"):
        add("demo", "demo")


def test_sound_that_is_missing_is_a_problem_and_the_rest_opens(small_demo):
    (small_demo / "audio" / "t0.ogg").unlink()
    collection = add("demo", "demo")
    assert list(collection.tracks["title"]) == list("CDB")
    assert "t0.ogg" in collection.problems["path"][0] and "incomplete" in collection.problems["reason"][0]

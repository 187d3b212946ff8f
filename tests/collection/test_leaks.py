"""Texts and columns that hold the label."""

import numpy as np
import pandas as pd
import pytest

from core import collection as collections
from core.collection.leaks import find_leaks

LABELS = ["blues", "jazz", "hip hop"] * 8


def make(tmp_path, **columns):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"label": LABELS, "x": rng.normal(size=24), **columns})
    frame.to_csv(tmp_path / "t.csv", index=False)
    return collections.add(tmp_path / "t.csv", "t")


def test_names_of_files_are_no_text(tmp_path):
    collection = make(tmp_path, filename=[f"{label}.{i:05}.wav" for i, label in enumerate(LABELS)])
    assert collection.text_sources() == {"nothing": 24} and collection.info["leaks"] == []


@pytest.mark.parametrize("naming", ["{label}.{i:05}", "{i:06}", "{label}{i:02}", "{label} deep"])
def test_a_folder_of_labels_has_no_text(tmp_path, make_sound, naming):
    for i, label in enumerate(["kick", "snare"] * 6):
        make_sound(tmp_path / "music" / label / (naming.format(label=label, i=i) + f"{'x' * i}.wav"), 200 + i)
    collection = collections.add(tmp_path / "music", "music", label="folder")
    texts = collection.text_sources()
    assert texts == {"nothing": 12} and collection.info["leaks"] == []


def test_a_text_that_names_the_label_is_said(tmp_path):
    collection = make(tmp_path, caption=[f"A slow {label} song, take {i}" for i, label in enumerate(LABELS)])
    assert find_leaks(collection) == [{"kind": "label in text", "share": 1.0, "origin": "caption"}]
    assert find_leaks(collection, has_text=False) == []


def test_texts_that_name_all_labels_alike_are_not(tmp_path):
    assert make(tmp_path, caption=[f"blues, jazz and hip hop {i}" for i in range(24)]).info["leaks"] == []


def test_a_column_that_numbers_the_labels_is_said(tmp_path):
    numbers = [LABELS.index(label) for label in LABELS]
    collection = make(tmp_path, genre_code=numbers, n_peaks=[i % 5 for i in range(24)])
    assert find_leaks(collection) == [{"kind": "column is the label", "column": "genre_code"}]
    mood = make(tmp_path, mood=[label[::-1] for label in LABELS])
    assert find_leaks(mood, text_field="mood") == [{"kind": "text is the label", "origin": "mood"}]


def test_a_title_in_a_file_name_is_text(tmp_path, make_sound):
    for i, name in enumerate(("03 - So What", "Blue in Green", "04")):
        make_sound(tmp_path / "music" / f"{name}.wav", 200 + i)
    collection = collections.add(tmp_path / "music", "music")
    assert sorted(collection.texts()) == ["", "Blue in Green", "So What"]
    assert collection.text_sources() == {"file name": 2, "nothing": 1}


def test_a_sample_of_many_tracks_finds_the_same(tmp_path, monkeypatch):
    named = make(tmp_path, caption=[f"A slow {label} song, take {i}" for i, label in enumerate(LABELS)])
    renamed = make(tmp_path, caption=[label.upper() for label in LABELS])
    nearly = make(tmp_path, caption=[label.upper() for label in LABELS[:-1]] + ["another"])
    whole = [find_leaks(each) for each in (named, renamed)]
    monkeypatch.setattr("core.collection.leaks._MOST_ROWS", 12)
    assert [find_leaks(each) for each in (named, renamed)] == whole
    assert whole[1] == [{"kind": "text is the label", "origin": "caption"}]
    assert find_leaks(nearly) == [{"kind": "label in text", "share": 0.958, "origin": "caption"}]

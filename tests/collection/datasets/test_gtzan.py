"""GTZAN in both styles of names, with the broken file and the fault-filtered split."""

import pytest

from core import collection as collections
from core.collection.datasets import recognise
from tests.collection.datasets.miniatures import make_clip, make_gtzan

GENRES = ["blues"] * 3 + ["hiphop"] * 3 + ["jazz"] * 2 + ["rock"] * 3


@pytest.mark.parametrize(
    "ending, folder", [("wav", "genres_original"), ("wav", "Data/genres_original"), ("au", "genres")]
)
def test_labels_split_and_the_broken_file(tmp_path, ending, folder):
    root = make_gtzan(tmp_path, ending, folder)
    assert recognise(root) == recognise(root / folder) == "gtzan"
    collection = collections.add(root, "g", layout="gtzan")
    assert collection.labels() == GENRES and collection.info["labels"]["from"] == "folder"
    parts = dict(zip(collection.tracks["dataset_id"], collection.tracks["split"]))
    assert {name: part for name, part in parts.items() if part} == {
        "blues.00000": "train",
        "rock.00001": "train",
        "jazz.00052": "valid",
        "hiphop.00002": "test",
    }
    assert collection.info["dataset"] == {
        "layout": "gtzan",
        "tables": [],
        "splits": {"train": 2, "valid": 1, "test": 1, "": 7},
    }
    (problem,) = collection.problems.to_dict("records")
    assert problem["path"].endswith(f"jazz.00054.{ending}") and problem["kind"] == "error"
    assert problem["reason"].endswith("(a known fault of the copy on Kaggle)")


def test_the_names_of_files_are_no_text(tmp_path):
    collection = collections.add(make_gtzan(tmp_path), "g", layout="gtzan")
    assert collection.text_sources() == {"nothing": 11} and collection.info["leaks"] == []


def test_a_part_of_the_dataset_without_lists_has_no_split(tmp_path):
    for i in range(4):
        make_clip(tmp_path / ("pop", "rock")[i % 2] / f"{('pop', 'rock')[i % 2]}.{i:05}.wav", 200 + 30 * i)
    collection = collections.add(tmp_path, "g", layout="gtzan")
    assert collection.labels() == ["pop", "pop", "rock", "rock"] and "split" not in collection.tracks


def test_folders_of_genres_with_other_names_of_files_are_not_gtzan(tmp_path):
    for i, genre in enumerate(("blues", "jazz", "rock")):
        make_clip(tmp_path / genre / f"song {i}.wav", 200 + 30 * i)
    assert recognise(tmp_path) is None

"""JamendoLyrics: one table, lyrics in a folder of their own, accents in names of files."""

import unicodedata

import pytest

from core import collection as collections
from core.collection.datasets import recognise
from tests.collection.datasets.miniatures import make_jamendolyrics


@pytest.mark.parametrize("subsets", [False, True])
def test_metadata_and_lyrics(tmp_path, subsets):
    root = make_jamendolyrics(tmp_path, subsets)
    assert recognise(root) == "jamendolyrics"
    collection = collections.add(root, "j", layout="jamendolyrics")
    tracks = collection.tracks.set_index("title")
    assert tracks["label"].to_dict() == {
        "Give Me The Same": "Pop",
        "Capotes à un Franc": "Country",
        "Culture & Co.": "Rock",
    }
    assert tracks.loc["Capotes à un Franc", "lyrics"] == "Words of Capo\nand more"
    assert tracks.loc["Culture & Co.", "lyrics"] == "Words of Cult\nand more"
    assert tracks.loc["Culture & Co.", "language"] == "German" and tracks["NonLexical"].eq("true").all()
    assert collection.info["dataset"]["n_lyrics"] == 3 and collection.info["labels"]["from"] == "genre"
    (problem,) = collection.problems.to_dict("records")
    assert problem["reason"].endswith("without a usable audio file: Dark_-_Band")


def test_names_with_decomposed_accents_are_joined(tmp_path):
    root = make_jamendolyrics(tmp_path)
    for path in [*(root / "mp3").iterdir(), *(root / "lyrics").iterdir()]:
        path.rename(path.with_name(unicodedata.normalize("NFD", path.name)))
    collection = collections.add(root, "j", layout="jamendolyrics")
    assert collection.info["dataset"]["n_lyrics"] == collection.info["labels"]["n_labelled"] == 3

"""MTG-Jamendo: lines of different lengths, audio in full and low quality."""

import pytest

from core import collection as collections
from core.collection.datasets import recognise
from core.errors import CollectionError
from tests.collection.datasets.miniatures import make_mtg_jamendo


@pytest.mark.parametrize("ending", [".mp3", ".low.mp3"])
@pytest.mark.parametrize("path", [".", "data", "audio"])
def test_tags_titles_and_split(tmp_path, ending, path):
    root = make_mtg_jamendo(tmp_path / "j", ending)
    assert recognise(root / path) == "mtg-jamendo"
    collection = collections.add(root / path, "j", layout="mtg-jamendo")
    tracks = collection.tracks.set_index("dataset_id")
    assert sorted(tracks.index) == ["1007", "21107", "948"], "77 is in no table"
    assert tracks["genres"].to_dict() == {"948": "rock", "1007": "rock; pop", "21107": ""}
    assert tracks.loc["1007", "moods_themes"] == "happy" and tracks.loc["21107", "instruments"] == "piano"
    assert tracks.loc["948", "title"] == "Title 0" and tracks.loc["948", "artist"] == "Band 0"
    assert tracks["split"].to_dict() == {"948": "train", "1007": "validation", "21107": ""}
    assert tracks["label"].to_dict() == {"948": "rock", "1007": "rock", "21107": ""}
    assert collection.info["n_skipped"] == 1
    (problem,) = collection.problems.to_dict("records")
    assert problem["reason"] == "1 of 4 rows name a track without a usable audio file: 1376256"


def test_subsets_together_replace_the_whole_table(tmp_path):
    root = make_mtg_jamendo(tmp_path, names=("autotagging_genre", "autotagging_moodtheme"))
    moods = root / "data" / "autotagging_moodtheme.tsv"
    lines = moods.read_text().splitlines()
    moods.write_text("\n".join([lines[0], lines[3].replace("instrument---piano", "mood/theme---calm")]))
    collection = collections.add(root, "j", layout="mtg-jamendo")
    tracks = collection.tracks.set_index("dataset_id")
    assert tracks.loc["21107", "moods_themes"] == "calm" and tracks.loc["21107", "instruments"] == "piano"


def test_full_quality_goes_before_low(tmp_path):
    root = make_mtg_jamendo(tmp_path / "j")
    make_mtg_jamendo(tmp_path / "other", ".low.mp3")
    (tmp_path / "other" / "audio").rename(root / "a-low")
    collection = collections.add(root, "j", layout="mtg-jamendo")
    assert collection.n_tracks == 3 and not any("low" in path for path in collection.audio_paths())


def test_a_link_that_was_not_unpacked_as_one_is_named(tmp_path):
    root = make_mtg_jamendo(tmp_path)
    (root / "data" / "autotagging.tsv").write_text("raw_30s_cleantags_50artists.tsv")
    with pytest.raises(CollectionError, match="begins with 'raw_30s_.* perhaps it is a link"):
        collections.add(root, "j", layout="mtg-jamendo")

"""FMA in four sizes, with the official metadata below the folder or beside it."""

import pytest

from core import collection as collections
from core.collection.datasets import recognise
from core.collection.sources import folder as folder_module
from core.errors import CollectionError
from tests.collection.datasets.miniatures import FMA_GENRES, make_clip, make_fma


@pytest.mark.parametrize("path", [".", "fma_small", "fma_metadata"])
def test_small_from_every_folder(tmp_path, path):
    root = make_fma(tmp_path / "fma")
    assert recognise(root / path) == "fma-small"
    collection = collections.add(root / path, "f", layout="fma-small")
    assert list(collection.tracks["dataset_id"]) == ["2", "5", "1001"]
    assert collection.labels() == ["Hip-Hop", "Rock", "Rock"]
    assert collection.genres() == [("Hip-Hop",), ("Rock", "Punk"), ("Rock",)]
    assert list(collection.tracks["split"]) == ["training", "test", "validation"]
    assert collection.info["dataset"]["splits"] == {"training": 1, "validation": 1, "test": 1}
    assert (
        collection.texts()[0] == "Song a – Artist 0" and list(collection.tracks["album.title"]) == ["Alb"] * 3
    )


def test_a_row_without_audio_is_named(tmp_path):
    collection = collections.add(make_fma(tmp_path), "f", layout="fma-small")
    (problem,) = collection.problems.to_dict("records")
    assert problem["reason"] == "1 of 4 rows name a track without a usable audio file: 10"
    (table,) = collection.info["dataset"]["tables"]
    assert (table["n_rows"], table["tracks_joined"], table["rows_without_track"]) == (4, 3, 1)


def test_a_smaller_size_opens_only_its_files_of_a_larger_one(tmp_path):
    root = make_fma(tmp_path, "large")
    assert recognise(root) == "fma-large"
    medium = collections.add(root, "m", layout="fma-medium")
    assert (
        list(medium.tracks["dataset_id"]) == ["2", "5", "1001", "1002"]
        and medium.labels()[-1] == "International"
    )
    assert medium.genres()[-1] == ("International", "Old-Time / Historic")
    assert (medium.info["n_read"], medium.info["n_skipped"]) == (4, 1)
    small = collections.add(root, "s", layout="fma-small")
    assert small.n_tracks == 3 and small.info["n_read"] == 0
    large = collections.add(root, "l", layout="fma-large")
    assert large.info["n_read"] == 1, "what is known of the other files is kept"
    assert large.labels()[-1] == "" and large.info["labels"]["n_labelled"] == 4
    with pytest.raises(
        CollectionError,
        match="FMA full, for which these are looked for: fma_full and fma_metadata/tracks.csv",
    ):
        collections.add(root, "f", layout="fma-full")


def test_full_has_every_row(tmp_path):
    collection = collections.add(make_fma(tmp_path, "full"), "f", layout="fma-full")
    assert collection.labels() == [genre for genre, i in zip(FMA_GENRES, range(6)) if i != 2]


def test_a_size_beside_the_folder_is_not_taken_for_it(tmp_path):
    root = make_fma(tmp_path / "a", "small")
    make_clip(root / "fma_medium" / "000" / "000002.mp3", 300)
    assert recognise(root) == "fma-medium" and recognise(root / "fma_small") == "fma-small"
    with pytest.raises(CollectionError, match="doesn't look like FMA medium.*it looks like fma-small"):
        collections.add(root / "fma_small", "f", layout="fma-medium")


def test_a_balanced_sample_takes_as_many_tracks_of_each_genre(tmp_path):
    collection = collections.add(make_fma(tmp_path), "f", layout="fma-small", sample=1)
    assert sorted(collection.labels()) == ["Hip-Hop", "Rock"] and collection.info["sample"]["n_before"] == 3


def test_columns_of_the_table_are_labels_by_their_own_names(tmp_path):
    root = make_fma(tmp_path)
    assert collections.add(root, "f", layout="fma-small", label="set.split").labels()[1] == "test"
    assert collections.add(root, "f", layout="fma-small", label="genre_top").labels()[0] == "Hip-Hop"


def test_changed_audio_is_found_without_hashing_the_unchanged(tmp_path, monkeypatch):
    collection = collections.add(make_fma(tmp_path), "f", layout="fma-small")
    paths = dict(zip(collection.tracks["track_id"], collection.tracks["path"]))
    root = collection.info["audio_folder"]
    monkeypatch.setattr(folder_module, "hash_file", lambda path: pytest.fail(f"hashed {path}"))
    assert folder_module.find_changed(root, paths) == set()


def test_a_table_without_subsets_is_refused(tmp_path):
    root = make_fma(tmp_path)
    (root / "fma_metadata" / "tracks.csv").write_text("track_id,title\n2,a\n5,b\n")
    with pytest.raises(CollectionError, match=r"has no column set.subset, .* with three header rows"):
        collections.add(root, "f", layout="fma-small")

"""Music4All: tab-separated tables, lyrics in a folder of their own, several genres per track."""

import pytest

from core import collection as collections
from core.collection.datasets import recognise
from core.errors import CollectionError
from tests.collection.datasets.miniatures import MUSIC4ALL_GENRES, make_music4all


def by_id(collection, values):
    return dict(zip(collection.tracks["dataset_id"], values))


def test_metadata_genres_language_and_lyrics(tmp_path):
    root = make_music4all(tmp_path / "m")
    assert recognise(root) == recognise(root / "audios") == "music4all"
    collection = collections.add(root, "m", layout="music4all")
    assert by_id(collection, collection.genres())["00012"] == ("rock", "pop")
    assert by_id(collection, collection.tracks["title"])["00012"] == '"Lone'
    assert by_id(collection, collection.tracks["artist"])["1e5"] == "Art 2"
    assert by_id(collection, collection.tracks["language"])["1e5"] == "zxx"
    assert by_id(collection, collection.tracks["lyrics"]) == {
        "0009fFIM1eYThaPg": "la la love",
        "00012": "so it goes\nand goes",
        "1e5": "",
        "000RDCYioLteXcut": "oh no",
        "00CH4HJdxQQQbJfu": "",
    }
    assert by_id(collection, collection.tracks["tempo"])["000RDCYioLteXcut"] == "123.5"
    assert collection.info["dataset"]["n_lyrics"] == 3 and len(collection.info["dataset"]["tables"]) == 5
    (problem,) = collection.problems.to_dict("records")
    assert problem["reason"] == "1 of 6 rows name a track without a usable audio file: TRUE"


def test_only_tracks_of_the_most_frequent_genres(tmp_path):
    root = make_music4all(tmp_path)
    collection = collections.add(root, "m", layout="music4all", top_genres=2)
    expected = [cell for cell in MUSIC4ALL_GENRES if set(cell.split(",")) <= {"pop", "rock"}]
    assert sorted(",".join(genres) for genres in collection.genres()) == sorted(expected)
    assert collection.info["top_genres"] == {
        "asked": 2,
        "n_genres": 4,
        "n_kept": 2,
        "n_tracks": 3,
        "n_before": 5,
        "n_without": 0,
    }
    again = collections.add(root, "m")
    assert again.n_tracks == 3 and again.info["taken_over"] == {"layout": "music4all", "top_genres": "2"}


def test_tables_of_other_tracks_are_refused(tmp_path):
    root = make_music4all(tmp_path)
    for path in list((root / "audios").iterdir()):
        path.rename(path.with_name(f"x{path.name}"))
    with pytest.raises(
        CollectionError, match=r"id_information.csv of Music4All names none of the 5 audio files"
    ):
        collections.add(root, "m", layout="music4all")


def test_without_lyrics_and_tags(tmp_path):
    root = make_music4all(tmp_path)
    (root / "id_tags.csv").unlink()
    (root / "lyrics").rename(root / "words")
    collection = collections.add(root, "m", layout="music4all")
    assert (
        collection.n_tracks == 5 and "tags" not in collection.tracks and not any(collection.tracks["lyrics"])
    )

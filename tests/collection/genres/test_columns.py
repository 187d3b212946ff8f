"""Genres of a source's tracks: columns, tags, the origin of the label, and what is unchanged."""

import json

import numpy as np
import pandas as pd
import pytest

from core import collection as collections
from core.collection.genres.columns import MAJORITY, GenreChoice
from core.errors import CollectionError

SEVERAL = [
    "garage rock, rock",
    "hard rock, rock, blues",
    "delta blues, blues",
    "['blues', 'soul blues']",
    "reggae",
    "",
]


def add(tmp_path, name="songs", file="songs.csv", like=None, **columns):
    """Keep a table with some numbers and these columns as a collection."""
    n = len(next(iter(columns.values())))
    numbers = pd.DataFrame(np.random.default_rng(0).normal(size=(n, 3)), columns=list("xyz"))
    pd.concat([numbers, pd.DataFrame(columns)], axis=1).to_csv(tmp_path / file, index=False)
    return collections.add(tmp_path / file, name, **(like or {}))


def test_several_genres_give_the_main_one_as_label_and_are_kept(tmp_path):
    songs = add(tmp_path, genres=SEVERAL)
    assert songs.labels() == ["rock", "rock", "blues", "blues", "", ""]
    assert songs.genres()[1] == ("hard rock", "rock", "blues") and songs.genres()[5] == ()
    assert songs.tracks["genres"][3] == "blues; soul blues" and songs.has_several_genres
    assert songs.coarse_genres()[1] == ("rock", "blues") and songs.coarse_genres()[4] == ()
    assert songs.coarse_labels() == ["rock", "rock", "blues", "blues", "", ""]
    labels, told = songs.info["labels"], songs.info["genres"]
    assert labels == {
        "asked": None,
        "from": MAJORITY,
        "n_labelled": 4,
        "n_labels": 2,
        "words": ["blues", "rock"],
        "found": True,
        "n_without": 1,
    }
    assert (told["from"], told["n_with"], told["n_several"], told["n_genres"]) == ("genres", 5, 4, 7)
    assert told["coarse"].pop("group") == {
        name: "" if name == "reggae" else "rock" if "rock" in name else "blues"
        for name in songs.genre_matrix()[0]
    }
    assert told["coarse"] == {
        "from": "shipped",
        "n_listed": 6,
        "by_word": 0,
        "unknown": ["reggae"],
        "n_unknown": 1,
        "n_without": 1,
    }
    json.dumps(songs.info)


def test_the_matrix_goes_with_the_tracks(tmp_path):
    names, has = add(tmp_path, genres=SEVERAL).genre_matrix()
    assert names[:2] == ["blues", "rock"] and has.shape == (6, 7)
    assert has[:, 0].tolist() == [False, True, True, True, False, False] and not has[5].any()


def test_one_genre_per_track_stays_as_it_is(tmp_path):
    songs = add(tmp_path, genre=["R&B/Soul", "Folk, World, & Country", "rock", ""])
    assert songs.labels() == ["R&B/Soul", "Folk, World, & Country", "rock", ""]
    assert (
        songs.genres() == [("R&B/Soul",), ("Folk, World, & Country",), ("rock",), ()]
        and not songs.has_several_genres
    )
    assert not {"genres", "coarse_genres"} & set(songs.tracks) and songs.info["genres"] is None
    assert songs.info["labels"]["from"] == "genre" and songs.coarse_labels() == [
        "r&b & soul",
        "folk",
        "rock",
        "",
    ]


def test_a_collection_without_genres_has_its_labels(tmp_path):
    demo = add(tmp_path, tradition=["Jig", "", "Reel"])
    assert demo.genres() == [("Jig",), (), ("Reel",)] and demo.genre_matrix()[0] == ["Jig", "Reel"]
    few = add(tmp_path, "few", label=["a", "b", "c"], genre=["rock", "", ""])
    assert few.genres() == [("a",), ("b",), ("c",)]


def test_a_column_genre_with_several_in_a_cell_counts_too(tmp_path):
    songs = add(tmp_path, Genre=["rock; indie rock", "Rock", "pop", "pop"])
    assert songs.labels() == ["Rock", "Rock", "pop", "pop"] and songs.info["labels"]["from"] == MAJORITY
    assert songs.info["genres"]["from"] == "genre"


@pytest.mark.parametrize(
    ("columns", "like", "expected"),
    [
        ({"label": list("abcdef"), "genres": SEVERAL}, {}, "a"),
        ({"genre": ["top"] * 6, "genres": SEVERAL}, {}, "top"),
        ({"mood": ["calm"] * 6, "genres": SEVERAL}, {"label": "mood"}, "calm"),
        ({"genre": ["top"] * 6, "genres": SEVERAL}, {"label": "genres"}, "rock"),
        ({"genre": ["top"] * 6, "genres": SEVERAL}, {"main_genres": "blues, Rock"}, "Rock"),
    ],
)
def test_a_label_of_its_own_stays_beside_the_genres(tmp_path, columns, like, expected):
    songs = add(tmp_path, **columns, like=like)
    assert songs.labels()[0] == expected and songs.genres()[0] == ("garage rock", "rock")
    assert (songs.info["labels"]["from"] == MAJORITY) == (expected.lower() == "rock")


def test_genres_may_come_from_any_column_or_not_be_read(tmp_path):
    assert (
        add(tmp_path, tags=SEVERAL, genre=["top"] * 6, like={"genres": "TAGS "[:4]}).info["labels"]["from"]
        == "genre"
    )
    whole = add(
        tmp_path, "whole", genre=["rock, pop", "a", "b"], genres=["x; y", "", ""], like={"genres": "none"}
    )
    assert (
        whole.labels() == ["rock, pop", "a", "b"]
        and whole.genres()[0] == ("rock, pop",)
        and not whole.has_several_genres
    )
    with pytest.raises(CollectionError, match="'mood' is not a column"):
        add(tmp_path, "x", genre=["a", "b"], like={"genres": "mood"})
    with pytest.raises(CollectionError, match="no genre in the column 'mood'"):
        add(tmp_path, "x", genre=["a", "b"], mood=["-", "?"], like={"genres": "mood"})


def test_numbers_of_genres_are_no_genres(tmp_path):
    fma = add(tmp_path, genre_top=["Rock", "Folk"], genres=["[21, 456]", "[17]"])
    assert fma.genres() == [("Rock",), ("Folk",)] and fma.labels() == ["Rock", "Folk"]


def test_main_genres_that_are_given_decide_and_must_be_there(tmp_path):
    songs = add(tmp_path, genres=SEVERAL, like={"main_genres": "soul, reggae"})
    assert songs.labels() == ["", "", "", "soul", "reggae", ""] and songs.info["labels"]["n_without"] == 3
    assert not songs.info["labels"]["found"]
    with pytest.raises(
        CollectionError, match="no genre here has techno in its name; there are garage rock, rock"
    ):
        add(tmp_path, "x", genres=SEVERAL, like={"main_genres": "techno"})
    with pytest.raises(CollectionError, match="come from 'mood'"):
        add(tmp_path, "x", genres=SEVERAL, mood=["a"] * 6, like={"main_genres": "rock", "label": "mood"})
    for wrong in ({"main_genres": " , "}, {"genres": "none", "main_genres": "rock"}):
        with pytest.raises(CollectionError):
            GenreChoice(**wrong)


def test_a_table_of_groups_takes_the_place_of_ours_and_serves_folders_too(tmp_path, make_sound):
    pd.DataFrame({"genre": ["rock", "blues", "reggae"], "coarse": ["guitars", "guitars", "island"]}).to_csv(
        tmp_path / "map.csv", index=False
    )
    songs = add(tmp_path, genres=SEVERAL, like={"genre_map": tmp_path / "map.csv"})
    assert (
        songs.coarse_labels() == ["guitars"] * 4 + ["island", ""]
        and songs.info["genres"]["coarse"]["from"] == "map.csv"
    )
    again = collections.add(tmp_path / "songs.csv", "songs")
    assert again.coarse_labels() == songs.coarse_labels() and again.genres() == songs.genres()
    for i, genre in enumerate(["rock", "rock", "reggae", "reggae"]):
        make_sound(tmp_path / "music" / genre / f"{i}.wav", 200 + 30 * i)
    folder = collections.add(tmp_path / "music", "folder", genre_map=tmp_path / "map.csv")
    assert (
        folder.coarse_labels() == ["island"] * 2 + ["guitars"] * 2
        and folder.info["labels"]["from"] == "folder"
    )


def test_tags_of_files_name_several_and_a_joined_table_wins(tmp_path, id3):
    for i, genre in enumerate([b"Hard Rock;Rock", b"Rock", b"Blues"]):
        id3(tmp_path / "music" / f"{i}.mp3", {"TCON": genre}, 200 + 40 * i)
    songs = collections.add(tmp_path / "music", "tagged")
    assert (
        songs.genres() == [("Hard Rock", "Rock"), ("Rock",), ("Blues",)]
        and songs.info["labels"]["from"] == MAJORITY
    )
    pd.DataFrame({"file": ["0", "1"], "genre": ["Polka", "Polka"]}).to_csv(tmp_path / "one.csv", index=False)
    assert collections.add(tmp_path / "music", "joined", text=tmp_path / "one.csv").genres() == [
        ("Polka",),
        ("Polka",),
        ("Blues",),
    ]
    pd.DataFrame({"file": ["0", "1"], "genres": ["polka|punk", ""]}).to_csv(
        tmp_path / "more.csv", index=False
    )
    assert collections.add(tmp_path / "music", "more", text=tmp_path / "more.csv").genres() == [
        ("polka", "punk"),
        ("Rock",),
        ("Blues",),
    ]


def test_a_parquet_column_of_lists_is_read(tmp_path):
    tracks = pd.DataFrame({"x": [1.0, 2.0], "genres": [["rock", "R&B"], ["rock 'n' roll"]]})
    tracks.to_parquet(tmp_path / "t.parquet")
    assert collections.add(tmp_path / "t.parquet", "lists").genres() == [("rock", "R&B"), ("rock 'n' roll",)]

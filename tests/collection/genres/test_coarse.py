"""Coarse groups: the shipped table, a table of one's own, and names that are in neither."""

import pandas as pd
import pytest

from core.collection.genres.coarse import group_genres, read_map, shipped_map
from core.collection.genres.splitting import normalize_genre
from core.errors import CollectionError

THIRTEEN = {
    "hip hop",
    "experimental",
    "blues",
    "soundtrack",
    "folk",
    "metal",
    "rock",
    "punk",
    "pop",
    "r&b & soul",
    "country",
    "electronic",
    "jazz",
}


def test_the_shipped_table_has_the_thirteen_groups_and_each_is_in_its_own():
    table = shipped_map()
    assert set(table.values()) == THIRTEEN and len(table) > 300
    assert (
        all(table[name] == name for name in THIRTEEN - {"r&b & soul"})
        and table["r&b"] == table["soul"] == "r&b & soul"
    )
    assert all(name == normalize_genre(name) for name in table)
    for genre, group in {
        "Hip-Hop": "hip hop",
        "hiphop": "hip hop",
        "R&B/Soul": "r&b & soul",
        "delta blues": "blues",
        "Folk, World, & Country": "folk",
    }.items():
        assert table[normalize_genre(genre)] == group
    assert not {"classical", "reggae", "latin"} & set(table)


def test_a_genre_that_is_not_listed_takes_the_longest_listed_name_in_it():
    found = group_genres([("sheffield indie", "uk doom metal", "classical")], shipped_map())
    assert found.by_word == {"sheffield indie": "rock", "uk doom metal": "metal"}
    assert found.unknown == ("classical",) and found.listed == () and found.groups == [("rock", "metal")]
    assert group_genres([("strange rock folk",)], {"rock": "r", "folk": "f"}).groups == [("f",)]
    assert group_genres([("k pop punk",)], {"pop punk": "p", "punk": "q", "k pop": "k"}).groups == [("p",)]


def test_the_main_group_comes_first_and_ties_go_to_the_main_genre():
    table = {"rock": "guitars", "metal": "guitars", "rap": "voices", "soul": "voices"}
    assert group_genres([("rap", "rock", "metal")], table).groups == [("guitars", "voices")]
    assert group_genres([("rap", "rock")], table, ["rock"]).groups == [("guitars", "voices")]
    assert group_genres([("rock", "rap"), ("soul",)], table).groups[0] == ("voices", "guitars")
    assert group_genres([("rock", "rap")], table).groups == [("guitars", "voices")]


def test_tracks_without_a_group_are_counted_and_those_without_genres_are_not():
    found = group_genres([("classical",), (), ("rock",)], shipped_map())
    assert found.groups == [(), (), ("rock",)] and found.n_without == 1


def write(tmp_path, **columns):
    pd.DataFrame(columns).to_csv(tmp_path / "map.csv", index=False)
    return tmp_path / "map.csv"


def test_a_table_of_ones_own_is_read_whatever_its_capitals(tmp_path):
    assert read_map(write(tmp_path, Genre=["Hip-Hop", " Reel ", ""], Coarse=["Urban", "Folk", "x"])) == {
        "hip hop": "Urban",
        "reel": "Folk",
    }


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"genre": ["a"], "x": ["b"]}, "no column 'coarse'.*this one has genre, x"),
        ({"x": ["a"], "coarse": ["b"]}, "no column 'genre'"),
        ({"genre": ["Hip-Hop", "hip hop"], "coarse": ["a", "b"]}, "puts 'hip hop' under 'a' and under 'b'"),
        ({"genre": ["a", ""], "coarse": ["", "b"]}, "no row with both"),
    ],
)
def test_a_table_that_says_nothing_clear_is_refused(tmp_path, columns, reason):
    with pytest.raises(CollectionError, match=reason):
        read_map(write(tmp_path, **columns))

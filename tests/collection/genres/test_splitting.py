"""Several genres out of one cell, and out of a column."""

import pytest

from core.collection.genres.splitting import (
    join_genres,
    matrix_of,
    normalize_genre,
    parse_genres,
    read_genres,
    split_genres,
)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("rock 'n' roll, blues", ["rock 'n' roll", "blues"]),
        ("Jazz;Bop|Swing", ["Jazz", "Bop", "Swing"]),
        ("rock / pop", ["rock", "pop"]),
        ("R&B/Soul", ["R&B/Soul"]),
        ("Folk, World, & Country, Rock", ["Folk, World, & Country", "Rock"]),
        ("['rock', 'pop']", ["rock", "pop"]),
        ("['rock' 'pop'\n \"rock 'n' roll\"]", ["rock", "pop", "rock 'n' roll"]),
        ('["R&B", "soul"]', ["R&B", "soul"]),
        ("[rock, pop]", ["rock", "pop"]),
        ("'rock', 'pop'", ["rock", "pop"]),
        (
            "[{'genre_id': '21', 'genre_title': 'Hip-Hop'}, {'genre_id': '4', 'genre_title': 'Jazz'}]",
            ["Hip-Hop", "Jazz"],
        ),
        ("[21, 456]", []),
        ("genre---rock\tmood/theme---happy\tinstrument---piano", ["rock"]),
        ("Hip-Hop, hiphop, hip_hop", ["Hip-Hop"]),
        ("rock,, pop ,", ["rock", "pop"]),
        ("80s, 1990", ["80s"]),
        ("nan", []),
        ("Unknown", []),
        ("[]", []),
        ("", []),
        ("  ", []),
    ],
)
def test_a_cell_names_its_genres(cell, expected):
    assert list(split_genres(cell)) == expected


def test_habits_of_writing_are_one_genre():
    for same in (
        ["Hip-Hop", "hip_hop", "HipHop", "HIP HOP"],
        ["R&B", "RnB", "R'n'B", "Rhythm and Blues"],
        ["Rock & Roll", "rock 'n' roll", "Rock n Roll", "rock’n’roll"],
        ["Drum and Bass", "drum & bass", "DnB"],
    ):
        assert len({normalize_genre(name) for name in same}) == 1, same
    assert len({normalize_genre(name) for name in ("rock", "pop rock", "synthpop", "synth pop")}) == 4


def test_a_stroke_parts_genres_that_stand_alone_elsewhere():
    assert read_genres(["R&B/Soul", "Soul", "Rock"])[0] == ("R&B/Soul",)
    assert read_genres(["R&B/Soul", "Soul; Rock", "rnb"])[0] == ("R&B", "Soul")


def test_one_spelling_per_genre_and_each_once():
    read = read_genres(["Rock, rock, pop", "rock", "rock; Pop", "pop"])
    assert read == [("rock", "pop"), ("rock",), ("rock", "pop"), ("pop",)]


def test_text_gives_back_what_it_kept():
    for genres in ((), ("rock",), ("R&B", "Folk, World, & Country")):
        assert parse_genres(join_genres(genres)) == genres


def test_the_matrix_has_the_most_frequent_first():
    names, has = matrix_of([("b", "a"), (), ("b", "c")])
    assert names == ["b", "a", "c"]
    assert has.tolist() == [[True, True, False], [False] * 3, [True, False, True]]
    assert matrix_of([(), ()])[1].shape == (2, 0)


def test_one_name_in_round_brackets_is_a_name_and_a_tuple_is_a_list():
    assert split_genres("(Foo bar)") == ("(Foo bar)",)
    assert split_genres("('rock',)") == ("rock",) and split_genres("(rock, pop)") == ("rock", "pop")

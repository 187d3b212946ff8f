"""The majority rule: published examples, ties, and main genres that are found."""

import pytest

from core.collection.genres.main_genre import PUBLISHED, choose_main

TABLE_2 = {
    "505": ("garage rock, modern rock, permanent wave, rock, sheffield indie", "rock"),
    "Wicked World": (
        "album rock, alternative metal, birmingham metal, classic rock, hard rock, metal, rock, stoner "
        "rock, uk doom metal",
        "rock",
    ),
    "Crazy": ("east coast hip hop, gangster rap, hip hop, pop rap, queens hip hop, rap", "hip hop"),
    "Driftin": ("country", "country"),
}


def of(*cells):
    return [tuple(cell.split(", ")) if cell else () for cell in cells]


@pytest.mark.parametrize("title", TABLE_2)
def test_the_published_examples_come_out_as_published(title):
    genres, expected = TABLE_2[title]
    chosen = choose_main(of(genres), PUBLISHED)
    assert chosen.labels == [expected] and not chosen.found and chosen.n_without == 0


def test_words_are_whole_and_keep_the_spelling_they_were_given():
    assert choose_main(of("trap, scrap", "Gangster-Rap"), ["RAP"]).labels == ["", "RAP"]
    assert choose_main(of("east coast hiphop"), ["Hip-Hop"]).labels == ["Hip-Hop"]


def test_tracks_that_name_no_main_genre_are_counted_and_have_no_label():
    chosen = choose_main(of("reggae", "", "hard rock"), PUBLISHED)
    assert chosen.labels == ["", "", "rock"] and chosen.n_without == 1
    assert chosen.words[0] == "rock" and set(chosen.words) == set(PUBLISHED)


def test_of_a_tie_the_genre_by_itself_wins_then_the_more_frequent_then_the_first_then_the_head():
    assert choose_main(of("doom metal, rock"), PUBLISHED).labels == ["rock"]
    more = of("folk metal, garage rock", "metal", "black metal")
    assert choose_main(more, PUBLISHED).labels[0] == "metal"
    assert choose_main(of("garage rock, folk metal"), PUBLISHED).labels == ["rock"]
    assert choose_main(of("folk metal, garage rock"), PUBLISHED).labels == ["metal"]
    assert choose_main(of("indie pop"), PUBLISHED).labels == ["pop"]


def test_main_genres_are_those_that_no_other_is_inside_of():
    genres = of(
        "garage rock, rock, permanent wave",
        "hard rock, blues rock, blues",
        "delta blues",
        "blues, soul blues",
        "rock, polka",
    )
    chosen = choose_main(genres)
    assert chosen.found and set(chosen.words) == {"rock", "blues"}  # what one track alone has is no class
    assert chosen.labels == ["rock", "blues", "blues", "blues", "rock"]
    assert choose_main(of("polka", "rock", "rock")).n_without == 1


def test_a_flat_vocabulary_falls_back_on_what_more_tracks_have():
    assert choose_main(of("pop, rock", "rock", "pop, rock", "rock", "pop")).labels == [
        "rock",
        "rock",
        "rock",
        "rock",
        "pop",
    ]


def test_no_genres_give_no_labels():
    chosen = choose_main(of("", ""))
    assert chosen.labels == ["", ""] and chosen.words == () and chosen.n_without == 0


def test_one_track_with_two_genres_takes_no_label_from_the_others():
    single = ["rock"] * 9 + ["jazz"] * 9 + ["garage rock", "fado", "raga", "polka"]
    for first, label in (("rock, pop", "rock"), ("fado, raga", "fado")):
        chosen = choose_main(of(first, *single))
        assert chosen.labels == [label, *single] and chosen.n_without == 0
        assert set(chosen.words) == {label, *single}
    half = of("rock, pop", "rock, jazz", "jazz, soul", "garage rock", "rock")
    assert choose_main(half).labels[3] == "rock"

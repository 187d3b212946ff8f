"""Made-up tracks of several genres: what is planted can be found."""

import numpy as np

from core import collection as collections
from core.collection.genres.columns import MAJORITY
from core.collection.genres.main_genre import PUBLISHED, choose_main
from core.pipeline.choice import Choice
from core.pipeline.space import build_space
from core.pipeline.stages import score_genres
from core.simulated.genre_clusters import SUBGENRES, make_genres


def test_the_majority_rule_finds_what_was_planted_whether_main_genres_are_given_or_found():
    made = make_genres(1)
    assert choose_main(made.genres, PUBLISHED).labels == made.main
    found = choose_main(made.genres)
    assert found.labels == made.main and set(found.words) == set(SUBGENRES)
    others = [
        len({main for main, names in SUBGENRES.items() if set(some) & set(names)}) for some in made.genres
    ]
    assert 0.3 < np.mean(np.array(others) == 2) < 0.5 and max(others) == 2


def test_the_same_seed_gives_the_same():
    assert (
        np.array_equal(make_genres(3).audio, make_genres(3).audio)
        and make_genres(3).genres == make_genres(3).genres
    )
    assert make_genres(3).genres != make_genres(4).genres


def test_as_a_collection_it_has_labels_by_the_rule_and_neighbours_know_its_genres():
    songs = collections.add("simulated-genres", "several")
    assert (
        songs.info["labels"]["from"] == MAJORITY
        and songs.labelled.all()
        and set(songs.labels()) == set(SUBGENRES)
    )
    assert songs.has_several_genres and songs.genre_matrix()[1].sum(1).min() == 2
    space = build_space(songs, Choice(audio="table"))
    found = score_genres(songs, space)
    assert found["control"]["mean_average_precision"] < 0.2 < 0.4 < found["scores"]["mean_average_precision"]
    assert collections.add("simulated-genres", "several").genres() == songs.genres()

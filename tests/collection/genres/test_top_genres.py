"""Tracks of the most frequent genres alone."""

import numpy as np
import pytest

from core.collection.genres.top_genres import top_genre_rows
from core.errors import CollectionError

GENRES = [("pop",), ("pop", "rock"), ("rock", "doom"), ("pop", "doom"), (), ("folk",)]


@pytest.mark.parametrize(
    "n, rows", [(1, [0]), (2, [0, 3]), (3, [0, 1, 2, 3]), (4, [0, 1, 2, 3, 5]), (9, [0, 1, 2, 3, 5])]
)
def test_tracks_with_rarer_genres_or_none_are_left_out(n, rows):
    kept, counts = top_genre_rows(GENRES, n)  # pop 3; doom 2, before rock 2; folk 1
    slow = [
        i for i, some in enumerate(GENRES) if some and set(some) <= set(["pop", "doom", "rock", "folk"][:n])
    ]
    np.testing.assert_array_equal(kept, rows)
    assert rows == slow and counts["n_tracks"] == len(rows) and counts["n_without"] == 1
    assert (counts["n_genres"], counts["n_before"]) == (4, 6)


def test_nothing_left_is_refused():
    with pytest.raises(CollectionError, match="no track has a genre, so the 3"):
        top_genre_rows([(), ()], 3)
    with pytest.raises(CollectionError, match="every track has a genre besides the 1 most frequent of 3"):
        top_genre_rows([("a", "b"), ("a", "c")], 1)
    with pytest.raises(CollectionError, match="top_genres=0 must be 1 or more"):
        top_genre_rows(GENRES, 0)

import numpy as np
import pytest

from core.errors import ConfigError
from core.pipeline.choice import Choice
from core.search import search
from core.search.track_scores import score_tracks
from tests.pipeline.small_space import N, make


def test_every_track_has_the_score_of_the_search():
    collection = make()
    scores = score_tracks(collection, "river")
    assert scores.shape == (N,) and np.isfinite(scores).all()
    found = search(collection, "river", limit=5, thorough=False, names_first=True).table
    rows = [collection.tracks["track_id"].tolist().index(i) for i in found["track_id"]]
    np.testing.assert_allclose(scores[rows], found["score"])


def test_a_track_is_compared_with_all_others():
    collection, choice = make(), Choice(audio="table")
    scores = score_tracks(collection, track_id=f"{7:032x}", choice=choice)
    assert np.flatnonzero(np.isnan(scores)).tolist() == [7]
    assert scores[4::3].mean() != pytest.approx(scores[5::3].mean())
    with pytest.raises(ConfigError):
        score_tracks(collection)

"""Two tracks compared: ranks and distances by hand, words, descriptors, and what the map hides."""

import numpy as np
import pandas as pd
import pytest

from core.collection import Collection
from core.errors import ConfigError
from core.explain.measurements import Measurement
from core.explain.pairs.track_pair import compare_descriptors, compare_tracks, judge_map, share_words
from core.explain.pairs.track_views import View, views_of
from core.pipeline.choice import Choice
from core.pipeline.space import build_space
from tests.pipeline.small_space import AUDIO, BOTH, make

LINE = View(np.array([[0.0], [1.0], [3.0], [10.0]]), np.array([0, 2, 5, 7]), 2.0)


def place(rank, n=400):
    return {"rank": rank, "rank_back": rank, "n_others": n, "distance": 1.0}


def test_distance_and_ranks_by_hand():
    assert LINE.place(2, 7) == {"distance": 4.5, "rank": 3, "rank_back": 2, "n_others": 3}
    assert LINE.place(2, 3) is None
    assert LINE.nearest(5) == [2, 0, 7] and LINE.nearest(5, 1) == [2] and LINE.nearest(4) == []


def test_the_map_is_judged_by_ranks():
    assert judge_map(place(200), place(5)) == "false_neighbours"
    assert judge_map(place(5), place(200)) == "missed_neighbours"
    for true, shown in ((5, 5), (200, 200), (60, 5), (20, 100)):
        assert judge_map(place(true), place(shown)) == "consistent"
    assert judge_map(place(5), None) is None
    assert judge_map(place(2, 3), place(3, 3)) == "consistent"  # among four tracks all are near


def test_a_pair_in_every_view():
    collection = make()
    space = build_space(collection, BOTH)
    ids = collection.tracks["track_id"]
    true = views_of(collection, space, BOTH, space.X[:, :2])
    found = compare_tracks(collection, BOTH, true, ids[0], ids[3])
    assert set(found["views"]) == {"audio", "text", "fused", "map"}
    fused = found["views"]["fused"]
    assert fused["rank"] <= 19 and fused["distance"] < 1 and fused["n_others"] == 59
    assert found["views"]["text"]["distance"] == pytest.approx(0, abs=1e-6)
    assert found["words"]["n_shared"] == 4 and found["words"]["jaccard"] == 1
    assert found["words"]["jaccard_elsewhere"] == pytest.approx(18 / 58)
    far = compare_tracks(collection, BOTH, true, ids[0], ids[1])
    assert far["views"]["fused"]["rank"] > 19 and far["words"]["n_shared"] == 0


def test_a_map_that_lies_is_found_out():
    collection = make()
    space = build_space(collection, AUDIO)
    ids, false = collection.tracks["track_id"], np.arange(60.0)[:, None] * [1, 0]
    views = views_of(collection, space, AUDIO, false)
    assert compare_tracks(collection, AUDIO, views, ids[0], ids[1])["verdict"] == "false_neighbours"
    near = collection.tracks["track_id"].iloc[views["audio"].nearest(0)].tolist()
    missed = [i for i in near if ids.tolist().index(i) > 40]
    assert compare_tracks(collection, AUDIO, views, ids[0], missed[0])["verdict"] == "missed_neighbours"


def test_the_same_track_and_one_that_is_not_on_the_map_are_refused():
    collection = make(texts=["rain sun"] * 30 + [""] * 30)
    text = Choice(audio=None, text="tfidf", n_clusters=2)
    views = views_of(collection, build_space(collection, text), text)
    ids = collection.tracks["track_id"]
    with pytest.raises(ConfigError, match="two different tracks"):
        compare_tracks(collection, text, views, ids[0], ids[0])
    with pytest.raises(ConfigError, match="not on the map"):
        compare_tracks(collection, text, views, ids[0], ids[40])
    assert compare_tracks(collection, text, views, ids[0], ids[1])["verdict"] is None


def test_a_track_without_words_shares_none():
    tracks = pd.DataFrame(
        {"track_id": [c * 32 for c in "abcd"], "lyrics": ["rain sun", "rain moon", "", "sun"]}
    )
    collection = Collection("some", tracks)
    assert share_words(collection, np.arange(4), 0, 2) is None
    shared = share_words(collection, np.arange(4), 0, 1)
    assert shared["shared"] == [{"word": "rain", "n_tracks": 2}]  # "moon" occurs once and doesn't count
    assert shared["jaccard"] == 1 / 2 and shared["jaccard_elsewhere"] == 1 / 2


def test_descriptors_by_hand():
    def measured(name, *values):
        return Measurement(name, name, "", np.array(values), "{:g}".format)

    found = compare_descriptors(
        [
            measured("far", 0, 9, 1, 2, 3),
            measured("near", 0, 1, 5, 6, 7),
            measured("tied", 0, 0, 0, 0, 0),
            measured("unknown", np.nan, 1, 2, 3, 4),
        ],
        0,
        1,
    )
    assert [(e["name"], e["closer_share"]) for e in found["nearest"]] == [("near", 0.0), ("tied", 0.5)]
    assert [(e["name"], e["closer_share"]) for e in found["farthest"]] == [("far", 1.0)]
    assert found["nearest"][0]["first"] == "0" and found["nearest"][0]["second"] == "1"
    assert compare_descriptors([], 0, 1) == {"nearest": [], "farthest": []}

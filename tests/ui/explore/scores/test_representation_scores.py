"""The table of measures of a representation, and what is said of its rank."""

import pytest

from core.messages.analysis.score_messages import describe_collapsed_ranks, describe_quality
from core.ui.explore.scores.representation_scores import describe_ranks, representation_table

RANK = {"effective_rank": 11.3, "n_dimensions": 40, "is_collapsed": False}
FOUND = {
    "knn_1": 0.512,
    "knn_5": 0.402,
    "linear_probe": None,
    "hubness": 1.83,
    "intervals": {"knn_1": [0.46, 0.56], "knn_5": [0.37, 0.43], "linear_probe": None, "hubness": None},
    "control": {"knn_1": 0.101, "knn_5": 0.099, "linear_probe": None, "hubness": None},
    "notes": {"linear_probe": {"reason": "rare_labels"}},
    "n_tracks": 20_000,
    "n_scored": 10_000,
    "n_labelled": 9_000,
    "n_artists": 77,
    "n_probed": 0,
    "n_labels": 0,
    "n_labels_left_out": 12,
    "n_copies": 3,
    "encoders": {"audio": {"name": "cvae", **RANK}},
    **RANK,
}


def test_each_measure_has_value_interval_and_chance():
    html = representation_table(FOUND)
    assert "<b>0.51</b><small>0.46 – 0.56</small></td><td>0.10</td>" in html
    assert html.count("<tr>") == 5 and "✱" not in html and "lower is better" in html
    assert representation_table(FOUND, sees_labels=True).count("✱") == 3  # hubness uses no labels


def test_without_labels_only_hubness_is_left():
    html = representation_table({**FOUND, "n_labelled": 0})
    assert html.count("<tr>") == 2 and "Hubness" in html and "<b>1.83</b>" in html


def test_what_was_sampled_left_out_and_undefined_is_said():
    assert describe_quality(FOUND) == [
        "computed on a random sample of 10,000 of 20,000 tracks",
        "3 tracks have the same vector as another one",
        "Linear probe: not defined, fewer than two labels have five tracks, of two artists or more",
    ]
    probed = {**FOUND, "linear_probe": 0.4, "notes": {}, "n_probed": 5_000, "n_labels": 8}
    assert describe_quality(probed)[1:4] == [
        "linear probe on 5,000 of 9,000 labelled tracks",
        "linear probe of 8 labels, 12 left out that have fewer than five tracks or only one artist",
        "linear probe grouped by 77 artists: none is in two folds",
    ]


def test_the_rank_of_the_space_is_given_where_it_differs():
    assert describe_ranks(FOUND) == "cvae: effective rank 11.3 of 40 dimensions"
    fused = {**FOUND, "encoders": {**FOUND["encoders"], "text": {**RANK, "name": "tfidf", "n_dimensions": 8}}}
    assert describe_ranks(fused).endswith("space that is clustered: effective rank 11.3 of 40 dimensions")


@pytest.mark.parametrize("place", ["encoders", "space"])
def test_a_collapse_is_said(place):
    assert describe_collapsed_ranks(FOUND) == []
    low = {"effective_rank": 1.2, "n_dimensions": 32, "is_collapsed": True}
    changed = {"encoders": {"audio": {"name": "cvae", **low}}} if place == "encoders" else low
    (said,) = describe_collapsed_ranks({**FOUND, **changed})
    name = "audio cvae" if place == "encoders" else "the space that is clustered"
    assert said.startswith(f"{name} has collapsed: effective rank 1.2 of 32 dimensions")

import numpy as np
import pytest

from core.scoring.fusion_gain import compare_with_single

LABEL = np.repeat(list("abcd"), 25).tolist()
RIGHT = np.repeat(np.arange(4), 25)
HALF = RIGHT // 2


def test_a_fusion_that_finds_all_gains_on_one_modality_that_finds_half():
    found = compare_with_single(LABEL, RIGHT, HALF, np.random.default_rng(0).integers(4, size=100))
    assert found["better"] == "audio" and found["fused"] == 1
    assert found["gain"] == pytest.approx(1 - found["audio"], abs=1e-4) == -found["regret"]
    low, high = found["interval"]
    assert 0 < low <= found["gain"] <= high


def test_the_same_clusters_gain_nothing():
    found = compare_with_single(LABEL, HALF, HALF + 7, np.zeros(100, int))
    assert found["gain"] == 0 and found["interval"] == [0, 0]


def test_a_fusion_that_loses_shows_its_regret():
    found = compare_with_single(LABEL, HALF, np.zeros(100, int), RIGHT)
    assert found["better"] == "text" and found["regret"] > 0.3 and found["interval"][1] < 0


def test_unlabelled_tracks_take_no_part():
    labels = LABEL + [""] * 20
    more = [np.concatenate([x, np.arange(20)]) for x in (RIGHT, HALF, HALF)]
    assert compare_with_single(labels, *more)["n_labelled"] == 100
    assert compare_with_single(labels, *more)["fused"] == 1

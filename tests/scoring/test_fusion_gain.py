import numpy as np
import pytest

from core.scoring.fusion_gain import fusion_gain

LABEL = np.repeat(list("abcd"), 25).tolist()
RIGHT = np.repeat(np.arange(4), 25)
HALF = RIGHT // 2


def test_a_perfect_fusion_gains_on_a_modality_that_separates_half():
    found = fusion_gain(LABEL, RIGHT, HALF, np.random.default_rng(0).integers(4, size=100))
    assert found["better"] == "audio" and found["fused"] == 1
    assert found["gain"] == pytest.approx(1 - found["audio"], abs=1e-4) == -found["regret"]
    low, high = found["interval"]
    assert 0 < low <= found["gain"] <= high


def test_the_same_clusters_gain_nothing():
    found = fusion_gain(LABEL, HALF, HALF + 7, np.zeros(100, int))
    assert found["gain"] == 0 and found["interval"] == [0, 0]


def test_a_worse_fusion_has_regret():
    found = fusion_gain(LABEL, HALF, np.zeros(100, int), RIGHT)
    assert found["better"] == "text" and found["regret"] > 0.3 and found["interval"][1] < 0


def test_unlabelled_tracks_are_left_out():
    labels = LABEL + [""] * 20
    more = [np.concatenate([x, np.arange(20)]) for x in (RIGHT, HALF, HALF)]
    assert fusion_gain(labels, *more)["n_labelled"] == 100
    assert fusion_gain(labels, *more)["fused"] == 1

import math

import numpy as np
import pytest
import sklearn.metrics as reference

from core.scoring import centroid_scores
from core.scoring.centroid_scores import centroid_scores as scores_of


@pytest.mark.parametrize("block", [7, 1 << 16])
def test_scores_equal_those_of_scikit_learn_whatever_the_blocks(monkeypatch, block):
    monkeypatch.setattr(centroid_scores, "BLOCK", block)
    rng = np.random.default_rng(0)
    X = rng.normal(100, 1, size=(200, 5)).astype(np.float32)
    labels = rng.integers(0, 4, 200)
    X[:, 0] += labels
    found = scores_of(X, labels)
    exact = X.astype(float)
    assert found["davies_bouldin"] == pytest.approx(reference.davies_bouldin_score(exact, labels))
    assert found["calinski_harabasz"] == pytest.approx(reference.calinski_harabasz_score(exact, labels))


def test_tracks_on_their_centroids_have_no_scatter():
    X = np.repeat(np.eye(3), 4, axis=0) + 1000
    assert scores_of(X, np.repeat(np.arange(3), 4)) == {"davies_bouldin": 0.0, "calinski_harabasz": math.inf}


@pytest.mark.parametrize("labels", [np.zeros(4, int), np.arange(4), np.zeros(0, int)])
def test_one_cluster_or_one_per_track_has_no_score(labels):
    found = scores_of(np.random.default_rng(0).normal(size=(len(labels), 2)), labels)
    assert all(math.isnan(value) for value in found.values())

import numpy as np
import pytest
from scipy.stats import t
from sklearn.metrics import adjusted_rand_score

from core.clustering.consensus import co_association
from core.scoring.stability import mean_adjusted_rand, measure_stability, track_stability

RUNS = np.array([[0, 0, 0, 1, 1, 1], [1, 1, 1, 0, 0, 0], [1, 1, 0, 0, 0, 0], [0, 0, 0, 1, 1, 2]])
LABELS = RUNS[0]


def mean_over_pairs(runs):
    """Return the mean ARI over pairs, a slow loop."""
    n = len(runs)
    return np.mean([adjusted_rand_score(runs[i], runs[j]) for i in range(n) for j in range(i)])


def test_mean_and_jackknife_equal_a_slow_loop():
    mean, (low, high) = mean_adjusted_rand(RUNS)
    without = np.array([mean_over_pairs(np.delete(RUNS, i, axis=0)) for i in range(4)])
    half = t.ppf(0.975, 3) * np.sqrt(3 / 4 * ((without - without.mean()) ** 2).sum())
    assert mean == pytest.approx(mean_over_pairs(RUNS))
    assert (low, high) == pytest.approx((mean - half, min(1, mean + half)))


def test_track_stability_is_the_mean_co_association_within_the_cluster():
    together, found = co_association(RUNS), track_stability(RUNS, LABELS)
    for track, cluster in enumerate(LABELS):
        others = [other for other in range(6) if other != track and LABELS[other] == cluster]
        assert found[track] == pytest.approx(together[track, others].mean())
    assert found[2] == pytest.approx(3 / 4)  # with both others in three of four runs
    alone = track_stability(RUNS, np.array([0, 0, 1, 2, 2, -1]))
    np.testing.assert_array_equal(np.isnan(alone), [False, False, True, False, False, True])


def test_equal_runs_are_perfectly_stable_and_random_ones_are_not():
    same = measure_stability(np.array([LABELS, 1 - LABELS, LABELS]), LABELS)
    assert same == {
        "n_runs": 3,
        "adjusted_rand": 1.0,
        "interval": [1.0, 1.0],
        "track_mean": 1.0,
        "n_unstable": 0,
    }
    random = np.random.default_rng(0).integers(0, 3, (10, 300))
    chance = measure_stability(random, random[0])
    assert abs(chance["adjusted_rand"]) < 0.02 and chance["interval"][0] < chance["adjusted_rand"]
    assert 0.3 < chance["track_mean"] < 0.45 and chance["n_unstable"] == 300


def test_tracks_alone_in_their_clusters_have_no_stability():
    found = measure_stability(np.array([np.arange(3)] * 3), np.arange(3))
    assert found["track_mean"] is None and found["n_unstable"] == 0 and found["adjusted_rand"] == 1

import numpy as np

from core.clustering.matching import match_labels


def test_a_renumbered_partition_gets_its_numbers_back():
    rng = np.random.default_rng(0)
    before = rng.integers(0, 6, 200)
    assert np.array_equal(match_labels(rng.permutation(6)[before], before), before)


def test_most_tracks_decide_and_new_clusters_get_free_numbers():
    before = np.array([0] * 6 + [2] * 6)
    labels = np.array([3, 3, 3, 3, 1, 1, 0, 0, 0, 0, 0, -1])
    assert match_labels(labels, before).tolist() == [0, 0, 0, 0, 1, 1, 2, 2, 2, 2, 2, -1]


def test_without_earlier_clusters_the_largest_comes_first():
    assert match_labels(np.array([5, 7, 7, -1]), np.full(4, -1)).tolist() == [1, 0, 0, -1]
    assert match_labels(np.array([-1, -1]), np.array([0, 1])).tolist() == [-1, -1]


def test_the_partition_stays():
    rng = np.random.default_rng(1)
    for _ in range(20):
        labels, before = rng.integers(-1, 9, 60), rng.integers(-1, 5, 60)
        matched = match_labels(labels, before)
        assert len({*zip(labels.tolist(), matched.tolist())}) == len(set(labels)) == len(set(matched))
        assert np.array_equal(labels < 0, matched < 0)

"""Neighbours shared by two spaces: all, none beyond chance, and by hand."""

import numpy as np
import pytest

from core.scoring.quality.shared_neighbours import shared_neighbours

rng = np.random.default_rng(0)
X = rng.normal(size=(120, 5))


def test_equal_spaces_share_all_and_permuted_ones_none_beyond_chance():
    same = shared_neighbours(X, 3 * X + 1)
    assert same["overlap"] == 1 and same["z"] > 20
    zs = [shared_neighbours(X, X[rng.permutation(120)], seed=seed)["z"] for seed in range(20)]
    assert np.abs(zs).max() < 4 and abs(np.mean(zs)) < 1
    assert same["expected"] == pytest.approx(10 / 119, rel=0.05)  # a random track is a neighbour


def test_by_hand():
    """Two pairs on a line; in the other space the pairs are the same or crossed."""
    line = np.array([[0.0], [1.0], [10.0], [11.0]])
    assert shared_neighbours(line, line, n_neighbours=1)["overlap"] == 1
    assert shared_neighbours(line, line[[0, 2, 1, 3]], n_neighbours=1)["overlap"] == 0


def test_weak_agreement_is_found():
    noisy = X + rng.normal(size=X.shape)
    found = shared_neighbours(X, noisy)
    assert 0 < found["overlap"] < 0.6 and found["z"] > 3


def test_too_few_tracks_and_the_same_seed():
    assert shared_neighbours(X[:3], X[:3]) == {"overlap": 0.0, "expected": 0.0, "z": 0.0}
    assert shared_neighbours(X, X[::-1], seed=1) == shared_neighbours(X, X[::-1], seed=1)

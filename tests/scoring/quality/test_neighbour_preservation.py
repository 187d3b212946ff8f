"""Neighbours on a map against those in the representation."""

import numpy as np
import pytest

from core.errors import ConfigError
from core.scoring.quality import neighbour_preservation
from core.scoring.quality.neighbour_preservation import preserved_neighbours


def slow_reference(X, Y, k):
    """Compare sets of neighbours track by track."""
    shares = []
    for i in range(len(X)):
        near = [
            set(
                np.argsort(np.linalg.norm(Z - Z[i], axis=1) + np.where(np.arange(len(Z)) == i, np.inf, 0))[:k]
            )
            for Z in (X, Y)
        ]
        shares.append(len(near[0] & near[1]) / k)
    return shares


def test_it_agrees_with_a_loop_in_batches_of_any_size(monkeypatch):
    rng = np.random.default_rng(0)
    X, Y = rng.standard_normal((60, 5)), rng.standard_normal((60, 2))
    np.testing.assert_allclose(preserved_neighbours(X, Y, 7), slow_reference(X, Y, 7))
    monkeypatch.setattr(neighbour_preservation, "BATCH", 13)
    np.testing.assert_allclose(preserved_neighbours(X, Y, 7), slow_reference(X, Y, 7))


def test_a_map_that_is_the_representation_preserves_all_and_a_random_one_what_chance_gives():
    rng = np.random.default_rng(0)
    X = rng.standard_normal((300, 2))
    assert (preserved_neighbours(X, 3 * X + 1) == 1).all()
    assert preserved_neighbours(X, rng.permutation(X)).mean() == pytest.approx(10 / 299, abs=0.02)


def test_the_same_tracks_in_another_order_have_the_same_values():
    rng = np.random.default_rng(0)
    X, Y, order = rng.standard_normal((50, 4)), rng.standard_normal((50, 2)), rng.permutation(50)
    np.testing.assert_allclose(preserved_neighbours(X[order], Y[order]), preserved_neighbours(X, Y)[order])


def test_few_tracks_are_all_neighbours_and_too_many_are_refused(monkeypatch):
    assert preserved_neighbours(np.eye(3), np.eye(3, 2)).tolist() == [1, 1, 1]
    assert preserved_neighbours(np.zeros((1, 3)), np.zeros((1, 2))).tolist() == [1]
    monkeypatch.setattr(neighbour_preservation, "MOST_TRACKS", 4)
    with pytest.raises(ConfigError, match="5 tracks are too many"):
        preserved_neighbours(np.eye(5), np.eye(5, 2))

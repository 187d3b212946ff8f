"""Trustworthiness and continuity: against scikit-learn, at their ends, and for maps that show nothing."""

import numpy as np
import pytest

from core.scoring.quality.trustworthiness import map_trust, rank_others


def data(n=60, d=5):
    return np.random.default_rng(0).standard_normal((n, d))


def test_it_equals_scikit_learn_both_ways():
    from sklearn.manifold import trustworthiness

    X = data()
    found = map_trust(X, X[:, :2], k=7)
    assert found["trustworthiness"]["value"] == pytest.approx(trustworthiness(X, X[:, :2], n_neighbors=7))
    assert found["continuity"]["value"] == pytest.approx(trustworthiness(X[:, :2], X, n_neighbors=7))


def test_a_shuffled_map_is_at_chance_and_a_faithful_one_is_perfect():
    X = data(200, 2)
    random = map_trust(X, np.random.default_rng(1).standard_normal((200, 2)))
    for name in ("trustworthiness", "continuity"):
        assert abs(random[name]["value"] - 0.5) < 0.05 and abs(random[name]["control"] - 0.5) < 0.05
    assert random["neighbours_preserved"]["control"] == pytest.approx(10 / 199, abs=0.02)
    true = map_trust(X, 3 * X + 5)
    for name in ("trustworthiness", "continuity", "neighbours_preserved"):
        assert true[name]["value"] == 1 and true[name]["interval"] == [1, 1]


def test_a_sample_is_near_the_whole(monkeypatch):
    X = data(300)
    whole = map_trust(X, X[:, :2])["trustworthiness"]
    monkeypatch.setattr("core.scoring.quality.trustworthiness.MOST_SAMPLED", 150)
    part = map_trust(X, X[:, :2])
    assert part["n_sampled"] == 150 and part["n_tracks"] == 300
    assert abs(part["trustworthiness"]["value"] - whole["value"]) < 0.03


def test_few_tracks_and_copies():
    assert map_trust(np.zeros((2, 3)), np.zeros((2, 2))) is None
    assert map_trust(np.zeros((0, 3)), np.zeros((0, 2))) is None
    five = map_trust(np.arange(5.0)[:, None], np.arange(5.0)[:, None] * [1, 0])
    assert five["k"] == 1 and five["trustworthiness"]["value"] == 1
    ranks = rank_others(np.zeros((4, 2)), np.array([2]))
    assert ranks[0, 2] == 0 and sorted(ranks[0]) == [0, 1, 2, 3]

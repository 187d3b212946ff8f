import numpy as np
import pytest

from core.neighbours import NeighbourFinder, finder, inverted_lists, nearest_others
from core.neighbours.inverted_lists import build_index, from_bytes, measure_recall, to_bytes


def clustered(n=3000, d=8, seed=0):
    rng = np.random.default_rng(seed)
    return (6 * rng.normal(size=(20, d))[rng.integers(20, size=n)] + rng.normal(size=(n, d))).astype("f4")


X = clustered()


@pytest.fixture
def through_index(monkeypatch):
    monkeypatch.setattr(finder, "EXACT_UP_TO", 100)


def brute_force(X, rows, k):
    squares = ((X[rows, None].astype(float) - X) ** 2).sum(2)
    squares[np.arange(len(rows)), rows] = np.inf
    return np.argsort(squares, axis=1)[:, :k]


def test_few_tracks_are_compared_exactly():
    rows = np.arange(0, 3000, 30)
    near, far = NeighbourFinder(X).find(rows, 5)
    expected = brute_force(X, rows, 5)
    assert (near == expected).all()
    assert far == pytest.approx(np.linalg.norm(X[expected] - X[rows, None], axis=2), rel=1e-4)
    assert NeighbourFinder(X).recall == 1


def test_an_index_finds_nearly_all_true_neighbours(through_index):
    rows = np.arange(0, 3000, 30)
    found = NeighbourFinder(X)
    near, far = found.find(rows, 10)
    expected = brute_force(X, rows, 10)
    shares = [len(set(a) & set(b)) / 10 for a, b in zip(near.tolist(), expected.tolist())]
    assert np.mean(shares) > 0.97 and found.recall >= inverted_lists.LEAST_RECALL
    assert (near != rows[:, None]).all() and (np.diff(far) >= 0).all()
    assert far == pytest.approx(np.linalg.norm(X[near] - X[rows, None], axis=2), rel=1e-4)


def test_more_lists_are_searched_where_recall_is_low(monkeypatch):
    evenly = np.random.default_rng(0).normal(size=(4000, 32)).astype("f4")
    monkeypatch.setattr(inverted_lists, "LEAST_RECALL", 0.0)
    fast = build_index(evenly)
    monkeypatch.setattr(inverted_lists, "LEAST_RECALL", 0.98)
    exact = build_index(evenly)
    assert measure_recall(fast, evenly) < 0.98 <= measure_recall(exact, evenly)  # first the control
    assert exact.nprobe > fast.nprobe


@pytest.mark.parametrize("copies", [2, 40])
def test_equal_vectors_are_neighbours_but_never_of_themselves(through_index, copies):
    twins = np.repeat(X[:200], copies, axis=0)
    rows = np.arange(len(twins))
    near, far = NeighbourFinder(twins).find(rows, 3)
    assert (near != rows[:, None]).all() and (near >= 0).all()
    assert (near[:, 0] // copies == rows // copies).all() and (far[:, 0] == 0).all()


def test_small_lists_still_give_k_neighbours(through_index):
    near, _ = NeighbourFinder(X[:300]).find(np.arange(300), 250)
    assert (near >= 0).all() and all(len(set(row)) == 250 for row in near.tolist())


def test_positions_are_compared_exactly_however_many(through_index):
    assert NeighbourFinder(X[:, :2]).is_exact
    rows = np.arange(50)
    assert (nearest_others(X[:, :2], rows, 4) == brute_force(X[:, :2], rows, 4)).all()


def test_an_index_survives_its_bytes():
    index = build_index(X)
    again = from_bytes(to_bytes(index))
    assert again.nprobe == index.nprobe
    assert (again.search(X[:50], 5)[1] == index.search(X[:50], 5)[1]).all()

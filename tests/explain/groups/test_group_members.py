"""Medoid, boundary and outliers by hand."""

import numpy as np

from core.explain.groups.group_members import find_boundary, find_medoid, find_neighbourhood, find_outliers


def test_the_medoid_is_a_member_and_no_mean():
    X = np.array([[0.0], [1.0], [2.0], [30.0], [1.5]])
    assert find_medoid(X, np.array([0, 1, 2, 3])) in (1, 2)  # sums 33, 31, 31, 87
    assert find_medoid(X, np.array([3])) == 3
    assert find_medoid(np.zeros((3, 2)), np.array([1, 2])) == 1


def test_a_large_group_is_sampled(monkeypatch):
    monkeypatch.setattr("core.explain.groups.group_members.MOST_COMPARED", 50)
    X = np.random.default_rng(0).standard_normal((400, 3))
    medoid = find_medoid(X, np.arange(400))
    distances = np.linalg.norm(X - np.median(X, axis=0), axis=1)
    assert distances[medoid] < np.quantile(distances, 0.1)


def test_neighbours_exclude_the_track_itself_even_among_copies():
    near = find_neighbourhood(np.array([[0.0], [0.0], [0.0], [5.0]]), k=10)
    assert near.indices.shape == (4, 3)
    assert all(i not in near.indices[i] for i in range(4))
    assert find_neighbourhood(np.zeros((1, 2))).indices.shape == (1, 0)


def test_boundary_tracks_have_most_neighbours_elsewhere():
    X = np.array([[0.0], [1.0], [2.0], [9.0], [10.0], [11.0], [12.0]])
    labels = np.array([0, 0, 0, 0, 1, 1, 1])
    near = find_neighbourhood(X, k=3)
    assert find_boundary(near, labels, np.arange(4)) == [
        {"position": 3, "share_elsewhere": 1.0, "towards": 1}
    ]
    assert find_boundary(near, labels, np.arange(4, 7)) == []


def test_outliers_are_far_from_their_nearest_tracks():
    X = np.array([[0.0], [1.0], [2.0], [3.0], [50.0]])
    found = find_outliers(find_neighbourhood(X, k=2), np.arange(5))
    assert found[0]["position"] == 4
    assert found[0]["ratio"] == 47.5 / 1.5  # distances 1.5, 1, 1, 1.5, 47.5: median 1.5
    assert len(found) == 1
    assert find_outliers(find_neighbourhood(np.zeros((4, 2)), k=2), np.arange(4)) == []
    assert find_outliers(find_neighbourhood(X[:2], k=2), np.arange(2)) == []

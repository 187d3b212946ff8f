"""Neighbours, kNN purity, hubness and effective rank against values worked by hand and slow references."""

import numpy as np
import pytest

from core.neighbours import nearest_others
from core.scoring.quality.representation_metrics import (
    effective_rank,
    find_neighbours,
    hubness,
    knn_purity,
    rank_figures,
)


def test_purity_of_four_points_on_a_line():
    X = np.array([[0.0], [1.0], [3.0], [7.0]])
    neighbours = find_neighbours(X, 2)
    assert neighbours.tolist() == [[1, 2], [0, 2], [1, 0], [2, 1]]
    classes = np.array([0, 0, 1, 1])
    assert knn_purity(neighbours, classes, 1).tolist() == [1, 1, 0, 1]
    assert knn_purity(neighbours, classes, 2).tolist() == [0.5, 0.5, 0, 0.5]
    assert knn_purity(neighbours, 1 - classes, 2).tolist() == [0.5, 0.5, 0, 0.5]


def test_there_are_as_many_neighbours_as_other_tracks_at_most():
    assert find_neighbours(np.zeros((3, 2)), 5).shape == (3, 2)
    assert find_neighbours(np.arange(3.0)[:, None], 5).shape == (3, 2)


def test_neighbours_with_duplicates_are_the_nearest_ones():
    rng = np.random.default_rng(0)
    X = rng.integers(0, 3, (60, 2)).astype(float)
    neighbours = find_neighbours(X, 7)
    D = np.linalg.norm(X[:, None] - X[None], axis=-1)
    np.fill_diagonal(D, np.inf)
    for track, found in enumerate(neighbours):
        assert track not in found and len(set(found)) == 7
        np.testing.assert_allclose(D[track, found], np.sort(D[track])[:7])


def test_hubness_of_a_star_is_the_skewness_worked_by_hand():
    # The centre is the nearest neighbour of all four others: N = 4, 1, 0, 0, 0; m3 = 4.8, variance 2.4.
    neighbours = np.array([[1], [0], [0], [0], [0]])
    assert hubness(neighbours) == pytest.approx(4.8 / 2.4**1.5)
    assert np.isnan(hubness(np.array([[1], [2], [0]])))


def test_identical_vectors_are_no_hubs():
    X = np.concatenate([np.zeros((200, 3)), np.random.default_rng(0).standard_normal((20, 3)) + 9])
    in_order = nearest_others(X, np.arange(len(X)), 10)
    assert hubness(in_order) > 3  # the control: the first of the equal vectors are everyone's neighbours
    assert abs(hubness(find_neighbours(X, 10))) < 1


@pytest.mark.parametrize(("squares", "rank"), [((1, 1), 2), ((3, 1), 1.7548), ((1, 0), 1), ((0, 0), 0)])
def test_effective_rank_of_given_eigenvalues(squares, rank):
    a, b = np.sqrt(squares)
    X = np.array([[a, 0], [-a, 0], [0, b], [0, -b]]) + [5, -2]
    assert effective_rank(X) == pytest.approx(rank, abs=1e-4)


@pytest.mark.parametrize("shape", [(40, 6), (6, 40)])
def test_effective_rank_equals_the_definition(shape):
    rng = np.random.default_rng(1)
    X = rng.standard_normal(shape) * np.linspace(0.2, 3, shape[1])
    values = np.linalg.eigvalsh(np.cov(X.T))
    p = values[values > 1e-12] / values.sum()
    assert effective_rank(X) == pytest.approx(np.exp(-sum(x * np.log(x) for x in p)))
    rotation = np.linalg.qr(rng.standard_normal((shape[1], shape[1])))[0]
    assert effective_rank(7 * X @ rotation + 3) == pytest.approx(effective_rank(X))


def test_latents_in_one_direction_have_collapsed_though_each_varies():
    rng = np.random.default_rng(0)
    z = rng.standard_normal((200, 1)) @ rng.uniform(0.5, 1, (1, 32)) + 0.02 * rng.standard_normal((200, 32))
    assert (z.var(axis=0) > 0.01).all()  # the control: every unit counts as active
    figures = rank_figures(z)
    assert figures["is_collapsed"] and figures["effective_rank"] < 1.1 and figures["n_dimensions"] == 32
    assert not rank_figures(rng.standard_normal((200, 32)))["is_collapsed"]
    assert not rank_figures(z[:, :2])["is_collapsed"]  # a plane is not expected to have more


def test_rank_of_many_tracks_or_dimensions_is_that_of_a_sample(monkeypatch):
    X = np.random.default_rng(0).standard_normal((400, 20))
    whole = rank_figures(X)["effective_rank"]
    monkeypatch.setattr("core.scoring.quality.representation_metrics.SAMPLE_SIZE", 300)
    sampled = rank_figures(X)["effective_rank"]
    assert sampled != whole and sampled == pytest.approx(whole, rel=0.02)
    monkeypatch.setattr("core.scoring.quality.representation_metrics.MANY_DIMENSIONS", 10)
    assert rank_figures(X)["effective_rank"] <= 10

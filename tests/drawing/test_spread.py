import numpy as np
import pytest

from core.drawing.spread import MOST_STRETCH, spread


def islands(distance: float) -> np.ndarray:
    rng = np.random.default_rng(0)
    places = np.array([[0, 0], [1, 0.4], [0.3, 1]]) * distance
    return np.concatenate([place + rng.normal(0, 1, (100, 2)) for place in places])


@pytest.mark.parametrize("scale", [2e-4, 1.0, 1e6])
def test_points_fill_the_box_whatever_the_unit(scale):
    placed = spread(np.random.default_rng(0).normal(0, scale, (500, 2)))
    assert placed.dtype == np.float32
    assert np.allclose(np.abs(placed).max(axis=0).max(), 1) and np.abs(placed).max(axis=0).min() > 0.6


def test_islands_far_apart_are_packed():
    placed = spread(islands(1000))
    spans = [np.ptp(placed[k * 100 : (k + 1) * 100], axis=0).max() for k in range(3)]
    assert min(spans) > 0.3  # they would be 0.005 wide
    centres = placed.reshape(3, 100, 2).mean(axis=1)
    inner = placed.reshape(3, 100, 2).std(axis=1).max()
    assert min(np.linalg.norm(centres[i] - centres[j]) for i, j in ((0, 1), (0, 2), (1, 2))) > 2 * inner


def test_the_order_along_each_axis_stays():
    positions = islands(50)
    placed = spread(positions)
    for axis in (0, 1):
        order = np.argsort(positions[:, axis])
        assert (np.diff(placed[order, axis]) >= 0).all()


def test_no_axis_is_stretched_far_beyond_the_other():
    line = np.column_stack([np.arange(100.0), np.random.default_rng(0).normal(0, 0.01, 100)])
    placed = spread(line)
    assert np.ptp(placed[:, 0]) == pytest.approx(2)
    assert np.ptp(placed[:, 1]) <= 2 * np.ptp(line[:, 1]) / 99 * MOST_STRETCH * 1.01


@pytest.mark.parametrize("n", [0, 1, 2, 5])
def test_few_points_and_equal_points(n):
    assert spread(np.ones((n, 2))).tolist() == [[0, 0]] * n
    assert np.isfinite(spread(np.arange(2.0 * n).reshape(n, 2))).all()


def test_what_is_not_finite_stays_on_the_map():
    assert np.isfinite(spread(np.array([[0, 1], [np.nan, 2], [np.inf, -np.inf], [3, 3]]))).all()


def test_points_that_came_later_move_nobody():
    positions = np.random.default_rng(0).normal(0, 3, (1000, 2))
    fitted = np.arange(1000) < 900
    first = spread(positions[:900])
    placed = spread(positions, fitted)
    assert np.array_equal(placed[:900], first) and np.abs(placed).max() <= 1
    for axis in range(2):  # the order along each axis stays
        order = np.argsort(np.clip(positions[:, axis], *np.quantile(positions[:900, axis], [0, 1])))
        assert (np.diff(placed[order, axis]) >= -1e-6).all()

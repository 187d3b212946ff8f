"""A map laid over another one, by hand."""

import numpy as np
import pytest

from core.errors import ConfigError
from core.projection.alignment import align, displacement

SHAPE = np.array([[0, 0], [4, 0], [4, 2], [0, 1]], float)


@pytest.mark.parametrize("angle", [0.0, 0.7, np.pi])
@pytest.mark.parametrize("mirror", [1, -1])
def test_a_moved_turned_mirrored_and_scaled_map_comes_back(angle, mirror):
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    other = 0.3 * (SHAPE * [mirror, 1]) @ turn + [5, -9]
    assert np.abs(other - SHAPE).max() > 1  # the control: it lies elsewhere
    np.testing.assert_allclose(align(other, SHAPE), SHAPE, atol=1e-5)


def test_it_agrees_with_scipy_up_to_its_scaling():
    from scipy.spatial import procrustes

    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(2, 30, 2))
    scaled, fitted, _ = procrustes(a, b)
    size = np.linalg.norm(a - a.mean(axis=0))
    np.testing.assert_allclose((align(b, a) - a.mean(axis=0)) / size, fitted, atol=1e-5)
    np.testing.assert_allclose((a - a.mean(axis=0)) / size, scaled, atol=1e-9)


def test_one_point_that_moves_is_found():
    other = SHAPE.copy()
    other[2] += [0, 1]
    moved = displacement(other, SHAPE)
    np.testing.assert_allclose(moved, [0, 0, 0.25, 0])  # 1 of a longer side of 4
    many = np.random.default_rng(0).normal(size=(50, 2))
    other = many.copy()
    other[7] += [0, 1]
    assert displacement(align(other, many), many).argmax() == 7


def test_points_in_one_place_and_other_counts():
    same = np.ones((3, 2))
    np.testing.assert_array_equal(align(same, same), same)
    np.testing.assert_array_equal(displacement(same, same), 0)
    assert align(np.zeros((0, 2)), np.zeros((0, 2))).shape == (0, 2)
    with pytest.raises(ConfigError, match="3 and 4 points"):
        align(same, SHAPE)

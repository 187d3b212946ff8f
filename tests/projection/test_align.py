import numpy as np
import pytest

from core.projection import align, normalise, trust

rng = np.random.default_rng(0)
Y = rng.normal(size=(50, 2)) * [3, 1] + 5


def test_a_turned_mirrored_shifted_layout_comes_back():
    turn = np.array([[0.6, -0.8], [0.8, 0.6]])
    for moved in (Y @ turn * 7 + 2, Y @ turn @ np.diag([1, -1])):
        assert np.abs(normalise(moved) - normalise(Y)).max() > 0.5  # the control
        np.testing.assert_allclose(align(moved, Y), normalise(Y), atol=1e-5)


def test_align_keeps_distances():
    other = align(Y, rng.normal(size=(50, 2)))
    np.testing.assert_allclose(
        np.linalg.norm(other[0] - other, axis=1),
        np.linalg.norm(normalise(Y)[0] - normalise(Y), axis=1),
        atol=1e-5,
    )


def test_normalise_by_hand():
    np.testing.assert_allclose(normalise(np.array([[1.0, 1], [3, 1]])), [[-1, 0], [1, 0]])
    assert not normalise(np.ones((4, 2))).any() and normalise(np.zeros((0, 2))).shape == (0, 2)


def test_trust_of_a_faithful_a_random_and_a_tiny_layout():
    plane = rng.normal(size=(80, 2))
    assert trust(plane, rng.normal(size=(80, 2))) < 0.65
    assert trust(plane, plane * 9) == 1
    assert np.isnan(trust(plane[:3], plane[:3]))
    assert trust(plane[:4], plane[:4]) == 1


def test_trust_of_a_sample_is_close_to_the_whole():
    rows = rng.normal(size=(600, 5))
    picture = rows[:, :2]
    assert trust(rows, picture, sample_size=400) == pytest.approx(trust(rows, picture), abs=0.03)

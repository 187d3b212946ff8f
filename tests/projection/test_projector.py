import numpy as np

from core.projection.projector import align, normalise

rng = np.random.default_rng(0)
Y = rng.normal(size=(50, 2)) * [3, 1] + 5


def test_align_undoes_rotation_reflection_and_shift():
    rotation = np.array([[0.6, -0.8], [0.8, 0.6]])
    for moved in (Y @ rotation * 7 + 2, Y @ rotation @ np.diag([1, -1])):
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

import numpy as np

from core.models.moments import mean_and_deviation


def test_equals_numpy_in_blocks_and_half_precision(monkeypatch):
    X = np.random.default_rng(0).normal(3, 2, size=(37, 4, 5)).astype(np.float16)
    monkeypatch.setattr("core.models.moments.BLOCK", 100)
    mean, deviation = mean_and_deviation(X)
    flat = X.reshape(37, 20).astype(np.float64)
    np.testing.assert_allclose(mean, flat.mean(0))
    np.testing.assert_allclose(deviation, flat.std(0))


def test_a_constant_has_deviation_one():
    X = np.full((9, 3), [0.0, 0.1, 1e9], np.float32)
    assert (mean_and_deviation(X)[1] == 1).all()

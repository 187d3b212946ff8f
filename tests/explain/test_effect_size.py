"""Effect sizes by hand, their edge cases, and how often their intervals cover the truth."""

import numpy as np
import pytest

from core.explain.effect_size import compare_with_rest, differs, rank_biserial, wilson_interval


def test_rank_biserial_by_hand():
    # pairs: 3 > 1, 3 > 2, 3 < 3.5, 4 > 1, 4 > 2, 4 > 3.5: (5 - 1) / 6
    effect, (low, high) = rank_biserial(np.array([3.0, 4.0]), np.array([1.0, 2.0, 3.5]))
    assert effect == pytest.approx(4 / 6) and -1 <= low < effect < high <= 1
    # a tie counts for neither: 2 > 1, 2 = 2 (twice), 3 > 1, 2: 3 of 6 more … (1 + 0) + (1 + 1) = 3
    assert rank_biserial(np.array([2.0, 3.0]), np.array([1.0, 2.0]))[0] == pytest.approx(3 / 4)


def test_it_is_antisymmetric_and_knows_its_ends():
    rng = np.random.default_rng(0)
    a, b = rng.standard_normal(20), rng.standard_normal(30) + 0.5
    effect, interval = rank_biserial(a, b)
    back, back_interval = rank_biserial(b, a)
    assert back == pytest.approx(-effect)
    np.testing.assert_allclose(back_interval, [-interval[1], -interval[0]])
    for shift, end in ((100, 1.0), (-100, -1.0)):
        effect, (low, high) = rank_biserial(a + shift, b)
        assert effect == end and (high if end > 0 else low) == end and abs(low + high) > 1.5
    effect, (low, high) = rank_biserial(np.array([9.0, 8.0]), np.array([1.0, 2.0]))
    assert effect == 1 and low < 0  # two against two may be chance


def test_the_interval_covers_and_is_wider_for_several_tests():
    rng = np.random.default_rng(1)
    true = 0.2763  # of two normal distributions half a standard deviation apart: 2 Φ(0.5 / √2) - 1
    samples = [(rng.standard_normal(25) + 0.5, rng.standard_normal(40)) for _ in range(400)]
    covered = [low <= true <= high for _, (low, high) in (rank_biserial(*pair) for pair in samples)]
    assert 0.92 <= np.mean(covered) <= 0.98
    narrow, wide = (np.ptp(rank_biserial(*samples[0], n_tests=n)[1]) for n in (1, 20))
    assert wide > narrow


def test_medians_and_unknown_values():
    values = np.array([1.0, 3.0, np.nan, 10.0, 20.0, 30.0])
    compared = compare_with_rest(values, np.array([True, True, True, False, False, False]))
    assert compared["median"] == 2 and compared["median_elsewhere"] == 20 and compared["effect"] == -1
    assert (compared["n"], compared["n_elsewhere"]) == (2, 3)
    assert compare_with_rest(values, np.arange(6) < 1) is None
    assert compare_with_rest(np.full(6, np.nan), np.arange(6) < 3) is None
    same = compare_with_rest(np.ones(8), np.arange(8) < 4)
    assert same["effect"] == 0 and not differs(same)


def test_wilson_by_hand():
    assert wilson_interval(0, 0) == [0, 1]
    np.testing.assert_allclose(wilson_interval(0, 10), [0, 0.2775], atol=1e-4)
    np.testing.assert_allclose(wilson_interval(10, 10), [0.7225, 1], atol=1e-4)

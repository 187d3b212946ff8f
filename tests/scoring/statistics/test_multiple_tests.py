import numpy as np
import pytest

from core.scoring.statistics.multiple_tests import holm
from core.scoring.statistics.paired_difference import two_sided_p
from core.scoring.statistics.paired_tests import t_test_above, wilcoxon_above
from core.scoring.statistics.t_interval import interval_of


def test_holm_by_hand():
    assert holm({"a": 0.01, "b": 0.04, "c": 0.03}) == pytest.approx({"a": 0.03, "b": 0.06, "c": 0.06})
    assert holm({"a": 0.5, "b": 0.6}) == pytest.approx({"a": 1.0, "b": 1.0})
    assert holm({}) == {}


def test_two_sided_p_counts_the_rarer_side():
    replicates = np.concatenate([np.full(90, 1.0), np.full(9, -1.0)])
    assert two_sided_p(replicates) == pytest.approx(2 * 10 / 100)
    assert two_sided_p(-replicates) == pytest.approx(2 * 10 / 100)
    assert two_sided_p(np.zeros(99)) == 1
    assert two_sided_p(np.ones(999)) == pytest.approx(2 / 1000)  # never 0


def test_interval_of_a_mean_by_hand():
    low, high = interval_of([1.0, 2.0, 3.0])  # deviation 1, t(2) at 0.975 is 4.3027
    assert (low, high) == pytest.approx((2 - 4.3027 / 3**0.5, 2 + 4.3027 / 3**0.5), abs=1e-3)


def test_one_sided_tests_by_hand():
    assert wilcoxon_above(np.arange(5) + 1.0, "exact") == 1 / 32
    assert wilcoxon_above(-np.arange(5) - 1.0) == 1
    assert wilcoxon_above(np.zeros(5)) == t_test_above(np.zeros(5)) == t_test_above(np.ones(1)) == 1
    low, high = t_test_above(np.array([1.0, 2.0, 3.0])), t_test_above(np.array([-1.0, -2.0, -3.0]))
    assert low == pytest.approx(0.0371, abs=1e-4) and high == pytest.approx(1 - low)

"""One-sided tests that paired differences lie above 0."""

from typing import Literal

import numpy as np


def t_test_above(differences: np.ndarray) -> float:
    """Return the p-value of a mean above 0 by a one-sample t-test (Student 1908), shape=(n,).

    1 for fewer than two differences, or where they are all equal.
    """
    from scipy.stats import ttest_1samp

    if len(differences) < 2 or not np.ptp(differences):
        return 1.0
    return float(ttest_1samp(differences, 0, alternative="greater").pvalue)


def wilcoxon_above(differences: np.ndarray, method: Literal["auto", "exact"] = "auto") -> float:
    """Return the p-value of a location above 0 by the signed-rank test (Wilcoxon 1945), shape=(n,).

    1 where all are 0. ``exact`` with n differences gives no p below 1 / 2^n.
    """
    from scipy.stats import wilcoxon

    if not differences.any():
        return 1.0
    return float(wilcoxon(differences, alternative="greater", method=method).pvalue)

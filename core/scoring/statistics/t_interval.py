"""The interval of a mean over a few runs."""

from collections.abc import Sequence

import numpy as np


def interval_of(values: Sequence[float] | np.ndarray) -> tuple[float, float]:
    """Return the 95 % t-interval of a mean, (low, high), to four digits (Student 1908).

    Parameters
    ----------
    values : array_like, shape=(n,)
        Two or more, one per run.
    """
    from scipy.stats import t

    sample = np.asarray(values, np.float64)
    half = t.ppf(0.975, len(sample) - 1) * sample.std(ddof=1) / np.sqrt(len(sample))
    return round(float(sample.mean() - half), 4), round(float(sample.mean() + half), 4)

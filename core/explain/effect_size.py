"""Difference between a group of tracks and the others: medians and an effect size with its interval."""

import math

import numpy as np

LEAST = 2
"""Fewest tracks on either side with a value; with fewer there is no interval."""


def compare_with_rest(values: np.ndarray, is_member: np.ndarray, n_tests: int = 1) -> dict | None:
    """Compare a measurement of a group with that of the other tracks.

    The effect size is the rank-biserial correlation (Cliff's delta): the share of pairs of a track of the
    group and another track in which the group's is higher, less the share in which it is lower. Its interval
    is Cliff's asymmetric one, with the variance of the placements.

    Parameters
    ----------
    values : ndarray, shape=(n_tracks,)
        nan where unknown.
    is_member : ndarray of bool, shape=(n_tracks,)
    n_tests : int
        Number of comparisons made together: the interval holds for all of them at 95 % (Bonferroni).

    Returns
    -------
    dict or None
        ``median``, ``median_elsewhere`` in the unit of the values; ``effect``, -1 (all lower) to 1 (all
        higher), 0 by chance, with its ``interval`` [low, high]; ``n``, ``n_elsewhere``, the tracks with a
        value. None with fewer than two of them on either side.

    References
    ----------
    Cliff (1996), Ordinal methods for behavioral data analysis; Feng & Cliff (2004), Monte Carlo evaluation
    of ordinal d with improved confidence interval; DeLong et al. (1988) for the variance.
    """
    is_known = np.isfinite(values)
    inside, outside = values[is_known & is_member], values[is_known & ~is_member]
    if min(len(inside), len(outside)) < LEAST:
        return None
    effect, interval = rank_biserial(inside, outside, n_tests)
    return {
        "median": float(np.median(inside)),
        "median_elsewhere": float(np.median(outside)),
        "effect": effect,
        "interval": interval,
        "n": len(inside),
        "n_elsewhere": len(outside),
    }


def rank_biserial(inside: np.ndarray, outside: np.ndarray, n_tests: int = 1) -> tuple[float, list[float]]:
    """Return the rank-biserial correlation of two samples of two or more, and its interval.

    >>> effect, interval = rank_biserial(np.array([3.0, 4.0]), np.array([1.0, 2.0, 3.5]))
    >>> round(effect, 4)
    0.6667
    """
    from scipy.stats import norm, rankdata

    n, m = len(inside), len(outside)
    ranks = rankdata(np.concatenate([inside, outside]))
    above_outside = (ranks[:n] - rankdata(inside)) / m  # of a member: share of the others below it
    below_inside = 1 - (ranks[n:] - rankdata(outside)) / n  # of another track: share of members above it
    d = float(2 * above_outside.mean() - 1)
    z = float(norm.ppf(1 - 0.025 / n_tests))
    if abs(d) > 1 - 1e-12:
        bound = (min(n, m) - z**2) / (min(n, m) + z**2)
        bound = float(bound)
        return d, [bound, 1.0] if d > 0 else [-1.0, -bound]
    variance = 4 * (above_outside.var(ddof=1) / n + below_inside.var(ddof=1) / m)
    half = z * math.sqrt(variance) * math.sqrt((1 - d * d) ** 2 + z * z * variance)
    centre, scale = d - d**3, 1 - d * d + z * z * variance
    return d, [float(max(-1.0, (centre - half) / scale)), float(min(1.0, (centre + half) / scale))]


def differs(comparison: dict) -> bool:
    """Return whether the interval of an effect excludes 0."""
    low, high = comparison["interval"]
    return low > 0 or high < 0


def wilson_interval(k: int, n: int) -> list[float]:
    """Return the 95 % interval of a share k of n, [low, high] (Wilson 1927); [0, 1] of nothing.

    >>> [round(end, 3) for end in wilson_interval(5, 10)]
    [0.237, 0.763]
    """
    if not n:
        return [0.0, 1.0]
    z2, share = 1.959964**2, k / n
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = math.sqrt(z2) / (1 + z2 / n) * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return [max(0.0, centre - half), min(1.0, centre + half)]

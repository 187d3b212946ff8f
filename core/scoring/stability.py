"""Stability of a clusterer over seeds: of all clusters, and of each track."""

import numpy as np

from core.clustering.consensus import pairwise_adjusted_rand

LEAST_STABILITY = 0.5
"""Below this a track is with the others of its cluster in fewer than half of the runs."""


def measure_stability(runs: np.ndarray, labels: np.ndarray) -> dict:
    """Return how much the clusters depend on the seed.

    Parameters
    ----------
    runs : ndarray of int, shape=(n_runs, n_tracks)
        Clusters by run, three runs or more; -1 is noise.
    labels : ndarray of int, shape=(n_tracks,)
        The consensus of the runs.

    Returns
    -------
    dict
        ``n_runs``; ``adjusted_rand``, the mean ARI over pairs of runs, 1 where every seed gives the same
        clusters; ``interval`` [low, high] of it; ``track_mean``, the mean of :func:`track_stability`, None
        where it is defined for no track; ``n_unstable``, the number of tracks below 0.5.
    """
    tracks = track_stability(runs, labels)
    known = tracks[np.isfinite(tracks)]
    mean, interval = mean_adjusted_rand(runs)
    return {
        "n_runs": len(runs),
        "adjusted_rand": mean,
        "interval": interval,
        "track_mean": float(known.mean()) if len(known) else None,
        "n_unstable": int((known < LEAST_STABILITY).sum()),
    }


def mean_adjusted_rand(runs: np.ndarray) -> tuple[float, list[float]]:
    """Return the mean ARI over pairs of runs and its 95 % interval.

    Pairs share runs, so their spread says little; the standard error is that of the jackknife, which leaves
    out one run at a time, and the interval is Student's with n_runs − 1 degrees of freedom, up to 1.

    Parameters
    ----------
    runs : ndarray of int, shape=(n_runs, n_tracks)
        Three runs or more.

    References
    ----------
    Hubert & Arabie (1985); Arvesen (1969), Jackknifing U-statistics.
    """
    from scipy.stats import t

    pairs, n = pairwise_adjusted_rand(runs), len(runs)
    of_run = pairs.sum(axis=1) - 1
    mean = of_run.sum() / (n * (n - 1))
    without = (of_run.sum() - 2 * of_run) / ((n - 1) * (n - 2))
    half = t.ppf(0.975, n - 1) * np.sqrt((n - 1) / n * np.square(without - without.mean()).sum())
    return float(mean), [float(mean - half), float(min(1.0, mean + half))]


def track_stability(runs: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return the mean co-association of each track with the others of its cluster, shape=(n_tracks,).

    The co-association of two tracks is the share of runs in which they are in one cluster
    (:func:`core.clustering.consensus.co_association`).

    Parameters
    ----------
    runs : ndarray of int, shape=(n_runs, n_tracks)
    labels : ndarray of int, shape=(n_tracks,)
        The consensus; -1 is noise.

    Returns
    -------
    ndarray
        In [0, 1]: 1 with the same tracks in every run; nan for noise and for a track alone in its cluster.

    References
    ----------
    Monti, Tamayo, Mesirov & Golub (2003), Consensus clustering, equation 4 (item consensus).
    """
    together = np.zeros(len(labels))
    for run in runs:
        pairs, pair_of, counts = np.unique(
            np.stack([labels, run]), axis=1, return_inverse=True, return_counts=True
        )
        together += np.where(run >= 0, counts[pair_of.reshape(-1)] - 1, 0)
    size = np.bincount(labels[labels >= 0], minlength=int(labels.max(initial=0)) + 1)[labels]
    is_defined = (labels >= 0) & (size > 1)
    return np.divide(together, len(runs) * (size - 1), out=np.full(len(labels), np.nan), where=is_defined)

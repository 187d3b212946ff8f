"""Cluster numbers that stay: clusters of a new result are matched to those of the result before."""

import numpy as np


def match_labels(labels: np.ndarray, before: np.ndarray) -> np.ndarray:
    """Renumber clusters so that they overlap as much as possible with earlier ones of the same number.

    A one-to-one assignment of largest total overlap (Kuhn 1955, by scipy); clusters without a partner get the
    smallest free numbers, the largest cluster first. The partition itself is unchanged.

    Parameters
    ----------
    labels : ndarray of int, shape=(n,)
        Cluster per track, -1 is noise.
    before : ndarray of int, shape=(n,)
        Earlier cluster per track; below 0 where there is none.

    Returns
    -------
    ndarray of int, shape=(n,)

    Examples
    --------
    >>> match_labels(np.array([1, 1, 0, 0, -1]), np.array([0, 0, 1, 1, 1])).tolist()
    [0, 0, 1, 1, -1]
    """
    from scipy.optimize import linear_sum_assignment

    clusters, sizes = np.unique(labels[labels >= 0], return_counts=True)
    both = (labels >= 0) & (before >= 0)
    earlier = np.unique(before[both])
    overlap = np.zeros((len(clusters), len(earlier)), int)
    np.add.at(overlap, (np.searchsorted(clusters, labels[both]), np.searchsorted(earlier, before[both])), 1)
    rows, columns = linear_sum_assignment(overlap, maximize=True)
    number = {int(r): int(earlier[c]) for r, c in zip(rows, columns, strict=True) if overlap[r, c]}
    taken = set(number.values())
    free = iter([n for n in range(len(clusters) + len(taken)) if n not in taken])
    for cluster in np.argsort(-sizes, kind="stable"):
        if int(cluster) not in number:
            number[int(cluster)] = next(free)
    matched = labels.copy()
    for position, cluster in enumerate(clusters):
        matched[labels == cluster] = number[position]
    return matched

"""Do two modalities place the same tracks near each other? Overlap of nearest neighbours, with its chance."""

import numpy as np

from core.projection.projector import nearest_neighbours

N_PERMUTATIONS = 200


def shared_neighbours(
    A: np.ndarray, B: np.ndarray, *, n_neighbours: int = 10, seed: int = 0
) -> dict[str, float]:
    """Compare the nearest neighbours of the same tracks in two spaces.

    Parameters
    ----------
    A, B : ndarray, shape=(n_tracks, d_a) and (n_tracks, d_b)
    n_neighbours : int
        At most n_tracks − 2 are used.

    Returns
    -------
    dict
        ``overlap``: mean share of a track's nearest neighbours in A that are also among those in B, 0 to 1;
        ``expected``: its mean over 200 permutations of the tracks of B; ``z``: their difference in standard
        deviations over the permutations, about standard normal where B belongs to other tracks. All 0 with
        fewer than 4 tracks.

    References
    ----------
    Schilling, "Multivariate Two-Sample Tests Based on Nearest Neighbors", 1986, for the statistic; Mantel
    1967 for permutations of one of two matrices over the same objects.
    """
    n = len(A)
    if n < 4:
        return {"overlap": 0.0, "expected": 0.0, "z": 0.0}
    k = min(n_neighbours, n - 2)
    (near_a, _), (near_b, _) = nearest_neighbours(A, k), nearest_neighbours(B, k)
    is_near_b = np.zeros((n, n), bool)
    np.put_along_axis(is_near_b, near_b, True, axis=1)
    rng = np.random.default_rng(seed)
    rows = np.arange(n)[:, None]
    observed = is_near_b[rows, near_a].mean()
    orders = (rng.permutation(n) for _ in range(N_PERMUTATIONS))
    permuted = np.array([is_near_b[order[rows], order[near_a]].mean() for order in orders])
    expected, spread = permuted.mean(), permuted.std()
    z = (observed - expected) / spread if spread > 0 else 0.0
    return {"overlap": float(observed), "expected": float(expected), "z": float(z)}

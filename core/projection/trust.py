"""How far the picture can be trusted."""

import math

import numpy as np


def trust(
    X: np.ndarray, Y: np.ndarray, n_neighbors: int = 15, seed: int = 0, sample_size: int = 2_000
) -> float:
    """Return trustworthiness: are neighbours in the picture neighbours in the representation?

    One minus the (normalised) sum, over each track's ``n_neighbors`` nearest in ``Y``, of how far beyond rank
    ``n_neighbors`` they lie in ``X``.

    Parameters
    ----------
    X : ndarray, shape=(n_tracks, n_features)
    Y : ndarray, shape=(n_tracks, 2)
    n_neighbors : int
        Fewer where there are few tracks (it must be below half of them).
    seed, sample_size : int
        Above ``sample_size`` tracks a random sample is judged, among itself: its neighbourhoods are wider.

    Returns
    -------
    float in [0, 1]
        1 is best, about 0.5 a random layout; nan below 4 tracks.

    References
    ----------
    Venna & Kaski (2001), Neighborhood preservation in nonlinear projection methods.
    """
    from sklearn.manifold import trustworthiness

    if len(X) > sample_size:
        chosen = np.random.default_rng(seed).choice(len(X), sample_size, replace=False)
        X, Y = X[chosen], Y[chosen]
    n_neighbors = min(n_neighbors, (len(X) - 1) // 2)
    if len(X) < 4 or n_neighbors < 1:
        return math.nan
    return float(trustworthiness(X, Y, n_neighbors=n_neighbors))

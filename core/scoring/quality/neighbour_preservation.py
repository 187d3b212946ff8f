"""How far a map can be trusted at each track: the share of its neighbours there that are real ones."""

import numpy as np

from core.errors import ConfigError
from core.neighbours import NeighbourFinder
from core.progress import Progress, silent

N_NEIGHBOURS = 10
MOST_TRACKS = 200_000
"""With more, comparing each track with all others takes hours."""
BATCH = 4096


def preserved_neighbours(
    X: np.ndarray, positions: np.ndarray, k: int = N_NEIGHBOURS, progress: Progress = silent
) -> np.ndarray:
    """Return the share of each track's nearest neighbours on the map that are so in the representation.

    Parameters
    ----------
    X : ndarray, shape=(n_tracks, n_features)
        The representation.
    positions : ndarray, shape=(n_tracks, 2)
        Its projection.
    k : int
        Neighbours of each track; at most n_tracks − 1 are used.

    Returns
    -------
    ndarray, shape=(n_tracks,)
        1: all neighbours on the map are neighbours in the representation; k / (n_tracks − 1) on average for
        random positions.

    Raises
    ------
    ConfigError
        Above :data:`MOST_TRACKS` tracks.

    References
    ----------
    Venna & Kaski (2001), Neighborhood preservation in nonlinear projection methods; Lee & Verleysen (2009),
    Quality assessment of dimensionality reduction: rank-based criteria, Q_NX.
    """
    n = len(X)
    if n > MOST_TRACKS:
        raise ConfigError(
            f"{n:,} tracks are too many to compare each with all others; {MOST_TRACKS:,} are the most"
        )
    k = min(k, n - 1)
    shares = np.ones(n)
    if k < 1:
        return shares
    in_space, on_map = NeighbourFinder(X), NeighbourFinder(positions)
    for start in range(0, n, BATCH):
        sample = np.arange(start, min(start + BATCH, n))
        progress(start, n, "comparing neighbours")
        near, shown = in_space.find(sample, k)[0], on_map.find(sample, k)[0]
        shares[sample] = (near[:, :, None] == shown[:, None, :]).any(1).mean(1)
    return shares

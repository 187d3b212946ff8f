"""How far a whole map can be trusted: trustworthiness, continuity and neighbours preserved."""

import numpy as np

from core.progress import Progress, silent

N_NEIGHBOURS = 10
MOST_SAMPLED = 2_000
"""Tracks whose neighbours are compared at most, drawn at random; each is compared with all others."""
BATCH = 64


def map_trust(
    X: np.ndarray,
    positions: np.ndarray,
    k: int = N_NEIGHBOURS,
    *,
    seed: int = 0,
    progress: Progress = silent,
) -> dict | None:
    """Compare the nearest tracks on a map with those in the representation.

    With ``r(i, j)`` the rank of track j among the neighbours of i in the representation, and U(i) the tracks
    among the k nearest on the map but not in the representation,

        trustworthiness = 1 − 2 / (n k (2n − 3k − 1)) Σ_i Σ_{j ∈ U(i)} (r(i, j) − k) ;

    continuity is the same with map and representation exchanged: neighbours that the map has torn apart.

    Parameters
    ----------
    X : ndarray, shape=(n_tracks, n_features)
    positions : ndarray, shape=(n_tracks, 2)
    k : int
        At most a third of the tracks are used.

    Returns
    -------
    dict or None
        ``k``, ``n_tracks``, ``n_sampled``, and ``trustworthiness``, ``continuity`` and
        ``neighbours_preserved`` (the share of the k nearest on both), each ``value`` (1 is best),
        ``interval`` (95 %, over tracks) and ``control``, the value of a map whose positions are shuffled over
        the tracks. None with fewer than five tracks.

    References
    ----------
    Venna & Kaski (2001), Neighborhood preservation in nonlinear projection methods; Lee & Verleysen (2009).
    """
    n = len(X)
    k = min(k, n // 3)
    if n < 5 or k < 1:
        return None
    rng = np.random.default_rng(seed)
    sample = np.sort(rng.choice(n, min(n, MOST_SAMPLED), replace=False))
    X = np.asarray(X, np.float64) - np.mean(X, axis=0, dtype=np.float64)
    shown = np.asarray(positions, np.float64)
    true = compare_neighbours(X, shown, sample, k, progress)
    control = compare_neighbours(X, shown[rng.permutation(n)], sample, k, progress)
    figures = {
        name: {
            "value": float(values.mean()),
            "interval": _interval(values),
            "control": float(control[name].mean()),
        }
        for name, values in true.items()
    }
    return {"k": k, "n_tracks": n, "n_sampled": len(sample), **figures}


def rank_others(X: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return the rank of every track by its distance from each of some rows, shape=(n_rows, n_tracks).

    1 is the nearest other track; 0 is the track itself. Equal distances are in the order of the tracks.
    """
    squares = np.einsum("ij,ij->i", X, X)
    distances = squares[rows][:, None] + squares - 2 * X[rows] @ X.T
    distances[np.arange(len(rows)), rows] = -np.inf
    ranks = np.empty(distances.shape, np.int64)
    order = np.argsort(distances, axis=1, kind="stable")
    np.put_along_axis(ranks, order, np.arange(X.shape[0])[None, :], axis=1)
    return ranks


def compare_neighbours(
    X: np.ndarray, shown: np.ndarray, sample: np.ndarray, k: int, progress: Progress = silent
) -> dict[str, np.ndarray]:
    """Return the three figures of :func:`map_trust` for each sampled track; X is centred, both float64."""
    n = len(X)
    scale = 2 / (k * (2 * n - 3 * k - 1))
    parts: dict[str, list[np.ndarray]] = {
        "trustworthiness": [],
        "continuity": [],
        "neighbours_preserved": [],
    }
    for start in range(0, len(sample), BATCH):
        progress(start, len(sample), "comparing neighbours")
        rows = sample[start : start + BATCH]
        true, on_map = rank_others(X, rows), rank_others(shown, rows)
        is_near, is_shown = (true <= k) & (true > 0), (on_map <= k) & (on_map > 0)
        parts["trustworthiness"].append(1 - scale * np.where(is_shown & ~is_near, true - k, 0).sum(axis=1))
        parts["continuity"].append(1 - scale * np.where(is_near & ~is_shown, on_map - k, 0).sum(axis=1))
        parts["neighbours_preserved"].append((is_near & is_shown).sum(axis=1) / k)
    return {name: np.concatenate(values) for name, values in parts.items()}


def _interval(values: np.ndarray) -> list[float]:
    """Return the 95 % interval of a mean over tracks, within [0, 1] (normal approximation)."""
    half = 1.959964 * values.std(ddof=1) / np.sqrt(len(values))
    return [float(max(0.0, values.mean() - half)), float(min(1.0, values.mean() + half))]

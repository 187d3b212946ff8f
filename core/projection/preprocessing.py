"""Steps shared by projections: validation, reduction by PCA, exact nearest neighbours."""

import numpy as np

from core.errors import ConfigError

MAX_FEATURES = 100
"""Wider representations are reduced to this many principal components, which preserves neighbourhoods."""

MIN_TRACKS = 8
"""With fewer tracks every projection returns principal components: neighbourhoods have no meaning."""


def preprocess(X: np.ndarray, seed: int = 0) -> np.ndarray:
    """Return ``X`` centred, at unit root mean squared row norm, with 2 … 100 columns, float32.

    Parameters
    ----------
    X : ndarray, shape=(n_tracks, n_features)
    seed : int
        Seed of the randomised SVD that reduces wide input.

    Raises
    ------
    ConfigError
        When ``X`` is not two-dimensional or not finite.
    """
    X = np.asarray(X)
    if X.ndim != 2:
        raise ConfigError(f"X must have shape (n_tracks, n_features), not {X.shape}")
    bad = int((~np.isfinite(X)).any(axis=1).sum())
    if bad:
        raise ConfigError(f"{bad} of {len(X)} tracks hold NaN or infinity, so they can't be projected")
    if not len(X):
        return np.zeros((0, 2), np.float32)
    X = X.astype(np.float64) - X.mean(axis=0, dtype=np.float64)
    if not X.any():
        return np.zeros((len(X), 2), np.float32)
    if X.shape[1] > MAX_FEATURES and len(X) > 2:
        from sklearn.decomposition import PCA

        X = PCA(min(MAX_FEATURES, len(X)), random_state=seed).fit_transform(X)
    if X.shape[1] < 2:
        X = np.hstack([X, np.zeros((len(X), 2 - X.shape[1]))])
    norm = np.sqrt(np.square(X).sum(axis=1).mean())
    return (X / norm if norm > 1e-12 else np.zeros_like(X)).astype(np.float32)


def principal_components(X: np.ndarray) -> np.ndarray:
    """Return the first two principal components of preprocessed rows.

    The third moment of each axis is positive, so that its sign depends on the data and not on the solver.
    """
    if not len(X) or not X.any():
        return np.zeros((len(X), 2), np.float32)
    _, vectors = np.linalg.eigh(X.T.astype(np.float64) @ X)
    Y = X @ vectors[:, [-1, -2]]
    skew = (Y**3).sum(axis=0)
    return (Y * np.where(skew < 0, -1.0, 1.0)).astype(np.float32)


def nearest_neighbours(X: np.ndarray, n_neighbors: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the exact nearest other tracks and their distances, each of shape (n_tracks, n_neighbors).

    Duplicates are neighbours at distance 0; a track is never its own neighbour.
    """
    from sklearn.neighbors import NearestNeighbors

    distances, indices = NearestNeighbors(n_neighbors=n_neighbors, algorithm="brute").fit(X).kneighbors()
    return indices.astype(np.int32), distances.astype(np.float32)

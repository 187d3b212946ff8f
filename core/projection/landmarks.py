"""Layouts of many tracks: a sample is projected, the others are placed between their neighbours in it.

A projection's cost grows with its steps over all tracks; placing grows with one search per track in an index
of the sample. The sample takes more of sparse regions than their share, so that small groups keep their form:
of each of :data:`N_REGIONS` regions a number of tracks in proportion to the square root of its size.

A track lies at the mean of its nearest sampled tracks' positions, weighted by a Gaussian of the distance that
is as wide as the distance to the nearest one (de Silva and Tenenbaum, "Sparse multidimensional scaling using
landmark points", 2004; the weights as in the out-of-sample extension of UMAP, McInnes et al. 2018).
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from core.progress import Progress, silent

MOST_WHOLE = 50_000
"""Largest number of tracks that are projected as a whole."""
N_LANDMARKS = 10_000
N_REGIONS = 256
N_NEAREST = 5
"""Sampled neighbours between which a track is placed."""
N_PROBED = 12
"""Regions of the index that are searched for a track's neighbours, of :data:`N_REGIONS`."""


def choose_landmarks(X: np.ndarray, seed: int, n: int) -> np.ndarray:
    """Return the rows of a sample, ascending, shape=(n,), denser than the tracks where these are sparse.

    Parameters
    ----------
    X : ndarray, shape=(n_tracks, n_features), float32
    n : int
        At most n_tracks.
    """
    rng = np.random.default_rng(seed)
    region = _regions_of(X, seed)
    order = rng.permutation(len(X))
    sizes = np.bincount(region, minlength=N_REGIONS)
    quota = np.minimum(sizes, np.ceil(np.sqrt(sizes) * n / np.sqrt(sizes).sum()).astype(int))
    rank = np.empty(len(X), int)  # of each track within its region, in random order
    by_region = order[np.argsort(region[order], kind="stable")]
    rank[by_region] = np.arange(len(X)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    chosen = rank < quota[region]
    missing = n - int(chosen.sum())
    if missing > 0:  # small regions have given all they have
        rest = order[~chosen[order]]
        chosen[rest[:missing]] = True
    found = order[chosen[order]]
    return np.sort(found[:n])


def place_between(X: np.ndarray, landmarks: np.ndarray, Y: np.ndarray, seed: int) -> np.ndarray:
    """Return positions of all tracks, shape=(n_tracks, 2), from those of the landmarks ``Y`` (n, 2)."""
    import faiss

    rest = np.setdiff1d(np.arange(len(X)), landmarks, assume_unique=True)
    sampled = np.ascontiguousarray(X[landmarks], np.float32)
    index: Any = faiss.index_factory(X.shape[1], f"IVF{min(N_REGIONS, max(1, len(sampled) // 40))},Flat")
    index.cp.seed = seed
    index.train(sampled)
    index.add(sampled)
    index.nprobe = N_PROBED
    squares, nearest = index.search(np.ascontiguousarray(X[rest], np.float32), N_NEAREST)
    placed = np.empty((len(X), 2), np.float32)
    placed[landmarks] = Y
    placed[rest] = _between(np.maximum(squares, 0), nearest, Y)
    return placed


def _between(squares: np.ndarray, nearest: np.ndarray, Y: np.ndarray) -> np.ndarray:
    """Return the weighted means of the nearest landmarks' positions; squared distances may be infinite."""
    is_found = nearest >= 0
    width = np.maximum(squares[:, :1], 1e-12)
    weights = np.where(is_found, np.exp(-squares / width), 0)
    weights /= np.maximum(weights.sum(1, keepdims=True), 1e-30)
    return np.einsum("nk,nkd->nd", weights, Y[np.where(is_found, nearest, 0)])


def _regions_of(X: np.ndarray, seed: int) -> np.ndarray:
    """Return each track's region, 0 … N_REGIONS − 1, by K-means of a sample."""
    import faiss

    rng = np.random.default_rng(seed)
    rows = rng.choice(len(X), min(len(X), 40 * N_REGIONS), replace=False)
    sample = np.ascontiguousarray(X[rows], np.float32)
    kmeans: Any = faiss.Kmeans(X.shape[1], N_REGIONS, niter=8, seed=seed)
    kmeans.train(sample)
    return kmeans.index.search(np.ascontiguousarray(X, np.float32), 1)[1][:, 0]


def fit_by_landmarks(
    X: np.ndarray,
    seed: int,
    project: Callable[[np.ndarray, np.ndarray], np.ndarray],
    progress: Progress = silent,
) -> np.ndarray:
    """Return a layout of preprocessed rows from the projection of a sample.

    Parameters
    ----------
    X : ndarray, shape=(n_tracks, n_features), float32
    project : callable
        From the sample and its rows (n,) to its layout (n, 2).
    """
    progress(0, 1, f"sampling {N_LANDMARKS:,} of {len(X):,} tracks")
    landmarks = choose_landmarks(X, seed, N_LANDMARKS)
    return place_between(X, landmarks, project(X[landmarks], landmarks), seed)

"""The contract of projections: the base of their configs, its steps, and the registry's spec."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.config import Config
from core.errors import ConfigError
from core.progress import Progress, silent
from core.projection import landmarks
from core.registry import Spec

MAX_FEATURES = 100
"""Wider representations are reduced to this many principal components, which preserves neighbourhoods."""

MIN_TRACKS = 8
"""With fewer tracks every projection returns principal components: neighbourhoods have no meaning."""


@dataclass(frozen=True)
class Projection(Config, ABC):
    """A projection with its parameters, as a frozen config."""

    name: ClassVar[str]
    by_landmarks: ClassVar[bool] = True
    """Whether many tracks are placed between a projected sample, see :mod:`core.projection.landmarks`."""

    def fit(
        self, X: np.ndarray, seed: int = 0, init: np.ndarray | None = None, progress: Progress = silent
    ) -> np.ndarray:
        """Return a layout, reproducible for a seed.

        Parameters
        ----------
        X : ndarray, shape=(n_tracks, n_features)
        seed : int
        init : ndarray, shape=(n_tracks, 2), optional
            The previous layout, from which fewer steps continue, so that points stay in place.
        progress : callable
            May raise ``Cancelled``.

        Returns
        -------
        ndarray, shape=(n_tracks, 2), float32
            Centred, unit root mean squared radius, aligned with ``init`` or principal components.
        """
        X = preprocess(X, seed)
        init = check_init(init, len(X))
        start = principal_components(X)
        reference = start if init is None else init
        if len(X) < MIN_TRACKS or not start.any():
            return self.align(start, reference)
        if self.by_landmarks and len(X) > landmarks.MOST_WHOLE:

            def project(sample: np.ndarray, rows: np.ndarray) -> np.ndarray:
                before = None if init is None else normalise(init[rows])
                return self.optimise(sample, principal_components(sample), before, seed, progress)

            return self.align(landmarks.fit_by_landmarks(X, seed, project, progress), reference)
        return self.align(self.optimise(X, start, init, seed, progress), reference)

    @abstractmethod
    def optimise(
        self, X: np.ndarray, start: np.ndarray, init: np.ndarray | None, seed: int, progress: Progress
    ) -> np.ndarray:
        """Return the layout of preprocessed rows, from principal components ``start`` or from ``init``."""

    def align(self, Y: np.ndarray, reference: np.ndarray) -> np.ndarray:
        """Return a layout, normalised and rotated to fit ``reference``."""
        return align(Y, reference)


@dataclass(frozen=True, kw_only=True)
class ProjectionSpec(Spec):
    """The registry entry of a projection.

    Attributes
    ----------
    warm_starts : bool
        Whether it continues from ``init`` in a few steps; others recompute the layout and only align it.
    follows_weight : bool
        Whether it is fast enough to update the map while the text weight changes, see
        :mod:`core.pipeline.layouts`.
    """

    warm_starts: bool = False
    follows_weight: bool = False

    def protocols(self) -> tuple[type, ...]:
        """Return the protocols that the class must meet."""
        return (Projection,)


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
    return normalise(X)


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


def normalise(Y: np.ndarray) -> np.ndarray:
    """Centre rows and scale them to unit root mean squared norm, float32; zeros where all are equal."""
    Y = np.asarray(Y, dtype=np.float64)
    if not len(Y):
        return Y.astype(np.float32)
    Y = Y - Y.mean(axis=0)
    radius = np.sqrt(np.square(Y).sum(axis=1).mean())
    return (Y / radius if radius > 1e-12 else np.zeros_like(Y)).astype(np.float32)


def align(Y: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Normalise a layout and rotate or reflect it to fit ``reference`` (orthogonal Procrustes).

    A projection's axes have no meaning, so any rotation is valid; distances within the layout don't change.

    Parameters
    ----------
    Y, reference : ndarray, shape=(n_tracks, 2)
        The same tracks in the same order.

    Returns
    -------
    ndarray, shape=(n_tracks, 2), float32

    References
    ----------
    Schönemann (1966), A generalized solution of the orthogonal Procrustes problem.
    """
    Y = normalise(Y)
    u, _, v = np.linalg.svd(Y.T.astype(np.float64) @ normalise(reference))
    return (Y @ (u @ v)).astype(np.float32)


def check_init(init: np.ndarray | None, n_tracks: int) -> np.ndarray | None:
    """Return the initial layout, normalised; refuse one of other tracks."""
    if init is None:
        return None
    init = np.asarray(init)
    if init.shape != (n_tracks, 2) or not np.isfinite(init).all():
        raise ConfigError(
            f"init must be a finite layout of shape ({n_tracks}, 2), not of shape {init.shape}; "
            "does it belong to other tracks?"
        )
    return normalise(init)

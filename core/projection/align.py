"""Alignment of 2-D layouts, so that they can be compared or interpolated."""

import numpy as np

from core.errors import ConfigError


def normalise(Y: np.ndarray) -> np.ndarray:
    """Centre a layout and scale it to unit root mean squared radius; zeros where all points are equal."""
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

"""Bring layouts into one frame, so that two of them can be compared or morphed into one another."""

import numpy as np

from core.errors import ConfigError


def normalise(Y: np.ndarray) -> np.ndarray:
    """Centre a layout and scale it to a root mean squared distance of 1 from the middle (all alike: zeros)."""
    Y = np.asarray(Y, dtype=np.float64)
    if not len(Y):
        return Y.astype(np.float32)
    Y = Y - Y.mean(axis=0)
    size = np.sqrt(np.square(Y).sum(axis=1).mean())
    return (Y / size if size > 1e-12 else np.zeros_like(Y)).astype(np.float32)


def align(Y: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Normalise a layout and turn or mirror it to lie as near as possible to ``reference``.

    A projection's axes mean nothing, so the turn is free; distances within the layout stay.

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
    """Return the layout to start from, normalised; refuse one of other tracks."""
    if init is None:
        return None
    init = np.asarray(init)
    if init.shape != (n_tracks, 2) or not np.isfinite(init).all():
        raise ConfigError(
            f"init must be a finite layout of shape ({n_tracks}, 2), not of shape {init.shape}; "
            "does it show other tracks?"
        )
    return normalise(init)

"""A map laid over another one by moving, turning, mirroring and scaling it; distances keep their ratios."""

import numpy as np

from core.errors import ConfigError


def align(positions: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Return the positions that lie nearest to the reference, point by point (Procrustes analysis).

    Minimises ``sum ||s (positions − mean) R + t − reference||²`` over the scale s, the rotation or reflection
    R and the translation t: with ``UΣVᵀ`` the singular value decomposition of ``positionsᵀ reference`` (both
    centred), R = UVᵀ and s = tr(Σ) / ||positions||².

    Parameters
    ----------
    positions, reference : ndarray, shape=(n, 2)
        The same tracks in the same order.

    Returns
    -------
    ndarray of float32, shape=(n, 2)

    Raises
    ------
    ConfigError
        When the numbers of points differ.

    References
    ----------
    Gower (1975), Generalized Procrustes analysis. Schönemann (1966), orthogonal Procrustes problem.

    Examples
    --------
    >>> square = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], float)
    >>> turned = 3 * square @ np.array([[0, 1], [-1, 0]]) + 7
    >>> align(turned, square).round(6).tolist()
    [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]
    """
    moved, fixed = np.asarray(positions, float), np.asarray(reference, float)
    if moved.shape != fixed.shape:
        raise ConfigError(
            f"maps of {len(moved):,} and {len(fixed):,} points can't be aligned; take the tracks of both"
        )
    if not len(moved):
        return moved.astype(np.float32)
    centre = fixed.mean(axis=0)
    moved, fixed = moved - moved.mean(axis=0), fixed - centre
    u, spectrum, vt = np.linalg.svd(moved.T @ fixed)
    size = np.square(moved).sum()
    scale = spectrum.sum() / size if size > 0 else 1.0
    return (scale * moved @ u @ vt + centre).astype(np.float32) + 0.0  # no negative zeros


def displacement(positions: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Return how far each point moved, as a share of the reference's longer side, shape=(n,)."""
    reference = np.asarray(reference, float)
    side = np.ptp(reference, axis=0).max() if len(reference) else 0.0
    distance = np.linalg.norm(np.asarray(positions, float) - reference, axis=1)
    return distance / side if side > 0 else distance

"""Positions as the map shows them: spread over the box from -1 to 1, with empty stripes narrowed.

Projections leave islands of points far apart, or all points within 0.0002 units; both would waste the map.
Distances between islands mean nothing in such projections, so only neighbourhoods are preserved here: along
each axis the order of points stays, and gaps wider than a share of the whole are cut to it.
"""

import numpy as np

WIDEST_GAP = 0.05
"""Widest empty stripe, as a share of the axis."""
MOST_STRETCH = 1.4
"""How much more one axis may be enlarged than the other."""


def spread(positions: np.ndarray, fitted: np.ndarray | None = None) -> np.ndarray:
    """Return positions within the box from -1 to 1.

    Parameters
    ----------
    positions : ndarray, shape=(n, 2)
        A projection, in arbitrary units; values that are not finite count as 0.
    fitted : ndarray of bool, shape=(n,), optional
        The points that are spread; the others are put between them, so that none of these moves.

    Returns
    -------
    ndarray of float32, shape=(n, 2)
    """
    positions = np.nan_to_num(np.asarray(positions, float), posinf=0.0, neginf=0.0)
    if fitted is not None and not fitted.all():
        placed = np.empty(positions.shape, np.float32)
        placed[fitted] = shown = spread(positions[fitted])
        for axis in range(2):
            values, first = np.unique(positions[fitted, axis], return_index=True)
            placed[~fitted, axis] = np.interp(positions[~fitted, axis], values, shown[first, axis])
        return placed
    if len(positions) < 2:
        return np.zeros(positions.shape, np.float32)
    axes = [_narrow_gaps(values) for values in positions.T]
    spans = np.array([values.max() for values in axes])  # both begin at 0
    if not spans.any():
        return np.zeros(positions.shape, np.float32)
    scales = np.divide(2.0, spans, out=np.full(2, np.inf), where=spans > 0)
    scales = np.minimum(scales, MOST_STRETCH * scales.min())
    return np.column_stack([(v - s / 2) * k for v, s, k in zip(axes, spans, scales)]).astype(np.float32)


def _narrow_gaps(values: np.ndarray) -> np.ndarray:
    """Return values from 0, in the same order, without gaps wider than :data:`WIDEST_GAP` of their span."""
    order = np.argsort(values, kind="stable")
    gaps = np.diff(values[order])
    share = max(WIDEST_GAP, 8 / len(values))  # with few points every gap is wide
    limit = gaps.sum()
    for _ in range(20):  # narrower gaps make the whole shorter, of which the limit is a share
        limit = share * np.minimum(gaps, limit).sum()
        if share >= 1 or limit >= gaps.max():
            break
    narrowed = np.empty(len(values))
    narrowed[order] = np.concatenate([[0.0], np.cumsum(np.minimum(gaps, limit) if share < 1 else gaps)])
    return narrowed

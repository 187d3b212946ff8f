"""A map as a small picture: points coloured by cluster, as an SVG that a page can show as an image."""

from urllib.parse import quote

import numpy as np

from core.drawing.palette import LIGHT, Palette, mark_of
from core.drawing.spread import spread

WIDTH, HEIGHT, MARGIN = 240, 160, 6
MOST_POINTS = 800
"""With more tracks a sample is drawn."""


def draw_thumbnail(positions: np.ndarray, labels: np.ndarray, palette: Palette = LIGHT) -> str:
    """Return an SVG picture of a map.

    Parameters
    ----------
    positions : ndarray, shape=(n, 2)
    labels : ndarray of int, shape=(n,)
        Cluster per track, -1 is noise.
    """
    places, n = spread(positions), len(labels)
    shown = np.arange(n)
    if n > MOST_POINTS:
        shown = np.sort(np.random.default_rng(0).choice(n, MOST_POINTS, replace=False))
    x = MARGIN + (places[shown, 0] + 1) / 2 * (WIDTH - 2 * MARGIN)
    y = MARGIN + (1 - places[shown, 1]) / 2 * (HEIGHT - 2 * MARGIN)
    radius = 3.5 if n <= 200 else 2.5
    points = "".join(
        f'<circle cx="{a:.1f}" cy="{b:.1f}" r="{radius}" fill="{mark_of(int(label), palette)[0]}"/>'
        for a, b, label in zip(x, y, labels[shown])
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">{points}</svg>'


def as_data_uri(svg: str) -> str:
    """Return an SVG picture as the address of an image."""
    return "data:image/svg+xml," + quote(svg)

"""A map as a small picture."""

import re

import numpy as np

from core.drawing.palette import LIGHT
from core.drawing.thumbnail import HEIGHT, MOST_POINTS, WIDTH, as_data_uri, draw_thumbnail


def test_points_lie_within_the_picture_in_the_colours_of_their_clusters():
    positions = np.array([[0, 0], [10, 5], [3, 9]], float)
    svg = draw_thumbnail(positions, np.array([0, 1, -1]))
    found = re.findall(r'cx="([\d.]+)" cy="([\d.]+)" r="[\d.]+" fill="(#\w+)"', svg)
    assert [colour for *_, colour in found] == [LIGHT.colours[0], LIGHT.colours[1], LIGHT.grey]
    assert all(0 <= float(x) <= WIDTH and 0 <= float(y) <= HEIGHT for x, y, _ in found)
    assert float(found[0][1]) > float(found[2][1])  # y points up
    assert as_data_uri(svg).startswith("data:image/svg+xml,%3Csvg")


def test_many_tracks_are_a_sample():
    n = 5 * MOST_POINTS
    svg = draw_thumbnail(np.random.default_rng(0).normal(size=(n, 2)), np.zeros(n, int))
    assert svg.count("<circle") == MOST_POINTS

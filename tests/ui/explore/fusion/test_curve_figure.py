"""The curve over the text weight: ends, interval, control, best weight, and what is on the map."""

import numpy as np
import pandas as pd

from core.drawing.palette import LIGHT
from core.ui.explore.fusion.curve_figure import best_weight, curve_figure

CURVE = pd.DataFrame({"text_weight": [0.0, 0.5, 1.0], "adjusted_rand": [0.24, 0.39, 0.29]})
FULL = CURVE.assign(
    **{
        "adjusted_rand low": [0.2, 0.3, 0.1],
        "adjusted_rand high": [0.3, 0.5, 0.4],
        "adjusted_rand control": [0.0, 0.01, -0.02],
    }
)


def draw(table, metric="adjusted_rand"):
    return curve_figure(table, metric, now=None, weight=None, fusion="")


def test_the_interval_is_a_band_and_the_control_a_dotted_line():
    band, control, line, _ = draw(FULL).data
    assert band.fill == "toself" and list(band.x) == [0, 0.5, 1, 1, 0.5, 0]
    assert list(band.y) == [0.3, 0.5, 0.4, 0.1, 0.3, 0.2]
    assert (control.name, control.line.dash, list(control.y)) == (
        "shuffled labels",
        "dot",
        [0.0, 0.01, -0.02],
    )
    assert list(line.y) == [0.24, 0.39, 0.29]
    low, high = draw(FULL).layout.yaxis.range
    assert low < -0.02 and high > 0.5
    open_end = FULL.assign(**{"adjusted_rand low": [np.nan, 0.3, 0.1]})
    assert list(draw(open_end).data[0].x) == [0.5, 1, 1, 0.5]


def test_the_best_weight_is_a_star_in_the_direction_of_the_metric():
    figure = draw(FULL)
    assert list(figure.data[2].marker.symbol) == ["circle", "star", "circle"]
    assert figure.layout.annotations[-1].text == "best 50%" and figure.layout.annotations[-1].x == 0.5
    ends = draw(CURVE.assign(adjusted_rand=[0.1, 0.2, 0.3])).data[1]
    assert list(ends.text) == ["audio alone 0.10", "text alone 0.30, best"]
    assert list(ends.marker.symbol) == ["square", "star"]
    lower = CURVE.rename(columns={"adjusted_rand": "davies_bouldin"})
    assert best_weight(lower, "davies_bouldin") == 0.0
    assert best_weight(CURVE.assign(adjusted_rand=np.nan), "adjusted_rand") is None


def test_the_curve_has_each_modality_alone_at_its_ends():
    line, ends = curve_figure(CURVE, "adjusted_rand", now=None, weight=None, fusion="").data
    assert list(line.x) == [0, 0.5, 1] and list(line.y) == [0.24, 0.39, 0.29]
    assert list(ends.text) == ["audio alone 0.24", "text alone 0.29"] and list(ends.x) == [0, 1]
    assert list(ends.textposition) == ["bottom right", "bottom left"]  # the curve rises from both ends


def test_what_is_on_the_map_is_a_point_at_its_weight_or_a_line_across():
    point = curve_figure(CURVE, "adjusted_rand", now=0.4, weight=0.6, fusion="By weight")
    assert (list(point.data[2].x), list(point.data[2].y), list(point.data[2].text)) == (
        [0.6],
        [0.4],
        ["now 0.40"],
    )
    across = curve_figure(CURVE, "adjusted_rand", now=0.53, weight=None, fusion="By neighbourhoods")
    assert len(across.data) == 2
    assert across.layout.shapes[0].y0 == 0.53 and across.layout.shapes[0].line.color == LIGHT.accent
    assert across.layout.annotations[0].text == "By neighbourhoods 0.53"
    assert across.layout.yaxis.range[1] > 0.53


def test_a_score_that_an_end_lacks_is_left_open():
    table = CURVE.assign(adjusted_rand=[None, 0.39, 0.29])
    assert list(curve_figure(table, "adjusted_rand", now=None, weight=None, fusion="").data[1].text) == [
        "text alone 0.29"
    ]

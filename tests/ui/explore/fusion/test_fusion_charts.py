import numpy as np
import pandas as pd

from core.drawing.palette import LIGHT
from core.ui.explore.fusion.fusion_charts import MOST_POINTS, curve_figure, replication_figure, weights_figure

CURVE = pd.DataFrame({"text_weight": [0.0, 0.5, 1.0], "adjusted_rand": [0.24, 0.39, 0.29]})


def test_the_best_replication_stands_on_top_and_the_picked_one_is_marked():
    (bars,) = replication_figure({"weighted": 0.49, "graph": 0.59, "learned": 0.34}, "graph").data
    assert list(bars.y) == [
        "Learned (gate)",
        "Weighted",
        "Graph (similarity network fusion)",
    ]  # plotly draws from the bottom up
    assert list(bars.marker.color) == [LIGHT.grey, LIGHT.grey, LIGHT.main]
    assert list(bars.text) == ["0.34", "0.49", "0.59 · picked"]


def test_weights_are_drawn_per_cluster_in_the_colours_of_the_map():
    weights = np.array([0.2, 0.4, 0.9, np.nan, 0.5])
    figure = weights_figure(weights, np.array([0, 0, 1, 1, -1]), list("abcde"))
    assert [(box.name, list(box.y), box.line.color) for box in figure.data] == [
        ("1", [0.2, 0.4], LIGHT.colours[0]),
        ("2", [0.9], LIGHT.colours[1]),
        ("No cluster", [0.5], LIGHT.grey),
    ]
    assert list(figure.data[0].hovertext) == ["a", "b"] and figure.data[0].boxpoints == "all"
    assert figure.layout.yaxis.ticktext[0] == "audio" and figure.layout.yaxis.ticktext[-1] == "text"


def test_many_tracks_are_boxes_alone():
    n = MOST_POINTS + 1
    assert weights_figure(np.full(n, 0.5), np.zeros(n, int), [""] * n).data[0].boxpoints is False


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

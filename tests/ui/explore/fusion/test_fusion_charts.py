import numpy as np

from core.drawing.palette import LIGHT
from core.ui.explore.fusion.fusion_charts import MOST_POINTS, replication_figure, weights_figure


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

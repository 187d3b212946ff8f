import numpy as np
import pandas as pd

from core.drawing.colouring import Colours, Group, group_values, place_on_scale, split_points
from core.drawing.legend import marker_size, name_of
from core.drawing.palette import DARK, LIGHT
from core.ui.explore.map.figure import draw_figure, hover_texts, stretch


def tracks_of(n: int, **columns) -> pd.DataFrame:
    plain = {
        "title": [f"t{i}" for i in range(n)],
        "artist": [""] * n,
        "label": [""] * n,
        "language": [""] * n,
    }
    return pd.DataFrame({**plain, **columns})


CLUSTERS = Colours(
    [
        Group("Cluster 1", 0, np.array([0, 2])),
        Group("Cluster 2", 1, np.array([1, 4])),
        Group("No cluster", -1, np.array([3])),
    ]
)


def test_every_point_is_drawn_once_with_its_place_in_the_collection():
    labels = np.array([0, 1, 0, -1, 1])
    rows = np.array([10, 11, 12, 13, 20])
    positions = np.arange(10.0).reshape(5, 2)
    figure = draw_figure(tracks_of(5), positions, labels, rows, CLUSTERS)
    assert [trace.name for trace in figure.data] == ["Cluster 1 (2)", "Cluster 2 (2)", "No cluster (1)"]
    found = {
        int(row): (x, y) for trace in figure.data for row, x, y in zip(trace.customdata, trace.x, trace.y)
    }
    assert found == {row: tuple(place) for row, place in zip(rows, positions)}
    assert [trace.marker.color for trace in figure.data] == [*LIGHT.colours[:2], LIGHT.grey]
    dark = draw_figure(tracks_of(5), positions, labels, rows, CLUSTERS, DARK)
    assert [trace.marker.color for trace in dark.data] == [*DARK.colours[:2], DARK.grey]
    assert all(trace.marker.opacity == 1 for trace in [*figure.data, *dark.data])  # else the contrast falls
    assert all(trace.type == "scattergl" for trace in figure.data)


def test_nothing_from_tags_reaches_the_page_as_markup():
    nasty = "<img src=x onerror=alert(1)>\nB & C"
    tracks = tracks_of(
        1, title=[nasty], artist=["<a href='javascript:x'>"], label=["<b>rock</b>"], language=["<i>"]
    )
    (text,) = hover_texts(tracks, np.array([2]))
    assert text == (
        "<b>&lt;img src=x onerror=alert(1)&gt; B &amp; C</b> – &lt;a "
        "href='javascript:x'&gt;<br>&lt;b&gt;rock&lt;/b&gt;<br>Cluster 3"
    )
    for column in ("label", "language"):
        colours = group_values(tracks[column])
        figure = draw_figure(tracks, np.zeros((1, 2)), np.array([2]), np.array([0]), colours)
        assert "<" not in figure.data[0].name
        assert "<img" not in figure.to_json()


def test_axes_show_no_numbers_and_are_stretched_twofold_at_most():
    figure = draw_figure(tracks_of(3), np.eye(3, 2), np.zeros(3, int), np.arange(3), group_values([""] * 3))
    assert stretch(np.array([[0.0, 0], [1.25, 1]])) == 1
    assert stretch(np.array([[0.0, 0], [100, 1]])) == 2 and stretch(np.array([[0.0, 0], [1, 100]])) == 0.5
    assert stretch(np.zeros((3, 2))) == 1
    assert figure.layout.xaxis.visible is False and figure.layout.yaxis.visible is False
    assert figure.layout.yaxis.scaleanchor == "x"


def test_names_count_from_one_and_more_points_are_smaller():
    assert [name_of(c) for c in (0, 9, -1)] == ["Cluster 1", "Cluster 10", "No cluster"]
    sizes = [marker_size(n) for n in (50, 500, 4000, 20000, 100000)]
    assert sizes == sorted(sizes, reverse=True) and len(set(sizes)) == 5


def test_numbers_are_one_scale_with_the_unknown_beside_it():
    colours = place_on_scale(
        np.array([0.1, np.nan, 0.8]),
        "Text weight",
        lambda value: f"{value:.0%}",
        bounds=(0.0, 1.0),
        ends=("Audio", "<Text>"),
        is_diverging=True,
    )
    figure = draw_figure(tracks_of(3), np.eye(3, 2), np.array([0, 0, 1]), np.arange(3), colours)
    known, unknown = figure.data
    assert list(known.marker.color) == [0.1, 0.8] and list(known.customdata) == [0, 2]
    assert (known.marker.cmin, known.marker.cmax, known.marker.showscale, known.showlegend) == (
        0,
        1,
        True,
        False,
    )
    assert known.marker.colorscale[0][1] == LIGHT.scale[0][1]
    assert known.marker.colorbar.ticktext == ("Audio", "", "&lt;Text&gt;")
    assert (unknown.marker.color, unknown.name) == (LIGHT.grey, "Text weight: unknown (1)")
    assert known.hovertext[1].endswith("Text weight: 80%") and list(unknown.customdata) == [1]


def test_points_that_have_something_are_drawn_above_the_rest():
    colours = split_points(np.array([True, False, True, False]), "blues", "Not blues")
    figure = draw_figure(tracks_of(4), np.zeros((4, 2)), np.zeros(4, int), np.arange(4), colours)
    assert [(trace.name, trace.legendrank) for trace in figure.data] == [
        ("Not blues (2)", 2),
        ("blues (2)", 1),
    ]

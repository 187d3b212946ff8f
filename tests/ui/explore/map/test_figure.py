import numpy as np
import pandas as pd

from core.ui.explore.map.figure import (
    MOST_GROUPS,
    draw_figure,
    group_points,
    hover_texts,
    marker_size,
    name_of,
    stretch,
)
from core.ui.shared.palette import DARK, LIGHT


def tracks_of(n: int, **columns) -> pd.DataFrame:
    plain = {
        "title": [f"t{i}" for i in range(n)],
        "artist": [""] * n,
        "label": [""] * n,
        "language": [""] * n,
    }
    return pd.DataFrame({**plain, **columns})


def test_every_point_is_drawn_once_with_its_place_in_the_collection():
    labels = np.array([0, 1, 0, -1, 1])
    rows = np.array([10, 11, 12, 13, 20])
    positions = np.arange(10.0).reshape(5, 2)
    figure = draw_figure(tracks_of(5), positions, labels, rows)
    assert [trace.name for trace in figure.data] == ["Cluster 1 (2)", "Cluster 2 (2)", "No cluster (1)"]
    found = {
        int(row): (x, y) for trace in figure.data for row, x, y in zip(trace.customdata, trace.x, trace.y)
    }
    assert found == {row: tuple(place) for row, place in zip(rows, positions)}
    assert [trace.marker.color for trace in figure.data] == [*LIGHT.colours[:2], LIGHT.grey]
    dark = draw_figure(tracks_of(5), positions, labels, rows, palette=DARK)
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
    for colour_by in ("label", "language"):
        figure = draw_figure(tracks, np.zeros((1, 2)), np.array([2]), np.array([0]), colour_by=colour_by)
        assert "<" not in figure.data[0].name
        assert "<img" not in figure.to_json()


def test_axes_show_no_numbers_and_are_stretched_twofold_at_most():
    figure = draw_figure(tracks_of(3), np.eye(3, 2), np.zeros(3, int), np.arange(3))
    assert stretch(np.array([[0.0, 0], [1.25, 1]])) == 1
    assert stretch(np.array([[0.0, 0], [100, 1]])) == 2 and stretch(np.array([[0.0, 0], [1, 100]])) == 0.5
    assert stretch(np.zeros((3, 2))) == 1
    assert figure.layout.xaxis.visible is False and figure.layout.yaxis.visible is False
    assert figure.layout.yaxis.scaleanchor == "x"


def test_a_label_keeps_its_colour_whatever_the_clusters():
    tracks = tracks_of(6, label=["a", "b", "b", "", "a", "b"])
    one = group_points(np.array([0, 0, 0, 1, 1, 1]), tracks, "label")
    other = group_points(np.array([5, 4, 3, 2, 1, -1]), tracks, "label")
    assert [(g.name, g.number, g.members.tolist()) for g in one] == [
        ("b", 0, [1, 2, 5]),
        ("a", 1, [0, 4]),
        ("Unknown", -1, [3]),
    ]
    assert [(g.name, g.number) for g in one] == [(g.name, g.number) for g in other]


def test_more_names_than_marks_share_grey():
    n = MOST_GROUPS + 5
    groups = group_points(np.zeros(n, int), tracks_of(n, label=[f"genre {i:03}" for i in range(n)]), "label")
    assert len(groups) == MOST_GROUPS + 1
    assert groups[-1].name == "5 others" and groups[-1].number == -1 and len(groups[-1].members) == 5
    assert sorted(i for g in groups for i in g.members) == list(range(n))


def test_names_count_from_one_and_more_points_are_smaller():
    assert [name_of(c) for c in (0, 9, -1)] == ["Cluster 1", "Cluster 10", "No cluster"]
    sizes = [marker_size(n) for n in (50, 500, 4000, 20000, 100000)]
    assert sizes == sorted(sizes, reverse=True) and len(set(sizes)) == 5


def test_the_text_weight_is_one_scale_from_audio_to_text():
    weights = np.array([0.1, np.nan, 0.8])
    figure = draw_figure(
        tracks_of(3),
        np.eye(3, 2),
        np.array([0, 0, 1]),
        np.arange(3),
        colour_by="text_weight",
        text_weights=weights,
    )
    known, unknown = figure.data
    assert list(known.marker.color) == [0.1, 0.8] and list(known.customdata) == [0, 2]
    assert (known.marker.cmin, known.marker.cmax, known.marker.showscale, known.showlegend) == (
        0,
        1,
        True,
        False,
    )
    assert known.marker.colorbar.ticktext[0] == "0 audio" and known.marker.colorbar.ticktext[-1] == "1 text"
    assert (
        unknown.marker.color == LIGHT.grey
        and unknown.name == "No text weight (1)"
        and list(unknown.customdata) == [1]
    )
    assert known.hovertext[1].endswith("text weight 80%") and "text weight" not in unknown.hovertext[0]

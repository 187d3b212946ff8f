"""The flow diagram, by hand."""

import numpy as np

from core.clustering.cluster_flows import count_flows
from core.drawing.palette import LIGHT
from core.ui.compare.flow_figure import flow_figure


def test_clusters_stand_left_and_right_and_flows_take_the_colour_of_their_source():
    flows = count_flows(np.array([0, 0, 1, -1]), np.array([0, 1, 1, 1]))
    (sankey,) = flow_figure(flows, ("<b>one</b>", "two")).data
    assert list(sankey.node.label) == ["Cluster 1", "Cluster 2", "No cluster", "Cluster 1", "Cluster 2"]
    assert list(sankey.link.source) == [0, 0, 1, 2] and list(sankey.link.target) == [3, 4, 4, 4]
    assert list(sankey.link.value) == [1, 1, 1, 1]
    assert sankey.link.color[2].startswith(LIGHT.colours[1]) and sankey.link.color[3].startswith(LIGHT.grey)
    assert sankey.link.customdata[1] == "Cluster 1 → Cluster 2: 1 track"


def test_names_are_no_markup():
    figure = flow_figure(count_flows(np.zeros(2, int), np.zeros(2, int)), ("<b>one</b>", "x" * 99))
    first, second = (annotation.text for annotation in figure.layout.annotations)
    assert first == "&lt;b&gt;one&lt;/b&gt;" and len(second) == 60 and second.endswith("…")

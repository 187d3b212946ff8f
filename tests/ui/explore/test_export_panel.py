"""The parts of the map that *Take along* offers."""

from core.export.subset import Subset
from core.ui.explore import selection
from core.ui.explore.take_along import export_panel


def test_a_cluster_is_offered_by_its_name(monkeypatch):
    monkeypatch.setattr(selection, "is_cluster_selected", lambda: True)
    monkeypatch.setattr(export_panel, "get", lambda name: "")
    assert export_panel._subsets(1, {}) == {"Cluster 2": Subset(cluster=2), export_panel.WHOLE: Subset()}
    assert next(iter(export_panel._subsets(1, {1: "low hums"}))) == "low hums"

"""The tab that a selection opens."""

import numpy as np
import pytest

from core.ui.explore import side_panel


@pytest.fixture
def state(monkeypatch):
    """Give the session's entries, and a clock that is set by hand."""
    entries, clock = {"explore-tab": "Scores"}, [100.0]
    monkeypatch.setattr(side_panel.st, "session_state", entries)
    monkeypatch.setattr(side_panel.time, "monotonic", lambda: clock[0])
    return entries, clock


def test_a_selection_opens_the_tracks_though_a_late_run_brings_the_tab_before(state):
    entries, clock = state
    group = np.array([1, 2])
    side_panel._open_tab(group, None, False)
    assert entries["explore-tab"] == "Tracks"
    entries["explore-tab"] = "Scores"  # a run that was asked for earlier
    side_panel._open_tab(group, None, False)
    assert entries["explore-tab"] == "Tracks"
    entries["explore-tab"] = "Fusion"  # chosen by the user
    side_panel._open_tab(group, None, False)
    assert entries["explore-tab"] == "Fusion"
    clock[0] += side_panel.SHOWN_WITHIN_S
    entries["explore-tab"] = "Scores"
    side_panel._open_tab(group, None, False)
    assert entries["explore-tab"] == "Scores"
    side_panel._open_tab(np.array([3]), None, False)
    assert entries["explore-tab"] == "Tracks"


def test_without_a_selection_the_tab_stays(state):
    entries, _ = state
    side_panel._open_tab(np.array([1]), None, False)
    entries["explore-tab"] = "Scores"
    side_panel._open_tab(None, None, False)
    assert entries["explore-tab"] == "Scores"
    side_panel._open_tab(np.array([1]), 0, False)
    assert entries["explore-tab"] == "Scores"

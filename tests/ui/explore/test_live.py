"""Pending layouts on Explore: a late one is displayed, a failed one is reported."""

from concurrent.futures import Future
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from core.errors import SongscapeError
from core.pipeline.choice import Choice
from core.ui.explore import live


@pytest.fixture
def look(monkeypatch):
    """Give ``follow`` with everything but the layout at hand."""
    space = SimpleNamespace(key="k", X=np.zeros((3, 2)), rows=np.arange(3))
    monkeypatch.setattr(live, "_space", lambda *a: space)
    monkeypatch.setattr(live, "_labels", lambda *a: (np.zeros(3, int), True))
    monkeypatch.setattr(live, "score", lambda *a, **k: {})
    monkeypatch.setattr(live, "version_of", lambda name: ())
    monkeypatch.setattr(live, "figures_of", lambda *a, **k: None)
    monkeypatch.setattr(live, "remember_scores", lambda *a: None)
    monkeypatch.setattr(live, "_full_scores", lambda *a: {})

    def follow(future):
        monkeypatch.setattr(live, "current_layout", lambda *a: (np.zeros((3, 2)), "pca", future))
        tracks = pd.DataFrame({"track_id": list("abc")})
        return live.follow(SimpleNamespace(name="c", tracks=tracks), Choice())

    return follow


def test_a_layout_that_came_while_the_stand_in_was_made_is_looked_for_again(look):
    future = Future()
    future.set_result(np.ones((3, 2)))
    shown = look(future)
    assert future in shown.pending
    assert not any("could not lay out" in note for note in shown.notes)


def test_a_layout_that_failed_says_why_and_is_not_waited_for(look):
    future = Future()
    future.set_exception(SongscapeError("memory ran out"))
    shown = look(future)
    assert shown.pending == ()
    assert any("could not lay out the map: memory ran out." in note for note in shown.notes)


def test_what_replaces_a_slow_fusion_keeps_the_requested_choice(look, monkeypatch):
    monkeypatch.setattr(live, "start_fusing", lambda *a: (("key",), Future()))
    shown = look(None)
    assert shown.choice.fusion == "weighted" and shown.requested == Choice()

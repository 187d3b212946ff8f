"""Explore where reading takes long: an estimate, a job that is watched, and a question before hours of it."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.explore_page import PAGE, make_collection, shown


def test_long_work_is_estimated_and_started_as_a_job(monkeypatch):
    from core.jobs import job as jobs
    from core.ui.shared import prepare

    make_collection()
    started = []
    status = jobs.Status(
        "1",
        "prepare",
        "t",
        {},
        state="running",
        done=10,
        total=60,
        note="sentence: reading texts",
        rate=2.0,
        seconds_left=25,
    )
    monkeypatch.setattr(prepare, "start_seconds", lambda: 0.0)
    monkeypatch.setattr(prepare, "estimate", lambda *a, **k: (60, 90.0))
    monkeypatch.setattr(jobs, "start", lambda kind, title, **args: started.append((kind, args)) or "1")
    monkeypatch.setattr(prepare, "_last_job", lambda args: status if started else None)
    at = AppTest.from_file(str(PAGE), default_timeout=60)
    at.query_params["look"] = "audio"
    at.run()
    assert not at.exception
    text = shown(at).replace("\\", "")
    assert "60 tracks of small have not been read" in text and "about 2 minutes" in text
    assert started == [
        ("prepare", {"collection": "small", "audio": "table", "text": None, "text_field": None})
    ]
    (bar,) = at.get("progress")
    assert bar.proto.value == 16
    assert "10 of 60 · 2.0 per second · 25 seconds left" in bar.proto.text.replace("\\", "")
    assert [b.label for b in at.button] == ["Stop"]


def test_very_long_work_waits_for_a_word(monkeypatch):
    from core.jobs import job as jobs
    from core.ui.shared import prepare

    make_collection()
    monkeypatch.setattr(prepare, "start_seconds", lambda: 0.0)
    monkeypatch.setattr(prepare, "estimate", lambda *a, **k: (90_000, 5400.0))
    monkeypatch.setattr(jobs, "start", lambda *a, **k: pytest.fail("nobody asked for it"))
    at = AppTest.from_file(str(PAGE), default_timeout=60)
    at.query_params["look"] = "audio"
    at.run()
    assert not at.exception
    assert "about 1.5 hours" in shown(at).replace("\\", "") and "on disk" in shown(at)
    assert [b.label for b in at.button] == ["Read 90,000 tracks (about 1.5 hours)"]


def test_a_fusion_that_has_to_read_cues_asks_first(monkeypatch):
    from core.jobs import job as jobs
    from core.ui.shared import prepare

    make_collection()
    started = []
    monkeypatch.setattr(prepare, "start_seconds", lambda: 0.0)
    monkeypatch.setattr(prepare, "estimate", lambda *a, **k: (0, 0.0))
    monkeypatch.setattr(prepare, "estimate_features", lambda *a: (60, 90.0))
    monkeypatch.setattr(jobs, "start", lambda kind, title, **args: started.append(args) or "1")
    at = AppTest.from_file(str(PAGE), default_timeout=60)
    for name, value in {"look": "fused", "audio": "table", "text": "tfidf", "fusion": "auto"}.items():
        at.query_params[name] = value
    at.run()
    assert not at.exception and not started
    (button,) = at.button
    assert button.label == "Read 60 tracks (about 2 minutes)"
    button.click()
    at.run()
    assert [args["fusion"] for args in started] == ["auto"]

"""Every state of a job as the panel shows it."""

import time

import pytest
from streamlit.testing.v1 import AppTest

from core import store
from core.jobs import job as jobs


@pytest.fixture
def make_job(monkeypatch):
    """Return a function that puts a job into the store in a state, without a process."""
    monkeypatch.setattr(jobs, "_launch", lambda job_id: None)

    def make(title="Add songs", **status) -> str:
        job_id = jobs.start("add", title, source="x", name=title)
        store.write_json(store.folder("jobs", job_id) / "status.json", {"heartbeat": time.time(), **status})
        return job_id

    return make


def panel() -> AppTest:
    def app():
        import streamlit as st

        from core.ui.shared.job_panel import show_jobs

        show_jobs(
            "add",
            describe=lambda made: f"{made['n']} tracks.",
            detail=lambda job: st.text(f"more of {job.state}"),
            then=lambda made: st.text("next"),
        )

    return AppTest.from_function(app, default_timeout=30).run()


def words_of(at: AppTest) -> str:
    return "\n".join(str(e.value) for kind in (at.markdown, at.caption, at.text) for e in kind).replace(
        "\\", ""
    )


def test_no_job_shows_nothing():
    at = panel()
    assert not at.exception and not words_of(at) and not at.button


def test_a_job_that_runs_shows_rate_and_time_left_and_can_be_stopped(make_job):
    job_id = make_job(
        state="running", done=20, total=80, note="reading song.mp3", rate=4.0, seconds_left=15.0
    )
    at = panel()
    (bar,) = at.get("progress")
    assert bar.proto.value == 25
    assert bar.proto.text.replace("\\", "") == "reading song.mp3, 20 of 80 · 4.0 per second · 15 seconds left"
    assert "more of running" in words_of(at) and "processor" not in words_of(at)
    at.button(key=f"stop-{job_id}").click().run()
    assert (store.root() / "jobs" / job_id / "cancel").exists()


def test_slow_steps_show_seconds_each_and_counts_are_not_doubled(make_job):
    make_job(
        state="running", done=2, total=10, note="epoch 3 of 10, batch 2 of 9", rate=0.1, seconds_left=80.0
    )
    assert (
        panel().get("progress")[0].proto.text.replace("\\", "")
        == "epoch 3 of 10, batch 2 of 9 · 10 seconds each · 80 seconds left"
    )


def test_a_finished_job_shows_its_result_and_is_dismissed(make_job):
    job_id = make_job(state="done", result={"n": 7}, ended=1.0)
    at = panel()
    assert "7 tracks." in words_of(at) and "next" in words_of(at)
    assert not [b for b in at.button if b.key == f"resume-{job_id}"]
    at.button(key=f"forget-{job_id}").click().run()
    assert not words_of(at) and not jobs.list_jobs()


@pytest.mark.parametrize(
    "state, error, words, button",
    [
        ("cancelled", None, "was stopped", "Resume"),
        ("dead", "the process ended", "ended unexpectedly", "Resume"),
        (
            "failed",
            "there is no <b>sound</b> below x",
            "failed: there is no &lt;b&gt;sound&lt;/b&gt; below x",
            "Try again",
        ),
    ],
)
def test_a_job_that_did_not_finish_says_why_and_is_resumed(
    make_job, monkeypatch, state, error, words, button
):
    job_id = make_job(state=state, error=error, ended=1.0)
    again = []
    monkeypatch.setattr(jobs, "resume", again.append)
    at = panel()
    assert words in words_of(at) and f"more of {state}" in words_of(at) and "next" not in words_of(at)
    resume = at.button(key=f"resume-{job_id}")
    assert resume.label == button
    resume.click().run()
    assert again == [job_id]


def test_earlier_jobs_are_collapsed_and_dismissed_at_once(make_job):
    for number in range(5):
        make_job(f"Add {number}", state="failed" if number == 1 else "done", result={"n": number}, ended=1.0)
    at = panel()
    (earlier,) = at.expander
    assert earlier.label == "Earlier jobs (4), 1 not finished" and not earlier.proto.expanded
    outside = [m.value for m in at.markdown if m.value not in [e.value for e in earlier.markdown]]
    assert len(outside) == 1 and "4 tracks" in outside[0]
    at.button(key="forget-all-add").click().run()
    assert [job.title for job in jobs.list_jobs()] == ["Add 4"] and not at.expander


def test_a_job_on_a_cluster_says_how_many_nodes_work(make_job):
    make_job(state="running", done=1, total=9, engine={"name": "ray", "nodes": 3, "cpus": 24})
    assert "Ray cluster: 3 nodes, 24 processors" in words_of(panel())

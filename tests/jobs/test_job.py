"""Jobs: done, failed, cancelled, dead and resumed, each told apart by what lies in the store."""

import os
import signal

import numpy as np
import pandas as pd
import pytest

from core import collection as collections
from core import store
from core.checkpoints.catalogue import list_checkpoints
from core.errors import ConfigError
from core.jobs import job as jobs
from tests.waiting import ended, until

pytestmark = pytest.mark.slow

LONG = {"epochs": "100000"}


@pytest.fixture
def table(tmp_path):
    """A CSV of 40 rows in two groups."""
    rng = np.random.default_rng(0)
    X = rng.standard_normal((40, 6)) + 4 * (np.arange(40) % 2)[:, None]
    path = tmp_path / "table.csv"
    pd.DataFrame(X, columns=[f"x{i}" for i in range(6)]).assign(
        genre=["ab"[i % 2] for i in range(40)]
    ).to_csv(path, index=False)
    return path


@pytest.fixture(autouse=True)
def nobody_left():
    """A test that fails leaves no process that learns on for ever."""
    yield
    for status in jobs.list_jobs():
        if status.is_alive and status.pid:
            os.kill(status.pid, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)


@pytest.fixture
def small(table):
    """The table as a collection."""
    return collections.add(str(table), "small", label="genre")


def begin_long(collection="small") -> str:
    job = jobs.start("train", "long", collection=collection, model="mlp-vae:table", settings=LONG)
    until(lambda: len(jobs.figures(job)) >= 3)
    return job


def test_a_job_does_its_work_and_says_so(table):
    job = jobs.start("add", "Add a table", source=str(table), name="mine", label="genre")
    status = ended(job)
    assert (status.state, status.error) == ("done", None)
    assert status.result["n_tracks"] == 40 and collections.load("mine").n_tracks == 40
    assert status.ended >= status.created
    assert [s.id for s in jobs.list_jobs()] == [job]
    jobs.forget(job)
    assert jobs.list_jobs() == []


def test_what_the_user_can_mend_is_said_in_one_sentence(tmp_path):
    job = jobs.start("add", "Add nothing", source=str(tmp_path / "missing"), name="mine")
    status = ended(job)
    assert status.state == "failed" and "missing" in status.error and "Traceback" not in status.error


def test_unknown_kinds_and_jobs_are_refused():
    with pytest.raises(ConfigError, match="'dance'; choose from add, train, prepare"):
        jobs.start("dance", "no")
    with pytest.raises(ConfigError, match="no job 'x'"):
        jobs.status("x")


def test_the_same_work_is_done_once_and_can_be_cancelled(small):
    job = begin_long()
    assert jobs.start("train", "again", collection="small", model="mlp-vae:table", settings=LONG) == job
    status = jobs.status(job)
    assert status.state == "running" and status.rate > 0 and status.seconds_left > 0
    assert {"train_total", "train_reconstruction", "train_kl"} <= set(jobs.figures(job).columns)
    with pytest.raises(ConfigError, match="still running"):
        jobs.forget(job)
    jobs.cancel(job)
    assert ended(job).state == "cancelled"
    assert list_checkpoints() == [] or all(c.is_shipped for c in list_checkpoints())


def test_a_killed_job_is_dead_and_goes_on_from_its_last_epoch(small):
    job = begin_long()
    os.kill(jobs.status(job).pid, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
    assert ended(job).state == "dead"
    reached = int(jobs.figures(job)["done"].max())
    assert "log" in jobs.status(job).error
    assert jobs.resume(job) == job
    until(lambda: jobs.figures(job)["done"].max() > reached)
    after = jobs.figures(job)["done"]
    assert after.is_unique and after.min() == 1
    jobs.cancel(job)
    assert ended(job).state == "cancelled"


def test_a_process_number_used_again_is_not_the_job(small):
    job = begin_long()
    jobs.cancel(job)
    ended(job)
    folder = store.root() / "jobs" / job
    (folder / "cancel").unlink()
    known = store.read_json(folder / "status.json")
    store.write_json(
        folder / "status.json", {**known, "state": "running", "pid": os.getpid(), "process_started": 1.0}
    )
    assert jobs.status(job).state == "dead"

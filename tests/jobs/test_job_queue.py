"""The queue of jobs: at most some at once, fair between owners, and never stuck."""

import os
import threading

import pytest

from core.errors import ConfigError
from core.jobs import job as jobs
from core.jobs.job_queue import MOST, jobs_to_start, most_at_once, queue_order
from core.jobs.owner import owner
from core.jobs.status import Status, folder_of, process_start, status, write_status


def job(name: str, who: str = "", *, waits: bool = True, state: str = "queued") -> Status:
    created = float(name[1:]) if name[1:].isdigit() else 0.0
    return Status(name, "add", name, {}, owner=who, state=state, waits=waits, created=created)


def names(found) -> list[str]:
    return [one.id for one in found]


def test_the_oldest_is_first_among_the_jobs_of_one():
    assert names(queue_order([job("j3"), job("j1"), job("j2")])) == ["j1", "j2", "j3"]


def test_owners_take_turns():
    many = [job(f"j{i}", "a") for i in range(1, 5)] + [job("j9", "b")]
    assert names(queue_order(many)) == ["j1", "j9", "j2", "j3", "j4"]
    running = [job("j0", "a", waits=False, state="running")]
    assert names(queue_order(running + many))[0] == "j9"


def test_only_as_many_start_as_may_run():
    waiting = [job("j1"), job("j2")]
    running = [job("j0", waits=False, state="running")]
    ended = [job(f"d{i}", waits=False, state="done") for i in range(5)]
    assert names(jobs_to_start(waiting + running + ended, 2)) == ["j1"]
    assert jobs_to_start(waiting + running, 1) == []
    assert names(jobs_to_start(waiting, 5)) == ["j1", "j2"]


def test_the_cap_is_read_and_checked(monkeypatch):
    assert 1 <= most_at_once() <= 4
    monkeypatch.setenv(MOST, "7")
    assert most_at_once() == 7
    for bad in ("0", "-1", "many", "1.5"):
        monkeypatch.setenv(MOST, bad)
        with pytest.raises(ConfigError, match="SONGSCAPE_JOBS"):
            most_at_once()


@pytest.fixture
def launched(monkeypatch) -> list[str]:
    """Run no process: a launched job is one of this process."""
    found = []

    def launch(job_id):
        found.append(job_id)
        pid = os.getpid()
        write_status(folder_of(job_id), state="running", pid=pid, process_started=process_start(pid))

    monkeypatch.setattr(jobs, "_launch", launch)
    monkeypatch.setenv(MOST, "2")
    return found


def end(job_id: str) -> None:
    write_status(folder_of(job_id), state="done")


def test_a_third_job_waits_until_one_has_ended(launched):
    ids = [jobs.start("add", "Add", source=str(i)) for i in range(4)]
    assert launched == ids[:2]
    assert [status(one).waits for one in ids] == [False, False, True, True]
    assert [jobs.jobs_before(one) for one in ids[2:]] == [0, 1]
    assert names(jobs.list_jobs()) and launched == ids[:2]
    end(ids[0])
    jobs.dispatch()
    assert launched == ids[:3]


def test_a_queue_whose_jobs_were_killed_goes_on_when_somebody_looks(launched):
    ids = [jobs.start("add", "Add", source=str(i)) for i in range(3)]
    for one in ids[:2]:
        write_status(folder_of(one), process_started=1.0)  # another process has the number now
    jobs.list_jobs()
    assert launched == ids and status(ids[0]).state == "dead"


def test_a_waiting_job_can_be_cancelled_and_resumed(launched):
    ids = [jobs.start("add", "Add", source=str(i)) for i in range(3)]
    jobs.cancel(ids[2])
    assert status(ids[2]).state == "cancelled"
    jobs.resume(ids[2])
    assert status(ids[2]).waits
    end(ids[1])
    jobs.dispatch()
    assert launched == ids


def test_sessions_share_the_queue_fairly(launched):
    first = [jobs.start("add", "Add", source=str(i)) for i in range(5)]
    found = []

    def other_session():
        owner.set("other")
        found.append(jobs.start("add", "Add", source="mine"))

    thread = threading.Thread(target=other_session)
    thread.start()
    thread.join()
    end(first[0])
    jobs.dispatch()
    assert launched == [*first[:2], *found]


def test_a_page_says_how_many_are_before(launched):
    from core.ui.shared.prepare import progress_line

    ids = [jobs.start("add", "Add", source=str(i)) for i in range(4)]
    assert progress_line(status(ids[2])) == "waits for a running job"
    assert progress_line(status(ids[3])) == "waits for a running job and 1 before it in the queue"

"""Jobs: long work in a process of its own, with a folder of its own in the store.

``jobs/ID/`` has ``job.json`` (kind and arguments), ``status.json`` (state and progress, written
atomically), ``figures.jsonl`` (one line per epoch), ``log.txt`` and, after cancellation, ``cancel``. Pages
show these files, so that they can be closed and reopened at any time. A job is dead if its process has
ended or its id belongs to another process. The same work requested twice at once runs once. At most some
jobs run at once; the others wait (:mod:`core.jobs.job_queue`).
"""

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from core import store
from core.access.audit import audited
from core.access.quotas import check_jobs
from core.access.viewer import viewer
from core.errors import CollectionError, ConfigError
from core.jobs import status as states
from core.jobs.job_access import check_control, check_start, may_see_job, subject_of
from core.jobs.job_queue import jobs_to_start, most_at_once, queue_order
from core.jobs.owner import owner
from core.jobs.status import Status, figures, folder_of, status, write_status
from core.jobs.work import WORK

__all__ = [
    "Status",
    "cancel",
    "check_idle",
    "dispatch",
    "figures",
    "forget",
    "jobs_before",
    "list_jobs",
    "resume",
    "running_on",
    "start",
    "status",
]

ROOT = Path(__file__).resolve().parents[2]


def start(kind: str, title: str, **args) -> str:
    """Start a job and return its id, or the id of a running job with the same arguments.

    Parameters
    ----------
    kind : str
        A key of :data:`core.jobs.work.WORK`.
    title : str
        Shown on pages.
    **args
        Keyword arguments of the function, with JSON values; ``engine``, optional: name and address for
        :func:`core.engine.using`.
    """
    if kind not in WORK:
        raise ConfigError(f"there is no job of kind {kind!r}; choose from {', '.join(WORK)}")
    user = viewer().email
    with store.lock("jobs"), audited(f"start {kind}", subject_of(args), title=title):
        check_start(kind, args)
        for known in states.list_jobs(kind):
            if known.is_alive and known.args == json.loads(json.dumps(args)) and may_see_job(known):
                return known.id
        _check_number()
        job_id = f"{time.strftime('%Y%m%d-%H%M%S')}-{kind}-{store.key_of(time.time_ns(), args)[:6]}"
        folder = store.folder("jobs", job_id)
        created = time.time()
        store.write_json(
            folder / "job.json",
            {
                "id": job_id,
                "kind": kind,
                "title": title,
                "args": args,
                "created": created,
                "owner": user or owner.get(),
                "user": user,
            },
        )
        _enqueue(job_id)
    return job_id


def _check_number() -> None:
    """Refuse a further job of somebody who has as many as the limit. Called with the lock held."""
    user = viewer().email
    check_jobs(sum(known.is_alive and known.user == user for known in states.list_jobs()))


def _enqueue(job_id: str) -> None:
    """Let a job wait, and start those that may. Called with the lock held."""
    write_status(folder_of(job_id), state="queued", waits=True, pid=None, heartbeat=time.time())
    _start_waiting()


def _start_waiting() -> None:
    """Start the waiting jobs that may run now. Called with the lock held."""
    for job in jobs_to_start(states.list_jobs(), most_at_once()):
        write_status(folder_of(job.id), waits=False, heartbeat=time.time())
        _launch(job.id)


def dispatch() -> None:
    """Start the waiting jobs that may run now: called where a job has ended, and by pages that look."""
    with store.lock("jobs"):
        _start_waiting()


def list_jobs(kind: str | None = None) -> list[Status]:
    """Return all jobs that the present viewer may see, newest first.

    Where one waits, those that may run now are started, as after a crash.
    """
    return [job for job in _list_all(kind) if may_see_job(job)]


def _list_all(kind: str | None = None) -> list[Status]:
    """Return all jobs, newest first; start what may run now."""
    found = states.list_jobs(kind)
    if any(job.waits for job in found) and jobs_to_start(states.list_jobs(), most_at_once()):
        dispatch()
        found = states.list_jobs(kind)
    return found


def jobs_before(job_id: str) -> int:
    """Return how many jobs of the queue will start before a waiting one."""
    order = [job.id for job in queue_order(states.list_jobs())]
    return order.index(job_id) if job_id in order else 0


def _launch(job_id: str) -> None:
    """Start the process, detached, so that it survives a restart of the app."""
    folder = store.folder("jobs", job_id)
    detached: dict[str, Any] = (
        {"creationflags": 0x00000208} if sys.platform == "win32" else {"start_new_session": True}
    )
    environment = {**os.environ, "SONGSCAPE_CACHE": str(store.root()), "PYTHONUNBUFFERED": "1"}
    write_status(
        folder, state="queued", pid=None, heartbeat=time.time()
    )  # later, only the job's process writes
    with open(folder / "log.txt", "ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "core", "run-job", job_id],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            **detached,
        )
    threading.Thread(target=process.wait, daemon=True).start()  # else it would stay a zombie


def resume(job_id: str) -> str:
    """Restart a dead, failed or cancelled job; extracted features and finished epochs are reused."""
    folder = folder_of(job_id)
    check_control(status(job_id))
    with store.lock("jobs"):
        job = status(job_id)
        if not job.is_alive:
            check_start(job.kind, job.args)
            _check_number()
            (folder / "cancel").unlink(missing_ok=True)
            (folder / "status.json").unlink(missing_ok=True)
            _enqueue(job_id)
    return job_id


def cancel(job_id: str) -> None:
    """Ask a job to stop; see :data:`core.jobs.status.KILL_AFTER_S`."""
    job = status(job_id)
    with audited(f"stop {job.kind}", subject_of(job.args), title=job.title):
        check_control(job)
        (folder_of(job_id) / "cancel").touch()


def forget(job_id: str) -> None:
    """Delete the folder of a job that has ended."""
    check_control(status(job_id))
    if status(job_id).is_alive:
        raise ConfigError(f"{job_id} is still running; cancel it first")
    shutil.rmtree(folder_of(job_id))


def running_on(collection: str, kind: str | None = None) -> Status | None:
    """Return a queued or running job (of one kind) that works on a collection, None if there is none."""
    return next(
        (
            job
            for job in _list_all(kind)
            if job.is_alive and collection in (job.args.get("collection"), job.args.get("name"))
        ),
        None,
    )


def check_idle(collection: str) -> None:
    """Refuse to change a collection while a job works on it.

    Raises
    ------
    CollectionError
        With the title of the job.
    """
    if job := running_on(collection):
        raise CollectionError(
            f"a job works on {collection} ({job.title}); wait until it has ended, or stop it"
        )

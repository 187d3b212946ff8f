"""The state of a job, from the files in its folder."""

import json
import threading
import time
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import pandas as pd

from core import store
from core.errors import ConfigError

ALIVE = ("queued", "running")
KILL_AFTER_S = 15.0
"""A job that was cancelled this long ago and still runs is killed."""
START_S = 60.0
"""A job whose process hasn't reported after this time is dead."""


@dataclass(frozen=True)
class Status:
    """State and progress of a job. Times are seconds since 1970; ``rate`` is steps per second.

    ``engine`` has ``name``, ``nodes`` and ``cpus`` of a cluster, as last seen (:mod:`core.engine`), {} on
    this machine. ``owner`` is who started it, for the fair queue: a session, or a person who signed in, whom
    ``user`` names, too; ``waits`` is whether it is in the queue (:mod:`core.jobs.job_queue`).
    """

    id: str
    kind: str
    title: str
    args: dict
    owner: str = ""
    user: str = ""
    state: str = "queued"
    waits: bool = False
    done: int = 0
    total: int = 0
    note: str = ""
    rate: float | None = None
    seconds_left: float | None = None
    error: str | None = None
    result: dict | None = None
    engine: dict = field(default_factory=dict)
    created: float = 0.0
    ended: float | None = None
    pid: int | None = field(default=None, repr=False)
    process_started: float | None = field(default=None, repr=False)
    heartbeat: float | None = field(default=None, repr=False)

    @property
    def is_alive(self) -> bool:
        """Whether it is queued or running."""
        return self.state in ALIVE


def status(job_id: str) -> Status:
    """Return the present state of a job.

    Raises
    ------
    ConfigError
        When there is no such job.
    """
    folder = folder_of(job_id)
    known = read_status(folder)
    if known.is_alive and known.waits:
        if not (folder / "cancel").exists():
            return known
        return write_status(folder, state="cancelled", waits=False, ended=time.time())
    if not known.is_alive or (known.pid is None and time.time() - (known.heartbeat or 0) < START_S):
        return known
    if known.pid is None or process_start(known.pid) != known.process_started:
        known = read_status(folder)  # it may just have ended
        if known.is_alive:
            cancelled = (folder / "cancel").exists()
            ending = f"the process ended unexpectedly; its log: {_last_line(folder / 'log.txt')}"
            error = None if cancelled else ending
            return write_status(
                folder, state="cancelled" if cancelled else "dead", error=error, ended=time.time()
            )
    elif (folder / "cancel").exists() and time.time() - (folder / "cancel").stat().st_mtime > KILL_AFTER_S:
        import psutil

        psutil.Process(known.pid).kill()
    return known


def folder_of(job_id: str) -> Path:
    """Return a job's folder; refuse an unknown job."""
    folder = store.root() / "jobs" / job_id
    if store.read_json(folder / "job.json") is None:
        raise ConfigError(f"there is no job {job_id!r}")
    return folder


def figures(job_id: str) -> pd.DataFrame:
    """Return one row per progress report with figures (an epoch): ``done`` and the parts of the loss."""
    path = store.root() / "jobs" / job_id / "figures.jsonl"
    rows = {}
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
        try:
            row = json.loads(line)
            rows[row["done"]] = row  # a resumed job reports its last epoch again
        except ValueError:
            continue  # the line being written
    return pd.DataFrame([rows[done] for done in sorted(rows)])


def list_jobs(kind: str | None = None) -> list[Status]:
    """Return all jobs, newest first."""
    found = [status(path.parent.name) for path in store.root().glob(f"jobs/*-{kind or '*'}-*/job.json")]
    return sorted(found, key=lambda s: s.created, reverse=True)


_writing = threading.Lock()


def write_status(folder: Path, **changes) -> Status:
    """Update fields of the status file atomically; return the status."""
    with _writing:
        merged = replace(read_status(folder), **changes)
        store.write_json(folder / "status.json", asdict(merged))
    return merged


def read_status(folder: Path) -> Status:
    """Return the status from a job's files."""
    return Status(**{**store.read_json(folder / "job.json"), **store.read_json(folder / "status.json", {})})


def process_start(pid: int) -> float | None:
    """Return the start time of a process, None if there is none or it is a zombie."""
    import psutil

    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else process.create_time()
    except psutil.Error:
        return None


def _last_line(path: Path) -> str:
    """Return the last line of a log."""
    lines = path.read_text(encoding="utf-8", errors="replace").strip().splitlines() if path.exists() else []
    return lines[-1] if lines else "empty"

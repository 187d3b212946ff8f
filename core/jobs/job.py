"""Jobs: long work in a process of its own, with a folder of its own in the store.

``jobs/ID/`` holds ``job.json`` (what to do), ``status.json`` (where it stands, written whole each time),
``figures.jsonl`` (one line per epoch), ``log.txt`` and, once someone asked for it, ``cancel``. A page can be
closed and opened again at any time, because everything it shows lies there. A job is known as dead when its
process is gone or is another one with the same number. The same work asked for twice at once is done once.
"""

import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import pandas as pd

from core import store
from core.errors import Cancelled, ConfigError, SongscapeError
from core.jobs.work import WORK
from core.progress import Pace

ALIVE = ("queued", "running")
HEARTBEAT_S = 2.0
KILL_AFTER_S = 15.0
START_S = 60.0
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Status:
    """Where a job stands. Times are seconds since 1970; ``rate`` is steps per second."""

    id: str
    kind: str
    title: str
    args: dict
    state: str = "queued"
    done: int = 0
    total: int = 0
    note: str = ""
    rate: float | None = None
    seconds_left: float | None = None
    error: str | None = None
    result: dict | None = None
    created: float = 0.0
    ended: float | None = None
    pid: int | None = field(default=None, repr=False)
    process_started: float | None = field(default=None, repr=False)
    heartbeat: float | None = field(default=None, repr=False)

    @property
    def is_alive(self) -> bool:
        return self.state in ALIVE


def start(kind: str, title: str, **args) -> str:
    """Start a job and return its id; where the same work is under way, return that one's id.

    Parameters
    ----------
    kind : {"add", "train", "prepare"}
        What to do, see :data:`core.jobs.work.WORK`.
    title : str
        What people read.
    **args
        Keyword arguments of the work, as JSON knows them.
    """
    if kind not in WORK:
        raise ConfigError(f"there is no job of kind {kind!r}; choose from {', '.join(WORK)}")
    with store.lock("jobs"):
        for known in list_jobs(kind):
            if known.is_alive and known.args == json.loads(json.dumps(args)):
                return known.id
        job_id = f"{time.strftime('%Y%m%d-%H%M%S')}-{kind}-{store.key_of(time.time_ns(), args)[:6]}"
        folder = store.folder("jobs", job_id)
        created = time.time()
        store.write_json(
            folder / "job.json",
            {"id": job_id, "kind": kind, "title": title, "args": args, "created": created},
        )
        _launch(job_id)
    return job_id


def _launch(job_id: str) -> None:
    """Start the process. It outlives the server, so that a restart of the app loses nothing."""
    folder = store.folder("jobs", job_id)
    apart = {"creationflags": 0x00000208} if sys.platform == "win32" else {"start_new_session": True}
    environment = {**os.environ, "SONGSCAPE_CACHE": str(store.root()), "PYTHONUNBUFFERED": "1"}
    _write(
        folder, state="queued", pid=None, heartbeat=time.time()
    )  # from here on the job's own process writes
    with open(folder / "log.txt", "ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "core", "run-job", job_id],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            **apart,
        )
    threading.Thread(target=process.wait, daemon=True).start()  # or it would stay a zombie of the server


def resume(job_id: str) -> str:
    """Start a dead, failed or cancelled job again; features and finished epochs are taken up from the store."""
    folder = _folder_of(job_id)
    if not status(job_id).is_alive:
        (folder / "cancel").unlink(missing_ok=True)
        (folder / "status.json").unlink(missing_ok=True)
        _launch(job_id)
    return job_id


def cancel(job_id: str) -> None:
    """Ask a job to stop; one that doesn't within :data:`KILL_AFTER_S` is ended when its status is next read."""
    (_folder_of(job_id) / "cancel").touch()


def status(job_id: str) -> Status:
    """Return where a job stands now.

    Raises
    ------
    ConfigError
        When there is no such job.
    """
    folder = _folder_of(job_id)
    known = _read(folder)
    if not known.is_alive or (known.pid is None and time.time() - (known.heartbeat or 0) < START_S):
        return known
    if known.pid is None or _birth(known.pid) != known.process_started:
        known = _read(folder)  # it may have ended just now
        if known.is_alive:
            cancelled = (folder / "cancel").exists()
            error = (
                None
                if cancelled
                else f"the process ended without a word; its log: {_last_line(folder / 'log.txt')}"
            )
            return _write(folder, state="cancelled" if cancelled else "dead", error=error, ended=time.time())
    elif (folder / "cancel").exists() and time.time() - (folder / "cancel").stat().st_mtime > KILL_AFTER_S:
        import psutil

        psutil.Process(known.pid).kill()
    return known


def _folder_of(job_id: str) -> Path:
    """Return a job's folder, refused where there is no such job."""
    folder = store.root() / "jobs" / job_id
    if store.read_json(folder / "job.json") is None:
        raise ConfigError(f"there is no job {job_id!r}")
    return folder


def figures(job_id: str) -> pd.DataFrame:
    """Return one row per report that carried figures (an epoch): ``done`` and the loss parts by name."""
    path = store.root() / "jobs" / job_id / "figures.jsonl"
    rows = {}
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
        try:
            row = json.loads(line)
            rows[row["done"]] = row  # a resumed job reports its last epoch again
        except ValueError:
            continue  # the line that is being written
    return pd.DataFrame([rows[done] for done in sorted(rows)])


def list_jobs(kind: str | None = None) -> list[Status]:
    """Return all jobs, newest first."""
    folder = store.root() / "jobs"
    found = (
        [status(path.parent.name) for path in folder.glob(f"*-{kind or '*'}-*/job.json")]
        if folder.exists()
        else []
    )
    return sorted(found, key=lambda s: s.created, reverse=True)


def forget(job_id: str) -> None:
    """Delete the folder of a job that has ended."""
    import shutil

    if status(job_id).is_alive:
        raise ConfigError(f"{job_id} is still running; cancel it first")
    shutil.rmtree(_folder_of(job_id))


def run(job_id: str) -> int:
    """Do a job's work in this process; return the exit status. ``python -m core run-job ID`` calls this.

    Raises
    ------
    ConfigError
        When there is no such job.
    """
    folder = _folder_of(job_id)
    job = store.read_json(folder / "job.json")
    _write(
        folder, state="running", pid=os.getpid(), process_started=_birth(os.getpid()), heartbeat=time.time()
    )
    ended = threading.Event()
    beat = threading.Thread(target=_beat, args=(folder, ended), daemon=True)
    beat.start()
    outcome: dict = {}
    try:
        with store.lock(f"job-{job['kind']}-{store.key_of(job['args'])}"):
            outcome = {"state": "done", "result": WORK[job["kind"]](**job["args"], progress=Report(folder))}
    except Cancelled:
        outcome = {"state": "cancelled"}
    except SongscapeError as reason:
        outcome = {"state": "failed", "error": str(reason)}
    except BaseException as defect:
        outcome = {
            "state": "failed",
            "error": f"a defect in Songscape ({type(defect).__name__}: {defect}); the log says more",
        }
        raise
    finally:
        ended.set()
        beat.join()
        _write(folder, **outcome, ended=time.time(), seconds_left=None)
    return 0 if outcome["state"] == "done" else 1


class Report:
    """The progress callable of a job: writes the status at most five times a second, raises when cancelled."""

    def __init__(self, folder: Path):
        self.folder, self.last, self.pace = folder, 0.0, Pace()

    def __call__(self, done: int, total: int, note: str = "", **figures) -> None:
        if (self.folder / "cancel").exists():
            raise Cancelled("cancelled")
        now = time.monotonic()
        if figures:
            with open(self.folder / "figures.jsonl", "a", encoding="utf-8") as file:
                file.write(json.dumps({"done": done, **{k: float(v) for k, v in figures.items()}}) + "\n")
        rate, left = self.pace(done, total)
        if now - self.last < 0.2 and done < total and not figures:
            return
        self.last = now
        _write(self.folder, done=done, total=total, note=note, rate=rate, seconds_left=left)


_writing = threading.Lock()


def _write(folder: Path, **changes) -> Status:
    """Change some fields of the status file, whole or not at all; return the status."""
    with _writing:
        merged = replace(_read(folder), **changes)
        store.write_json(folder / "status.json", asdict(merged))
    return merged


def _read(folder: Path) -> Status:
    """Return what the files say: what to do, and over it where it stands."""
    return Status(
        **{**store.read_json(folder / "job.json"), **(store.read_json(folder / "status.json") or {})}
    )


def _beat(folder: Path, ended: threading.Event) -> None:
    """Say every two seconds that the process lives, however long a step takes."""
    while not ended.wait(HEARTBEAT_S):
        _write(folder, heartbeat=time.time())


def _birth(pid: int) -> float | None:
    """Return when the process with this number began, None where there is none (or only its corpse)."""
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

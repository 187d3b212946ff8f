"""Running a job in its own process, with status, progress and cancellation."""

import json
import math
import os
import threading
import time
from pathlib import Path

from core import store
from core.access.viewer import Viewer, enforce
from core.engine import describe, is_local, using
from core.errors import Cancelled, SongscapeError
from core.jobs.job import dispatch
from core.jobs.status import folder_of, process_start, write_status
from core.jobs.work import WORK
from core.progress import Pace

HEARTBEAT_S = 2.0
LOOK_S = 5.0
"""Seconds between looks at a cluster."""


def run(job_id: str) -> int:
    """Run a job in this process and return the exit status; called by ``python -m core run-job ID``.

    Raises
    ------
    ConfigError
        When the job doesn't exist.
    """
    folder = folder_of(job_id)
    job = store.read_json(folder / "job.json")
    if user := job.get("user"):
        enforce(lambda: Viewer(email=user))  # in all threads of this process
    write_status(
        folder,
        state="running",
        pid=os.getpid(),
        process_started=process_start(os.getpid()),
        heartbeat=time.time(),
    )
    ended = threading.Event()
    heartbeat = threading.Thread(target=_update_heartbeat, args=(folder, ended), daemon=True)
    heartbeat.start()
    outcome: dict = {}
    try:
        args = dict(job["args"])
        chosen = args.pop("engine", {})
        with (
            store.lock(f"job-{job['kind']}-{store.key_of(job['args'])}"),
            using(**{"name": "local", **chosen}),
        ):
            outcome = {"state": "done", "result": WORK[job["kind"]](**args, progress=Reporter(folder))}
    except Cancelled:
        outcome = {"state": "cancelled"}
    except SongscapeError as reason:
        outcome = {"state": "failed", "error": str(reason)}
    except BaseException as defect:
        outcome = {
            "state": "failed",
            "error": f"a defect in Songscape ({type(defect).__name__}: {defect}); see the log",
        }
        raise
    finally:
        ended.set()
        heartbeat.join()
        write_status(folder, **outcome, ended=time.time(), seconds_left=None)
        dispatch()
    return 0 if outcome["state"] == "done" else 1


class Reporter:
    """Progress callable of a job: writes the status at most five times a second, raises if cancelled."""

    def __init__(self, folder: Path):
        self.folder, self.last, self.pace = folder, 0.0, Pace()
        self.engine = EngineWatch()

    def __call__(self, done: int, total: int, note: str = "", **figures) -> None:
        """Report progress; ``figures`` are added to the job's table."""
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
        progress = {"done": done, "total": total, "note": note, "rate": rate, "seconds_left": left}
        write_status(self.folder, **progress, engine=self.engine())


class EngineWatch:
    """The cluster that works for a job, looked at every few seconds; {} for this machine."""

    def __init__(self) -> None:
        self.seen: dict = {}
        self.looked = -math.inf
        if not is_local():
            self()

    def __call__(self) -> dict:
        """Return name, nodes and processors."""
        if not is_local() and time.monotonic() - self.looked > LOOK_S:
            self.seen, self.looked = describe(), time.monotonic()
        return self.seen


def _update_heartbeat(folder: Path, ended: threading.Event) -> None:
    """Update the heartbeat every two seconds, also during long steps."""
    while not ended.wait(HEARTBEAT_S):
        write_status(folder, heartbeat=time.time())

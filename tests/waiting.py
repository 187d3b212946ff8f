"""Waiting for what another process does; only the last look decides."""

import time
from collections.abc import Callable

from core.jobs import job as jobs


def until(condition: Callable[[], bool], timeout_s: float = 120.0) -> None:
    """Poll until it holds; the process that is waited for is real."""
    end = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.05)


def ended(job_id: str, timeout_s: float = 120.0) -> jobs.Status:
    """Return the status of a job once it has ended."""
    until(lambda: not jobs.status(job_id).is_alive, timeout_s)
    return jobs.status(job_id)

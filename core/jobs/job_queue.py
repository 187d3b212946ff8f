"""Which waiting job starts next: at most some at once, and fair between the sessions that started them."""

import os
from collections import Counter
from collections.abc import Sequence

from core.errors import ConfigError
from core.jobs.status import Status

MOST = "SONGSCAPE_JOBS"
"""Environment variable: jobs that run at once."""
BYTES_PER_JOB = 2 * 2**30
"""Memory that a job may need: torch, a model and its data."""


def most_at_once() -> int:
    """Return how many jobs may run at once: ``SONGSCAPE_JOBS``, else by processors and memory, at most four.

    Raises
    ------
    ConfigError
        When the variable is no positive number.
    """
    if given := os.environ.get(MOST):
        if not given.isdecimal() or int(given) < 1:
            raise ConfigError(f"{MOST}={given[:40]!r} must be a whole number, 1 or more")
        return int(given)
    import psutil

    by_memory = psutil.virtual_memory().total // BYTES_PER_JOB
    return max(1, min(4, os.cpu_count() or 1, by_memory))


def queue_order(jobs: Sequence[Status]) -> list[Status]:
    """Return the waiting jobs in the order in which they will start.

    The next is always of the owner with the fewest jobs that run or are before it in this order, among those
    the one that has waited longest.
    """
    taken = Counter(job.owner for job in jobs if job.is_alive and not job.waits)
    waiting = sorted((job for job in jobs if job.is_alive and job.waits), key=lambda job: job.created)
    order = []
    while waiting:
        job = min(waiting, key=lambda job: (taken[job.owner], job.created))
        waiting.remove(job)
        taken[job.owner] += 1
        order.append(job)
    return order


def jobs_to_start(jobs: Sequence[Status], most: int) -> list[Status]:
    """Return the waiting jobs that may start now."""
    running = sum(job.is_alive and not job.waits for job in jobs)
    return queue_order(jobs)[: max(0, most - running)]

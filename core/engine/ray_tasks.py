"""Work on single tracks by tasks of a Ray cluster.

Each task takes a few items. Where its worker or its machine dies, these are tried once more, one by one, so
that a file which crashes its worker fails alone, after two tries. Results come back to the
caller, which appends them to the same Lance tables as on one machine: one writer needs no lock on a shared
folder. (The ``write_lance`` of Ray Data fails with pylance 14.)
"""

import logging
import os
import socket
from collections import deque
from collections.abc import Callable, Generator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from core.engine.attempt import Failed, attempt
from core.errors import ConfigError

T = TypeVar("T")
R = TypeVar("R")

PATIENCE_S = 5.0
"""Seconds in which an address must answer."""
PER_CPU = 3
"""Tasks that wait or run for each processor of the cluster; more would only fill memory."""
DIED = "the process that read it died twice; the file may be damaged in a way that crashes the decoder"
ROOT = Path(__file__).resolve().parents[2]
KEPT_VARIABLES = ("SONGSCAPE_", "HF_")
"""Beginnings of the environment variables that workers take over."""


def connect(address: str | None) -> Any:
    """Return the ``ray`` module, connected to a cluster; one is started where no address is given.

    Raises
    ------
    ConfigError
        When there is no cluster at the address.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    import ray

    if ray.is_initialized():
        return ray
    if address and ":" in address:
        _check_answers(address)
    kept = {name: value for name, value in os.environ.items() if name.startswith(KEPT_VARIABLES)}
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    variables = {**kept, "PYTHONPATH": path, "OMP_NUM_THREADS": "1"}
    try:
        ray.init(
            address=address,
            runtime_env={"env_vars": variables},
            log_to_driver=False,
            logging_level=logging.ERROR,
            include_dashboard=None if address else False,
        )
    except (ConnectionError, ValueError) as error:
        raise ConfigError(
            f"address={address!r}: no Ray cluster is running; start one with ray start --head"
        ) from error
    return ray


def _check_answers(address: str) -> None:
    """Raise ConfigError if nothing answers at host:port, for which Ray itself would wait for minutes."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=PATIENCE_S).close()
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"address={address!r}: no Ray cluster answers there ({error}); start one with ray start --head"
        ) from error


def describe_cluster(address: str | None = None) -> dict[str, int]:
    """Return ``nodes`` and ``cpus`` of the cluster."""
    ray = connect(address)
    alive = [node for node in ray.nodes() if node["Alive"]]
    return {"nodes": len(alive), "cpus": int(sum(node["Resources"].get("CPU", 0) for node in alive))}


def run_on_cluster(
    work: Callable[[T], R],
    items: Mapping[str, T],
    reports: tuple[type[Exception], ...],
    address: str | None = None,
    per_task: int = 8,
) -> Generator[tuple[str, R | Failed], None, None]:
    """Yield results as completed, see :func:`core.engine.engine.run_each`."""
    if not items:
        return
    ray = connect(address)
    task = ray.remote(num_cpus=1, max_retries=0)(_run_some)
    shared = ray.put((work, reports))
    most = PER_CPU * max(1, describe_cluster(address)["cpus"])
    names = list(items)
    waiting = deque(names[first : first + per_task] for first in range(0, len(names), per_task))
    running: dict[Any, list[str]] = {}
    alone: deque[str] = deque()  # items of tasks that died
    again = set()  # tasks of these
    try:
        while waiting or alone or running:
            while (waiting or alone) and len(running) < most:
                some = [alone.popleft()] if (is_again := bool(alone)) else waiting.popleft()
                reference = task.remote(shared, [items[name] for name in some])
                running[reference] = some
                if is_again:
                    again.add(reference)
            (done,), _ = ray.wait(list(running), num_returns=1)
            some = running.pop(done)
            try:
                yield from zip(some, ray.get(done))
            except ray.exceptions.RayTaskError:  # the work's own error
                raise
            except ray.exceptions.RayError:
                if done in again:
                    yield some[0], Failed(DIED)
                else:
                    alone.extend(some)
    finally:
        for reference in running:
            ray.cancel(reference)


def _run_some(shared: tuple[Callable, tuple[type[Exception], ...]], items: list) -> list:
    """Work on a few items, on a worker."""
    import torch

    torch.set_num_threads(1)  # the cluster keeps the processors busy
    work, reports = shared
    return [attempt(work, item, reports) for item in items]

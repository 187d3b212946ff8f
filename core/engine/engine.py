"""The seam: one function over many items, by the engine that is in use."""

import importlib.util
import os
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar

from core.engine.attempt import Failed
from core.errors import ConfigError

T = TypeVar("T")
R = TypeVar("R")

ENGINES = {
    "local": "Threads of this process.",
    "ray": "The machines of a Ray cluster; needs the extra: pip install -e .[ray].",
}


@dataclass(frozen=True)
class _Engine:
    """The engine in use, and the address of its cluster."""

    name: str = "local"
    address: str | None = None


_current: ContextVar[_Engine | None] = ContextVar("engine", default=None)


@contextmanager
def using(name: str, address: str | None = None) -> Iterator[None]:
    """Run the work on single tracks by an engine, within this block of this thread.

    Parameters
    ----------
    name : str
        One of :data:`ENGINES`.
    address : str, optional
        Of a Ray cluster: "auto" (the one on this machine) or host:port. By default one is started that ends
        with this process.

    Raises
    ------
    ConfigError
        When the engine is unknown, Ray is not installed, or an address is given without it.
    """
    if name not in ENGINES:
        raise ConfigError(f"engine={name!r} must be one of {', '.join(ENGINES)}")
    if address and name != "ray":
        raise ConfigError(f"address={address!r} is for --engine ray; the engine is {name}")
    if not is_installed(name):
        raise ConfigError("engine='ray' needs Ray, which isn't installed: pip install -e .[ray]")
    token = _current.set(_Engine(name, address))
    try:
        yield
    finally:
        _current.reset(token)


def _engine() -> _Engine:
    """Return the engine in use."""
    return _current.get() or _Engine()


def is_installed(name: str) -> bool:
    """Return whether what an engine needs is installed."""
    return name != "ray" or importlib.util.find_spec("ray") is not None


def describe() -> dict[str, str | int]:
    """Return ``name``, ``nodes`` and ``cpus`` of the engine in use; connects to its cluster.

    Raises
    ------
    ConfigError
        When there is no cluster at the address.
    """
    engine = _engine()
    if engine.name == "ray":
        from core.engine.ray_tasks import describe_cluster

        return {"name": "ray", **describe_cluster(engine.address)}
    return {"name": "local", "nodes": 1, "cpus": os.cpu_count() or 1}


def is_local() -> bool:
    """Return whether the work runs in this process."""
    return _engine().name == "local"


def run_each(
    work: Callable[[T], R],
    items: Mapping[str, T],
    reports: tuple[type[Exception], ...] = (),
    *,
    n_threads: int | None = None,
    per_task: int = 8,
) -> Generator[tuple[str, R | Failed], None, None]:
    """Yield each item's name with its result, or with why it failed, as completed.

    Items that have not started when the iterator is closed are dropped.

    Parameters
    ----------
    work : callable
        Of one item; has to be importable on the other machines.
    reports : tuple of type
        Exceptions that become :class:`Failed`; others are raised.
    n_threads : int, optional
        Of the local engine; by default one per processor.
    per_task : int
        Items that a cluster's task takes; one where an item takes long.
    """
    engine = _engine()
    if engine.name == "ray":
        from core.engine.ray_tasks import run_on_cluster

        return run_on_cluster(work, items, reports, engine.address, per_task)
    from core.engine.local_threads import run_in_threads

    return run_in_threads(work, items, reports, n_threads)

"""Benchmarks, run by ``python -m core bench NAME``.

A benchmark is a module with ``run(progress, **options) -> dict``, which returns one flat dictionary of
figures; its options are keyword arguments with defaults.
"""

from collections.abc import Callable
from importlib import import_module

from core.errors import ConfigError

BENCHES = ("frontend", "explore", "fusion", "masked", "retrieval", "map", "scale", "hostile", "sessions")


def get_bench(name: str) -> Callable[..., dict]:
    """Return the ``run`` function of a benchmark.

    Raises
    ------
    ConfigError
        When the name is unknown; lists the benchmarks.
    """
    if name not in BENCHES:
        raise ConfigError(f"unknown benchmark {name!r}; choose from {', '.join(BENCHES)}")
    return import_module(f"{__name__}.{name}").run

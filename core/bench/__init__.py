"""Benchmarks, run by ``python -m core bench NAME``.

A benchmark is a module with ``run(progress, **options) -> dict``, which returns one flat dictionary of
figures; its options are keyword arguments with defaults.
"""

from collections.abc import Callable

from core.errors import ConfigError


def _frontend() -> Callable[..., dict]:
    from core.bench.frontend import run

    return run


def _explore() -> Callable[..., dict]:
    from core.bench.explore import run

    return run


def _fusion() -> Callable[..., dict]:
    from core.bench.fusion import run

    return run


def _masked() -> Callable[..., dict]:
    from core.bench.masked import run

    return run


BENCHES: dict[str, Callable[[], Callable[..., dict]]] = {
    "frontend": _frontend,
    "explore": _explore,
    "fusion": _fusion,
    "masked": _masked,
}


def get_bench(name: str) -> Callable[..., dict]:
    """Return the ``run`` function of a benchmark.

    Raises
    ------
    ConfigError
        When the name is unknown; lists the benchmarks.
    """
    if name not in BENCHES:
        raise ConfigError(f"unknown benchmark {name!r}; choose from {', '.join(BENCHES)}")
    return BENCHES[name]()

"""Measurements that claims stand on, run by ``python -m core bench NAME``.

A bench is a module with ``run(progress, **options) -> dict`` that gives one flat dictionary of figures; its
options are keyword arguments with defaults.
"""

from collections.abc import Callable

from core.errors import ConfigError


def _frontend():
    from core.bench.frontend import run

    return run


def _explore():
    from core.bench.explore import run

    return run


def _fusion():
    from core.bench.fusion import run

    return run


def _masked():
    from core.bench.masked import run

    return run


BENCHES: dict[str, Callable] = {
    "frontend": _frontend,
    "explore": _explore,
    "fusion": _fusion,
    "masked": _masked,
}


def get_bench(name: str) -> Callable[..., dict]:
    """Return a bench's ``run``.

    Raises
    ------
    ConfigError
        When there is none of that name; lists those there are.
    """
    if name not in BENCHES:
        raise ConfigError(f"there is no bench {name!r}; choose from {', '.join(BENCHES)}")
    return BENCHES[name]()

"""Measurements that claims stand on, run by ``python -m core bench NAME``.

A bench is a module with ``run(progress, **options) -> dict`` that gives one flat dictionary of figures; its options are
keyword arguments with defaults.
"""

from collections.abc import Callable

from core.errors import ConfigError
from core.lazy import load_name

BENCHES = {"frontend": "core.bench.frontend", "explore": "core.bench.explore", "fusion": "core.bench.fusion", "masked": "core.bench.masked"}


def get_bench(name: str) -> Callable[..., dict]:
    """Return a bench's ``run``.

    Raises
    ------
    ConfigError
        When there is none of that name; lists those there are.
    """
    if name not in BENCHES:
        raise ConfigError(f"there is no bench {name!r}; choose from {', '.join(BENCHES)}")
    return load_name(f"{BENCHES[name]}:run")

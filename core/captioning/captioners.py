"""The registry of captioners."""

from collections.abc import Callable

from core.captioning.captioner import Captioner
from core.errors import ConfigError


def _offline() -> Captioner:
    from core.captioning.offline import Offline

    return Offline()


def _endpoint() -> Captioner:
    from core.captioning.endpoint import Endpoint

    return Endpoint.from_environment()


CAPTIONERS: dict[str, Callable[[], Captioner]] = {"offline": _offline, "endpoint": _endpoint}
"""Captioners by name; the endpoint is configured by environment variables."""


def get_captioner(name: str) -> Captioner:
    """Return a captioner.

    Raises
    ------
    ConfigError
        When there is none of that name, or environment variables that it needs are not set.
    """
    if name not in CAPTIONERS:
        raise ConfigError(f"there is no captioner {name!r}; choose from {', '.join(CAPTIONERS)}")
    return CAPTIONERS[name]()

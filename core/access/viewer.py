"""Who a page, a request or a job acts for. Without :func:`enforce`, all work has every right.

On a server with sign-in, what is not known to act for somebody acts for :data:`NOBODY`, who has no rights.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Viewer:
    """A person, or the holder of a read-only link.

    Attributes
    ----------
    email : str
        Of a person who signed in, in lower case; "" for all others.
    link : str
        Hash of the token of a read-only link (:mod:`core.access.read_only_links`); "" without one.
    is_server : bool
        Whether this is the server itself, or the user of a server without sign-in: everything is allowed.
    """

    email: str = ""
    link: str = ""
    is_server: bool = False

    @property
    def key(self) -> str:
        """What tells this viewer from all others."""
        return f"user:{self.email}" if self.email else f"link:{self.link}" if self.link else "nobody"


NOBODY = Viewer()
SERVER = Viewer(is_server=True)

_acting: ContextVar[Viewer | None] = ContextVar("viewer", default=None)
_find: Callable[[], Viewer] | None = None


def enforce(find: Callable[[], Viewer] | None) -> None:
    """Let this process act for whom ``find`` returns; None: everything is allowed."""
    global _find
    _find = find


def is_enforced() -> bool:
    """Return whether this process asks for whom it acts."""
    return _find is not None


def viewer() -> Viewer:
    """Return whom the present work acts for."""
    acting = _acting.get()
    return acting if acting is not None else SERVER if _find is None else _find()


@contextmanager
def acting_for(viewer: Viewer) -> Iterator[None]:
    """Let the work within act for somebody."""
    token = _acting.set(viewer)
    try:
        yield
    finally:
        _acting.reset(token)


def for_same_viewer(work: Callable) -> Callable:
    """Return ``work``, which acts in any thread for whom the present work acts."""
    if _find is None and _acting.get() is None:
        return work
    present = viewer()

    def run(*args, **kwargs):
        with acting_for(present):
            return work(*args, **kwargs)

    return run

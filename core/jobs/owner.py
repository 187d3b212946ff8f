"""Who starts jobs in the present context: a tag of a browser session."""

from contextvars import ContextVar

owner: ContextVar[str] = ContextVar("owner", default="")

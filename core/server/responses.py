"""What the routes of the server share: refusals, errors, headers and paths."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from core.server.access import Access, refuse_request
from core.server.signed_links import refuse_link

HEADERS = {"X-Content-Type-Options": "nosniff", "Cross-Origin-Resource-Policy": "same-origin"}
"""Headers of every response with a user's data."""
NO_CACHE = {"Cache-Control": "private, no-cache"}


def refuse(request: Request, access: Access, path: str) -> str | None:
    """Return the reason to refuse a request, None if it is allowed.

    Parameters
    ----------
    path : str
        ``ROUTE/ID``, for which the link is signed where the server needs signatures.
    """
    reason = refuse_request(request.headers, access)
    return refuse_link(path, request.query_params) if reason is None and access.signed else reason


def error_response(status: int, message: str) -> Response:
    """Return an error as plain text; unencodable characters of file names are replaced."""
    return PlainTextResponse(message.encode(errors="replace"), status_code=status, headers=HEADERS | NO_CACHE)


def join_path(base: str, path: str) -> str:
    """Join a path to the base path of the app."""
    return "".join(f"/{part}" for part in (*base.split("/"), path) if part)

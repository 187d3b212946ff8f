"""What the routes of the server share: refusals, errors, headers and paths."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from core.access.viewer import NOBODY, SERVER, Viewer
from core.server.access import Access, refuse_request
from core.server.signed_links import is_signed_for, refuse_link

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
    if reason is None and access.signed:
        reason = refuse_link(path, request.query_params)
    if reason is None and access.identify is not None and viewer_of(request, access, path) == NOBODY:
        reason = "This link was made for somebody else. Reload the page."
    return reason


def viewer_of(request: Request, access: Access, path: str) -> Viewer:
    """Return who sent a request with a valid link: whom the link was signed for, and nobody else.

    A link that was signed for a person serves only a browser in which that person is signed in; one that was
    signed for a read-only link serves as long as that works.
    """
    if access.identify is None:
        return SERVER
    from core.access.read_only_links import list_links  # the store: too much to import for the first page

    who = access.identify(request.headers)
    if who != NOBODY and is_signed_for(who.key, path, request.query_params):
        return who
    holders = (Viewer(link=hashed) for hashed, _ in list_links())
    signed_for = (holder for holder in holders if is_signed_for(holder.key, path, request.query_params))
    return next(signed_for, NOBODY)


def error_response(status: int, message: str) -> Response:
    """Return an error as plain text; unencodable characters of file names are replaced."""
    return PlainTextResponse(message.encode(errors="replace"), status_code=status, headers=HEADERS | NO_CACHE)


def join_path(base: str, path: str) -> str:
    """Join a path to the base path of the app."""
    return "".join(f"/{part}" for part in (*base.split("/"), path) if part)

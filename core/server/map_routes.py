"""HTTP routes of the map: its arrays by content, the titles of its points, and its scripts and styles."""

import hashlib
from functools import lru_cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from core.server.access import Access
from core.server.map_arrays import ARRAYS, MapArrays
from core.server.responses import HEADERS, NO_CACHE, error_response, join_path, refuse
from core.server.signed_links import link_for_same_session, link_to

SCRIPTS = Path(__file__).resolve().parents[2] / "assets" / "map"
_FOR_EVER = {**HEADERS, "Cache-Control": "private, max-age=31536000, immutable"}
_NOT_HELD = "This part of the map is no longer held by the server. Reload the page."


def map_routes(access: Access, *, base: str = "", arrays: MapArrays = ARRAYS) -> list[Route]:
    """Return the routes of the map.

    Returns
    -------
    list of Route
        ``/base/map/KEY``: the bytes put under a key; they never change, so browsers keep them.
        ``/base/titles/KEY/PAGE``: titles, artists, labels and audio links of 256 points as JSON.
        ``/base/map-scripts/VERSION/FILE``: the map's JavaScript modules and style sheet.
        Status: 200; 403 for a foreign page or an invalid link; 404 for what isn't held.
    """

    def array(request: Request) -> Response:
        """Respond with the bytes of a key."""
        key = request.path_params["key"]
        if (reason := refuse(request, access, f"map/{key}")) is not None:
            return error_response(403, reason)
        data = arrays.get(key)
        if data is None:
            return error_response(404, _NOT_HELD)
        return Response(data, media_type="application/octet-stream", headers=_FOR_EVER)

    def titles(request: Request) -> Response:
        """Respond with a page of titles."""
        key, number = request.path_params["key"], request.path_params["page"]
        path = f"titles/{key}"
        if (reason := refuse(request, access, path)) is not None:
            return error_response(403, reason)
        texts = arrays.titles(key)
        if texts is None:
            return error_response(404, _NOT_HELD)

        def link(track_id: str) -> str:
            if access.signed:
                return link_for_same_session(f"audio/{track_id}", path, request.query_params, base=base)
            return link_to(f"audio/{track_id}", base=base)

        return JSONResponse(texts.page(number, link), headers=HEADERS | NO_CACHE)

    def script(request: Request) -> Response:
        """Respond with a module or the style sheet of the map."""
        file = scripts().get(request.path_params["file"])
        if file is None:
            return error_response(404, "There is no such script.")
        media_type = "text/css" if file.suffix == ".css" else "text/javascript"
        return FileResponse(file, media_type=media_type, headers=_FOR_EVER)

    routes = {
        "map/{key}": array,
        "titles/{key}/{page:int}": titles,
        "map-scripts/{version}/{file:path}": script,
    }
    return [Route(join_path(base, path), answer, methods=["GET"]) for path, answer in routes.items()]


@lru_cache(maxsize=1)
def scripts() -> dict[str, Path]:
    """Return the map's modules and its style sheet by their paths in ``assets/map``."""
    files = sorted(file for file in SCRIPTS.rglob("*") if file.suffix in (".js", ".css"))
    return {file.relative_to(SCRIPTS).as_posix(): file for file in files}


@lru_cache(maxsize=1)
def scripts_path() -> str:
    """Return ``map-scripts/VERSION``, where the version is a hash of all modules."""
    content = hashlib.sha256(b"".join(file.read_bytes() for file in scripts().values())).hexdigest()
    return f"map-scripts/{content[:12]}"

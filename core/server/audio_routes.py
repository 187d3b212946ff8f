"""HTTP routes for the audio of registered tracks, with byte ranges, and for the plotting library.

A browser seeks in long files by range requests (RFC 9110, section 14), which Streamlit's media storage
supports only for files in memory. Here files are streamed from disk. Nothing is served by path: a request
has a track id, and only tracks of registered collections are served.
"""

import importlib.util
import re
import stat
import threading
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from core.access.viewer import SERVER, acting_for
from core.errors import SongscapeError
from core.server.access import Access
from core.server.responses import HEADERS, NO_CACHE, error_response, join_path, refuse, viewer_of
from core.server.signed_links import is_track_id


class TrackIndex:
    """Index of the audio paths of all registered tracks; only collections that changed are reloaded."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, tuple[tuple, dict[str, str]]] = {}

    def path_of(self, track_id: str) -> str | None:
        """Return the path of a track's audio, "" if it has none, None for one that the viewer may not see."""
        from core.access.rules import may_see

        with self._lock:
            with acting_for(SERVER):
                self._refresh()
            known = [(name, paths[track_id]) for name, (_, paths) in self._known.items() if track_id in paths]
        found = [path for name, path in known if may_see(name)]
        # A track can be in two collections, and one of its two files may no longer exist.
        return next((path for path in found if path and Path(path).is_file()), found[0] if found else None)

    def _refresh(self) -> None:
        """Update the index from the collections in the store."""
        from core import collection
        from core.collection.saved import version_of

        versions = {name: version_of(name) for name in collection.names()}
        self._known = {name: entry for name, entry in self._known.items() if name in versions}
        for name, version in versions.items():
            if name in self._known and self._known[name][0] == version:
                continue
            try:
                tracks = collection.load(name).tracks
            except SongscapeError:  # the Library page lists collections that can't be loaded
                self._known.pop(name, None)
                continue
            self._known[name] = (version, dict(zip(tracks["track_id"], tracks["path"], strict=True)))


def audio_routes(access: Access, *, base: str = "", index: TrackIndex | None = None) -> list[Route]:
    """Return the routes of the app's server.

    Parameters
    ----------
    access : Access
        The access rules.
    base : str
        The base path of the app.
    index : TrackIndex, optional

    Returns
    -------
    list of Route
        ``/base/audio/{track_id}``. Status: 200 or 206 with the audio; 304; 403 for a foreign page or an
        invalid link; 404 for an unknown track or a missing file; 416 for a range outside the file; 422 for
        audio that can't be decoded. The body of an error is one sentence that the player shows.
        ``/base/audio/{track_id}/loudness``, with the same key: ``{"lufs", "peak_dbfs", "gain_db"}``.
    """
    index = index or TrackIndex()

    def audio(request: Request) -> Response:
        """Respond with the audio of a track; in a thread, because files are read and converted."""
        return answer(request, _file_response)

    def loudness(request: Request) -> Response:
        """Respond with the loudness of a track."""
        return answer(request, _loudness_response)

    def answer(request: Request, respond: Callable[[Path, Request], Response]) -> Response:
        """Respond with what is made from a track's file, or with an error."""
        track_id = request.path_params["track_id"]
        if (reason := refuse(request, access, f"audio/{track_id}")) is not None:
            return error_response(403, reason)
        with acting_for(viewer_of(request, access, f"audio/{track_id}")):
            path = index.path_of(track_id) if is_track_id(track_id) else None
        if path is None:
            return error_response(404, "This track is no longer in any collection.")
        if not path:
            return error_response(
                404, "This track has no audio. Add the folder with its audio file to play it."
            )
        file = Path(path)
        missing = (
            f"The file {file.name!r} no longer exists at its path. Add its folder again to update the path."
        )
        try:
            if not stat.S_ISREG(file.stat().st_mode):
                return error_response(404, missing)
            return respond(file, request)
        except SongscapeError as error:
            return error_response(422, f"{file.name!r} can't be played: {error}")
        except OSError:
            return error_response(404, missing)

    return [
        Route(join_path(base, "audio/{track_id}"), audio, methods=["GET"]),
        Route(join_path(base, "audio/{track_id}/loudness"), loudness, methods=["GET"]),
    ]


def _loudness_response(path: Path, request: Request) -> Response:
    """Return the loudness of a file; the first time it is measured."""
    from core.audio.loudness import measure_loudness

    found = measure_loudness(path)
    return JSONResponse({**asdict(found), "gain_db": found.gain_db}, headers=HEADERS | NO_CACHE)


def _file_response(path: Path, request: Request) -> Response:
    """Stream a file, transcoded first if browsers can't play its format."""
    from core.audio.excerpt import playable

    served, mime = playable(path)
    stat_result = served.stat()
    return _not_modified_or(
        request,
        FileResponse(
            served,
            media_type=mime if mime.startswith("audio/") else "application/octet-stream",
            filename=_safe_name(path.stem) + served.suffix.lower(),
            content_disposition_type="inline",
            headers=HEADERS | NO_CACHE,
            stat_result=stat_result,
        ),
    )


def _not_modified_or(request: Request, response: FileResponse) -> Response:
    """Return status 304 if the browser has cached this version (RFC 9110, section 13.1.2)."""
    if response.headers["etag"] not in [
        tag.strip() for tag in request.headers.get("if-none-match", "").split(",")
    ]:
        return response
    headers = {name: response.headers[name] for name in ("etag", "last-modified", "cache-control")}
    return Response(status_code=304, headers=headers)


def library_routes(*, base: str = "") -> list[Route]:
    """Return the route of the JavaScript library in the plotly package: ``/base/plotly.min.js``."""
    spec = importlib.util.find_spec("plotly")  # importing plotly would take long
    assert spec is not None and spec.origin is not None  # plotly is a dependency
    file = Path(spec.origin).parent / "package_data" / "plotly.min.js"

    def library(request: Request) -> Response:
        """Respond with the script, uncompressed, because compressing 5 MB takes longer than reading it."""
        headers = {
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-cache",
            "Content-Encoding": "identity",
        }
        return _not_modified_or(
            request,
            FileResponse(file, media_type="text/javascript", headers=headers, stat_result=file.stat()),
        )

    return [Route(join_path(base, "plotly.min.js"), library, methods=["GET"])]


def _safe_name(stem: str) -> str:
    """Replace characters of a file name that are unsafe in headers or on any file system."""
    return re.sub(r"[^\w().-]+", "_", stem, flags=re.UNICODE).strip("._")[:80] or "track"

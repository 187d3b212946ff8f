"""Routes besides the pages: audio of registered tracks, with byte ranges, and the plotting library.

A browser seeks in long files by asking for ranges (RFC 9110, section 14), which the app's own media store
does not do without holding every file in memory. Here files are streamed from where they lie. Nothing is
served by path: a request names a track id, and only ids of registered collections are known.
"""

import importlib.util
import re
import stat
import threading
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from core.errors import SongscapeError
from core.server.access import Access, refuse_request
from core.server.signed_links import is_track_id, refuse_link

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-cache",
}


class TrackIndex:
    """Where the sound of every registered track lies, read again only for collections that changed."""

    def __init__(self):
        self._lock = threading.Lock()
        self._known: dict[str, tuple[tuple, dict[str, str]]] = {}

    def path_of(self, track_id: str) -> str | None:
        """Return the path of a track's audio, "" if it has none, None for an unknown track."""
        with self._lock:
            self._refresh()
            found = [paths[track_id] for _, paths in self._known.values() if track_id in paths]
        # The same bytes may lie in two collections; one of the two places may be gone.
        return next((path for path in found if path and Path(path).is_file()), found[0] if found else None)

    def _refresh(self) -> None:
        """Bring the index up to the collections as they lie in the store now."""
        from core import collection

        marks = {name: _mark(name) for name in collection.names()}
        self._known = {name: entry for name, entry in self._known.items() if name in marks}
        for name, mark in marks.items():
            if name in self._known and self._known[name][0] == mark:
                continue
            try:
                tracks = collection.load(name).tracks
            except (
                SongscapeError
            ):  # a collection that can't be read is named on the Library page; its sound is not served
                self._known.pop(name, None)
                continue
            self._known[name] = (mark, dict(zip(tracks["track_id"], tracks["path"], strict=True)))


def _mark(name: str) -> tuple:
    """Return what changes when a collection is written: sizes and times of its files."""
    from core import store

    marks = []
    for file in ("tracks.parquet", "collection.json"):
        try:
            found = (store.root() / "collections" / name / file).stat()
        except OSError:  # being replaced while we look: the next request sees the new one
            continue
        marks.append((file, found.st_size, found.st_mtime_ns))
    return tuple(marks)


def audio_routes(access: Access, *, base: str = "", index: TrackIndex | None = None) -> list[Route]:
    """Return the routes of the app's server.

    Parameters
    ----------
    access : Access
        Who may ask.
    base : str
        The path below which the whole app is served.
    index : TrackIndex, optional

    Returns
    -------
    list of Route
        ``/base/audio/{track_id}``. Answers: 200 or 206 the sound; 304; 403 a foreign page or a link that does
        not hold; 404 no such track, or its file is gone; 416 a range outside the file; 422 sound that can't
        be read. Every refusal is one plain sentence for the player to show.
    """
    index = index or TrackIndex()

    def audio(request: Request) -> Response:
        """Respond with the audio of a track; in a thread, because files are read and converted."""
        track_id = request.path_params["track_id"]
        refusal = refuse_request(request.headers, access)
        if refusal is None and access.signed:
            refusal = refuse_link(track_id, request.query_params)
        if refusal is not None:
            return _say(403, refusal)
        path = index.path_of(track_id) if is_track_id(track_id) else None
        if path is None:
            return _say(404, "No collection holds this track any more.")
        if not path:
            return _say(404, "This track came without sound. Add the folder that holds it to hear it.")
        return _answer(Path(path), track_id, request)

    return [Route(_below(base, "audio/{track_id}"), audio, methods=["GET"])]


def _answer(path: Path, track_id: str, request: Request) -> Response:
    """Stream a file, converted first where browsers can't play it."""
    from core.audio.excerpt import playable

    gone = (
        f"The file {path.name!r} is no longer where it was when its folder was added. Add the folder "
        "again to find it."
    )
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return _say(404, gone)
        served, mime = playable(path)
        served = Path(served)
        found = served.stat()
    except SongscapeError as error:
        return _say(422, f"{path.name!r} can't be played: {error}")
    except OSError:
        return _say(404, gone)
    return _unless_known(
        request,
        FileResponse(
            served,
            media_type=mime if mime.startswith("audio/") else "application/octet-stream",
            filename=_safe_name(path.stem) + served.suffix.lower(),
            content_disposition_type="inline",
            headers=_HEADERS,
            stat_result=found,
        ),
    )


def _unless_known(request: Request, response: FileResponse) -> Response:
    """Send nothing again that the browser still holds (RFC 9110, section 13.1.2)."""
    if response.headers["etag"] not in [
        tag.strip() for tag in request.headers.get("if-none-match", "").split(",")
    ]:
        return response
    kept = {name: response.headers[name] for name in ("etag", "last-modified", "cache-control")}
    return Response(status_code=304, headers=kept)


def library_routes(*, base: str = "") -> list[Route]:
    """Return the route of the drawing library that the plotly package ships: ``/base/plotly.min.js``."""
    spec = importlib.util.find_spec("plotly")  # found without importing it, which takes a while
    file = Path(spec.origin).parent / "package_data" / "plotly.min.js"

    def library(request: Request) -> Response:
        """Respond with the script, uncompressed, because compressing 5 MB takes longer than reading it."""
        headers = {
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-cache",
            "Content-Encoding": "identity",
        }
        return _unless_known(
            request,
            FileResponse(file, media_type="text/javascript", headers=headers, stat_result=file.stat()),
        )

    return [Route(_below(base, "plotly.min.js"), library, methods=["GET"])]


def _below(base: str, path: str) -> str:
    """Join a path to the one below which the app is served."""
    return "".join(f"/{part}" for part in (*base.split("/"), path) if part)


def _safe_name(stem: str) -> str:
    """Keep of a file's name what no system or header can trip over."""
    return re.sub(r"[^\w().-]+", "_", stem, flags=re.UNICODE).strip("._")[:80] or "track"


def _say(status: int, sentence: str) -> Response:
    """Answer with one sentence, safe to show whatever a file was called."""
    return PlainTextResponse(sentence.encode(errors="replace"), status_code=status, headers=_HEADERS)

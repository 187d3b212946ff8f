"""An ASGI layer that makes browsers load the map's scripts while they load Streamlit's frontend."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.server.map_routes import scripts, scripts_path
from core.server.responses import join_path

PAGES = ("", "compare")
"""Paths of the pages that show a map."""
_NOT_FIRST = "plotly_map.js"


class PreloadScripts:
    """Add a ``Link`` header (RFC 8288) with the map's modules and style sheet to the pages with a map.

    Parameters
    ----------
    app : ASGI app
    base : str
        The path under which the app is served, without slashes around it.
    """

    def __init__(self, app: ASGIApp, base: str = ""):
        self.app = app
        self._pages = {join_path(base, page).rstrip("/") for page in PAGES}
        folder = join_path(base, scripts_path())
        self._header = (
            b"link",
            ", ".join(
                f"<{folder}/{name}>; rel={'modulepreload' if name.endswith('.js') else 'preload; as=style'}"
                for name in scripts()
                if name != _NOT_FIRST
            ).encode("ascii"),
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on everything, the pages with the header."""
        is_page = scope["type"] == "http" and scope["path"].rstrip("/") in self._pages

        async def send_linked(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], self._header]}
            await send(message)

        await self.app(scope, receive, send_linked if is_page else send)

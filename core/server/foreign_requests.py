"""An ASGI layer in front of Streamlit that refuses requests and WebSockets of foreign pages.

Streamlit itself compares the Origin of a WebSocket with its Host, and Host with nothing unless
``server.allowedHosts`` is set. So a foreign page whose name was pointed at this server (DNS rebinding) would
have a session, and on the loopback address so would a page of another port.
"""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from core.server.access import FOREIGN, Access, refuse_foreign
from core.server.responses import error_response

POLICY_VIOLATION = 1008
"""Close code of a WebSocket (RFC 6455, section 7.4.1)."""


class RefuseForeign:
    """Check every request and WebSocket by :func:`core.server.access.refuse_foreign`.

    A refused request gets status 403 with the reason; a refused WebSocket is closed before it opens, which a
    client sees as status 403.

    Parameters
    ----------
    app : ASGI app
    access : Access
    """

    def __init__(self, app: ASGIApp, access: Access):
        self.app, self.access = app, access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is allowed."""
        if scope["type"] == "lifespan" or (reason := self._refuse(scope)) is None:
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()  # websocket.connect
            await send({"type": "websocket.close", "code": POLICY_VIOLATION, "reason": reason[:100]})
        else:
            await error_response(403, reason)(scope, receive, send)

    def _refuse(self, scope: Scope) -> str | None:
        """Return the reason to refuse a connection, None if it is allowed."""
        headers = Headers(scope=scope)
        if any(len(headers.getlist(name)) > 1 for name in ("host", "origin")):
            return FOREIGN  # a proxy and this server might each read another one
        return refuse_foreign(headers, self.access, is_websocket=scope["type"] == "websocket")

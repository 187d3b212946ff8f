"""An ASGI layer that redirects within the app by path, whatever the scheme is that browsers use."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class RelativeRedirects:
    """Turn redirects to the request's own host into relative ones (RFC 9110, section 10.2.2).

    Behind a proxy that ends TLS the server sees ``http``, and a redirect to ``http://HOST/PATH`` would lead
    browsers away from the encrypted port.

    Parameters
    ----------
    app : ASGI app
    """

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on everything, redirects to the own host by their path."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        own = f"{scope['scheme']}://{Headers(scope=scope).get('host', '')}/"

        async def send_relative(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                target = headers.get("location", "")
                if target.startswith(own):
                    headers["location"] = "/" + target.removeprefix(own).lstrip("/")
            await send(message)

        await self.app(scope, receive, send_relative)

"""An OpenID Connect provider on the loopback address, where people sign in by a click.

Its key is made when it starts. It checks what a provider checks: the client and its secret, the redirection,
and that each code is used once.
"""

import base64
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from urllib.parse import urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT, SECRET = "songscape", "the-secret-of-the-client"


class Provider:
    """A provider whose people sign in by a click.

    Parameters
    ----------
    people : dict of dict
        Claims by the name on the button.
    """

    def __init__(self, people: dict[str, dict]):
        self.people, self.codes, self.issuer = people, {}, ""
        self.key = RSAKey.generate_key(2048, {"kid": "stub", "use": "sig", "alg": "RS256"})
        self.app = Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self.discover),
                Route("/authorize", self.authorize),
                Route("/token", self.token, methods=["POST"]),
                Route("/keys", self.keys),
            ]
        )

    def discover(self, request: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "code_challenge_methods_supported": ["S256"],
            }
        )

    def authorize(self, request: Request) -> Response:
        asked = request.query_params
        if asked.get("client_id") != CLIENT or not asked.get("redirect_uri", "").endswith("/oauth2callback"):
            return Response("unknown client", status_code=400)
        if (chosen := asked.get("who")) is None:
            links = "".join(
                f'<p><a href="?{escape(urlencode({**asked, "who": name}))}">{escape(name)}</a></p>'
                for name in self.people
            )
            return HTMLResponse(f"<h1>Who are you?</h1>{links}")
        code = secrets.token_urlsafe(16)
        self.codes[code] = (self.people[chosen], asked.get("nonce"), asked["redirect_uri"])
        back = urlencode({"code": code, "state": asked["state"]})
        return RedirectResponse(f"{asked['redirect_uri']}?{back}", status_code=302)

    async def token(self, request: Request) -> Response:
        form = await request.form()
        given = request.headers.get("authorization", "")
        expected = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        claims, nonce, redirect = self.codes.pop(str(form.get("code")), (None, None, None))
        if given != expected or claims is None or form.get("redirect_uri") != redirect:
            return JSONResponse({"error": "invalid_grant"}, status_code=400)
        now = int(time.time())
        payload = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce, **claims}
        signed = jwt.encode({"alg": "RS256", "kid": "stub"}, payload, self.key)
        return JSONResponse({"access_token": "none", "token_type": "Bearer", "id_token": signed})

    def keys(self, request: Request) -> Response:
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})


@contextmanager
def running(provider: Provider) -> Iterator[str]:
    """Serve a provider on a free port of 127.0.0.1; give its issuer."""
    server = uvicorn.Server(uvicorn.Config(provider.app, host="127.0.0.1", port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.05)
        assert thread.is_alive(), "the provider did not start"
    provider.issuer = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    try:
        yield provider.issuer
    finally:
        server.should_exit = True
        thread.join(10)


def secrets_file(issuer: str, address: str = "http://127.0.0.1:{port}") -> str:
    """Return the secrets of an app at an address that signs in at this provider."""
    return f"""
[auth]
redirect_uri = "{address}/oauth2callback"
cookie_secret = "{secrets.token_hex(32)}"
client_id = "{CLIENT}"
client_secret = "{SECRET}"
server_metadata_url = "{issuer}/.well-known/openid-configuration"
"""

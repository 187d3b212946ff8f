"""Redirects within the app keep the scheme that the browser uses; those to other hosts stay as they are."""

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from core.server.relative_redirects import RelativeRedirects

PAGES = [Route("/", lambda request: PlainTextResponse("page"))]


def location(target: str, *middleware: Middleware, path: str = "/from") -> str:
    app = Starlette(
        routes=[Route("/from", lambda request: RedirectResponse(target)), Mount("/maps", routes=PAGES)],
        middleware=list(middleware),
    )
    client = TestClient(app, base_url="http://music.example.org:8443", follow_redirects=False)
    return client.get(path).headers["location"]


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("http://music.example.org:8443/maps/?on=demo", "/maps/?on=demo"),
        ("http://music.example.org:8443//evil.example.org/", "/evil.example.org/"),
        ("http://music.example.org:84/maps/", "http://music.example.org:84/maps/"),
        ("http://music.example.org:8443.example.com/", "http://music.example.org:8443.example.com/"),
        ("https://provider.example.org/authorize", "https://provider.example.org/authorize"),
        ("/maps/", "/maps/"),
    ],
)
def test_only_redirects_to_the_own_host_become_relative(target, expected):
    assert location(target, Middleware(RelativeRedirects)) == expected


def test_a_base_path_without_a_slash_is_redirected_by_path():
    assert location("", path="/maps") == "http://music.example.org:8443/maps/"  # what is mended
    assert location("", Middleware(RelativeRedirects), path="/maps") == "/maps/"

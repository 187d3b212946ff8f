"""The map's scripts are named in the headers of the pages with a map, and of nothing else."""

import re

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from core.server.access import Access
from core.server.map_routes import map_routes
from core.server.preloaded_scripts import PreloadScripts


def client_of(base: str) -> TestClient:
    routes = map_routes(Access(), base=base)
    routes.append(Route("/{path:path}", lambda request: PlainTextResponse("page")))
    return TestClient(
        Starlette(routes=routes, middleware=[Middleware(PreloadScripts, base=base)]),
        base_url="http://localhost:8501",
    )


@pytest.mark.parametrize(
    ("base", "page"), [("", "/"), ("", "/compare"), ("maps", "/maps"), ("maps", "/maps/compare")]
)
def test_pages_with_a_map_name_scripts_that_are_there(base, page):
    client = client_of(base)
    links = dict(re.findall(r"<([^>]+)>; rel=([^,]+)", client.get(page).headers["link"]))
    assert any(link.endswith("/vendor/kdbush.js") for link in links)
    for link, relation in links.items():
        answer = client.get(link)
        assert answer.status_code == 200
        kind = answer.headers["content-type"].split(";")[0]
        assert (kind, relation) in {
            ("text/javascript", "modulepreload"),
            ("text/css", "preload; as=style"),
        }


@pytest.mark.parametrize("page", ["/library", "/_stcore/health", "/map-scripts/0/arrays.js"])
def test_other_paths_name_none(page):
    assert "link" not in client_of("").get(page).headers

"""The layer before Streamlit: every route and the WebSocket refuse foreign hosts and origins."""

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from core.bench.hostile.forged_requests import ROUTES, attack_server, forged_headers, odd_paths, send
from core.bench.map_app import start_app
from core.server.access import Access
from core.server.foreign_requests import RefuseForeign


def client_of(access: Access, *, is_guarded: bool = True) -> TestClient:
    async def stream(websocket):
        await websocket.accept()
        await websocket.send_text("session")
        await websocket.close()

    routes = [Route("/", lambda request: PlainTextResponse("page")), WebSocketRoute("/stream", stream)]
    middleware = [Middleware(RefuseForeign, access=access)] if is_guarded else []
    return TestClient(Starlette(routes=routes, middleware=middleware), base_url="http://localhost:8501")


def has_session(client: TestClient, **headers: str) -> bool:
    try:
        with client.websocket_connect("/stream", headers=headers) as websocket:
            return websocket.receive_text() == "session"
    except WebSocketDisconnect as closed:
        assert closed.code == 1008
        return False


BEYOND_LOOPBACK = Access.of_server("0.0.0.0")


def test_a_name_pointed_at_an_open_server_has_no_session():
    evil = {"host": "evil.com", "origin": "http://evil.com"}
    assert has_session(
        client_of(BEYOND_LOOPBACK, is_guarded=False), **evil
    )  # DNS rebinding without the layer
    assert not has_session(client_of(BEYOND_LOOPBACK), **evil)
    assert client_of(BEYOND_LOOPBACK).get("/", headers=evil).status_code == 403


@pytest.mark.parametrize("access", [Access(), BEYOND_LOOPBACK])
def test_another_port_has_no_session(access):
    client = client_of(access)
    assert not has_session(client, host="127.0.0.1:8501", origin="http://127.0.0.1:9999")
    assert has_session(client, host="127.0.0.1:8501", origin="http://127.0.0.1:8501")
    assert has_session(client, host="127.0.0.1:8501")  # no browser


def test_allowed_hosts_and_origins_are_those_of_the_configuration():
    access = Access.of_server(
        "127.0.0.1", allowed_hosts=["music.example"], origins=["https://portal.example"]
    )
    client, name = client_of(access), "music.example"
    assert has_session(client, host=name, origin="https://music.example")
    assert has_session(client, host=name, origin="https://portal.example")
    assert not has_session(client, host="127.0.0.1:8501", origin="http://127.0.0.1:8501")
    assert not has_session(client, host=name, origin="https://music.example.evil")


def test_two_hosts_are_refused():
    headers = [("host", "localhost:8501"), ("host", "evil.example")]
    assert client_of(Access()).get("/", headers=headers).status_code == 403


def test_a_link_on_a_foreign_page_may_lead_here_but_no_foreign_page_may_load_anything():
    client = client_of(Access())
    foreign = {"sec-fetch-site": "cross-site"}
    assert client.get("/", headers={**foreign, "sec-fetch-mode": "navigate"}).status_code == 200
    assert client.get("/", headers={**foreign, "sec-fetch-mode": "no-cors"}).status_code == 403
    assert client.get("/").status_code == 200


def test_odd_paths_are_the_same_for_the_same_seed():
    assert list(odd_paths(50, 1)) == list(odd_paths(50, 1)) != list(odd_paths(50, 2))


@pytest.mark.slow
def test_real_server_refuses_forged_headers_on_every_route(tmp_path):
    with start_app(tmp_path / "log.txt") as (address, _):
        assert send(address, "/").status == 200
        own = {"origin": address}
        assert send(address, "/_stcore/stream", own, websocket=True).status == 101
        counts = attack_server(address, n_paths=60, seed=0)
        assert counts.pop("requests") == len(list(forged_headers(address))) * (len(ROUTES) + 1) + 60
        assert set(counts.values()) == {0}
        assert send(address, "/_stcore/stream", own, websocket=True).status == 101  # still there


@pytest.mark.slow
def test_real_server_answers_only_to_the_hosts_of_its_configuration(tmp_path):
    env = {"STREAMLIT_SERVER_ALLOWED_HOSTS": "music.example"}
    with start_app(tmp_path / "log.txt", env) as (address, _):
        public = {"host": "music.example", "origin": "https://music.example"}
        assert send(address, "/_stcore/stream", public, websocket=True).status == 101
        for path in ROUTES:
            assert send(address, path).status == 403
        assert send(address, "/_stcore/stream", {"origin": address}, websocket=True).status == 403


@pytest.mark.slow
def test_real_server_below_a_base_path_behind_a_proxy_with_tls(tmp_path):
    env = {"STREAMLIT_SERVER_ALLOWED_HOSTS": "music.example", "STREAMLIT_SERVER_BASE_URL_PATH": "maps"}
    public = {"host": "music.example", "origin": "https://music.example"}
    with start_app(tmp_path / "log.txt", env) as (address, _):
        address = address.removesuffix("/maps")
        assert send(address, "/maps/_stcore/stream", public, websocket=True).status == 101
        assert send(address, "/maps/plotly.min.js", public).status == 200
        assert send(address, "/maps/audio/" + "0" * 32, public).status == 403  # without a signature
        for path in ("/maps/", "/maps/_stcore/health", "/maps/plotly.min.js"):
            assert send(address, path, {"host": "evil.example"}).status == 403
        foreign = {"host": "music.example", "origin": "https://evil.example"}
        assert send(address, "/maps/_stcore/stream", foreign, websocket=True).status == 403

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.server.access import Access
from core.server.map_arrays import PAGE, MapArrays, Titles
from core.server.map_routes import SCRIPTS, map_routes, scripts_path
from core.server.signed_links import link_to

TRACK = "0" * 32


LOCAL = Access()


def client_of(arrays: MapArrays, access: Access = LOCAL, base: str = "") -> TestClient:
    return TestClient(Starlette(routes=map_routes(access, base=base, arrays=arrays)), "http://localhost")


def titles(n: int) -> Titles:
    return Titles([f"<b>{i}" for i in range(n)], [""] * n, ["rag"] * n, [TRACK, *[""] * (n - 1)])


@pytest.mark.parametrize("base", ["", "music/app"])
def test_bytes_come_back_and_may_be_kept(base):
    arrays = MapArrays()
    key = arrays.put(np.arange(5, dtype=np.float32).tobytes())
    assert arrays.put(np.arange(5, dtype=np.float32).tobytes()) == key
    answer = client_of(arrays, base=base).get(link_to(f"map/{key}", base=base))
    assert answer.status_code == 200 and "immutable" in answer.headers["cache-control"]
    assert np.frombuffer(answer.content, np.float32).tolist() == [0, 1, 2, 3, 4]


def test_titles_come_a_page_at_a_time_as_data():
    arrays = MapArrays()
    arrays.put_titles("t", lambda: titles(PAGE + 3))
    client = client_of(arrays)
    first, second = client.get("/titles/t/0").json(), client.get("/titles/t/1").json()
    assert [len(first), len(second)] == [PAGE, 3] and client.get("/titles/t/2").json() == []
    assert first[0] == {"title": "<b>0", "artist": "", "label": "rag", "src": f"/audio/{TRACK}"}
    assert second[0]["src"] == "" and second[0]["title"] == f"<b>{PAGE}"


def test_titles_are_made_once():
    arrays, made = MapArrays(), []
    for _ in range(3):
        arrays.put_titles("t", lambda: made.append(1) or titles(2))
    assert len(made) == 1


def test_what_is_not_held_is_said():
    client = client_of(MapArrays())
    for path in ("/map/0", "/titles/0/0", "/map-scripts/0/nothing.js", "/map-scripts/0/..%2Fstyle.css"):
        answer = client.get(path)
        assert answer.status_code == 404 and answer.text
    assert client.get("/titles/0/-1").status_code == 404


def test_what_was_used_last_is_held_within_the_limit():
    arrays = MapArrays(most_bytes=100)
    keys = [arrays.put(bytes([i]) * 40) for i in range(3)]
    assert arrays.get(keys[0]) is None and arrays.get(keys[1]) and arrays.get(keys[2])


def test_links_of_a_public_server_are_signed_and_so_are_its_audio_links():
    arrays, access = MapArrays(), Access(hosts=("localhost",), signed=True)
    key = arrays.put(b"1234")
    arrays.put_titles("t", lambda: titles(1))
    client = client_of(arrays, access)
    assert client.get(f"/map/{key}").status_code == 403 and client.get("/titles/t/0").status_code == 403
    assert client.get(link_to(f"map/{key}", session="anna")).content == b"1234"
    assert client.get(link_to("map/other", session="anna").replace("other", key)).status_code == 403
    address, _, query = link_to("titles/t", session="anna").partition("?")
    (track,) = client.get(f"{address}/0?{query}").json()
    assert track["src"] == link_to(f"audio/{TRACK}", session="anna")


def test_a_foreign_page_gets_nothing():
    arrays = MapArrays()
    key = arrays.put(b"1")
    client = client_of(arrays)
    assert client.get(f"/map/{key}", headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert client.get(f"/map/{key}", headers={"host": "evil.example"}).status_code == 403


def test_scripts_are_the_maps_own():
    client = client_of(MapArrays())
    for name, kind in {
        "soundmap.js": "javascript",
        "vendor/kdbush.js": "javascript",
        "soundmap.css": "css",
    }.items():
        answer = client.get(f"/{scripts_path()}/{name}")
        assert answer.text == (SCRIPTS / name).read_text(encoding="utf-8")
        assert answer.headers["content-type"].startswith(f"text/{kind}")

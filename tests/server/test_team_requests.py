"""Audio and map on a server with sign-in: a link serves whom it was made for, while they may see it."""

from dataclasses import replace

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.access.read_only_links import create_link, find_link, withdraw_link
from core.access.sharing import share
from core.access.viewer import NOBODY, Viewer, acting_for, enforce
from core.server.access import Access
from core.server.audio_routes import audio_routes
from core.server.map_arrays import MapArrays
from core.server.map_routes import map_routes
from core.server.signed_links import audio_link, link_to
from tests.server.sounds import register, write_sound

ANNA, BEN = Viewer(email="anna@example.org"), Viewer(email="ben@example.org")


@pytest.fixture
def track(tmp_path):
    """Let anna own a collection of one sound, on a server with sign-in."""
    enforce(lambda: NOBODY)
    track_id = write_sound(tmp_path / "song.wav")
    with acting_for(ANNA):
        register("songs", {track_id: tmp_path / "song.wav"})
    yield track_id
    enforce(None)


def client(arrays: MapArrays | None = None) -> TestClient:
    """Return a client whose header ``x-user`` stands for the cookie of a person."""
    access = replace(
        Access(),
        signed=True,
        identify=lambda headers: Viewer(email=headers["x-user"]) if "x-user" in headers else NOBODY,
    )
    routes = audio_routes(access) + map_routes(access, arrays=arrays or MapArrays())
    return TestClient(Starlette(routes=routes), base_url="http://localhost:8501")


def status(link: str, who: Viewer, arrays: MapArrays | None = None) -> int:
    headers = {"x-user": who.email} if who.email else {}
    return client(arrays).get(link, headers=headers).status_code


def link_of(track: str, who: Viewer) -> str:
    return audio_link(track, session=who.key)


def test_audio_is_served_to_whom_its_link_was_made_for(track):
    assert status(link_of(track, ANNA), ANNA) == 200
    assert status(link_of(track, ANNA).replace("?", "/loudness?"), ANNA) == 200


@pytest.mark.parametrize("who", [BEN, NOBODY])
def test_a_copied_link_serves_nobody_else(track, who):
    assert status(link_of(track, ANNA), who) == 403


def test_a_forged_link_serves_nobody(track):
    forged = audio_link(track, session=ANNA.key, secret=b"guessed")
    other = link_of("0" * 32, ANNA).split("?")[1]
    for link in (forged, f"/audio/{track}", f"/audio/{track}?key=x", f"/audio/{track}?{other}"):
        assert status(link, ANNA) == 403


def test_a_link_of_ones_own_serves_no_track_of_others(track):
    assert status(link_of(track, BEN), BEN) == 404
    with acting_for(ANNA):
        share("songs", with_all=True)
    assert status(link_of(track, BEN), BEN) == 200
    with acting_for(ANNA):
        share("songs", with_all=False)
    assert status(link_of(track, BEN), BEN) == 404  # at once, though the link has not expired


def test_a_read_only_link_serves_its_collection_until_it_is_withdrawn(track, tmp_path):
    other = write_sound(tmp_path / "other.wav", seconds=1.0)
    with acting_for(ANNA):
        register("secret", {other: tmp_path / "other.wav"})
        hashed = find_link(create_link("songs", 7))[0]
    holder = Viewer(link=hashed)
    assert status(link_of(track, holder), NOBODY) == 200
    assert status(link_of(track, holder), BEN) == 200  # who is signed in may open it, too
    assert status(link_of(other, holder), NOBODY) == 404
    with acting_for(ANNA):
        withdraw_link("songs", hashed)
    assert status(link_of(track, holder), NOBODY) == 403


def test_links_of_nobody_serve_nothing(track):
    assert status(link_of(track, NOBODY), NOBODY) == 403


def test_arrays_of_a_map_are_served_to_whom_their_link_was_made_for(track):
    arrays = MapArrays()
    key = arrays.put(np.zeros(4, np.float32).tobytes())
    link = link_to(f"map/{key}", session=ANNA.key)
    assert status(link, ANNA, arrays) == 200
    assert status(link, BEN, arrays) == status(link, NOBODY, arrays) == 403

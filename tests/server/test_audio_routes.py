"""The audio route: whole files, ranges, conversion; and the drawing library."""

import os
from pathlib import Path

import pytest
import soundfile as sf
from starlette.applications import Starlette

from core.server.access import Access
from core.server.audio_routes import audio_routes
from core.server.signed_links import link_to
from tests.server.sounds import client_of, register, write_sound

# Bytes


def test_whole_file(song):
    track_id, path = song
    answer = client_of().get(f"/audio/{track_id}")
    assert answer.status_code == 200
    assert answer.content == path.read_bytes()
    assert answer.headers["content-type"] == "audio/wav"
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("bytes=0-99", 0, 100),
        ("bytes=100-", 100, None),
        ("bytes=-50", -50, None),
        ("bytes=1000-999999999", 1000, None),
    ],
)
def test_one_range(song, asked, start, stop):
    track_id, path = song
    whole = path.read_bytes()
    answer = client_of().get(f"/audio/{track_id}", headers={"Range": asked})
    assert answer.status_code == 206
    assert answer.content == whole[start:stop]
    first = start % len(whole)
    assert answer.headers["content-range"] == f"bytes {first}-{first + len(answer.content) - 1}/{len(whole)}"
    assert int(answer.headers["content-length"]) == len(answer.content)


def test_several_ranges(song):
    track_id, path = song
    answer = client_of().get(f"/audio/{track_id}", headers={"Range": "bytes=0-3,100-103"})
    assert answer.status_code == 206
    assert answer.headers["content-type"].startswith("multipart/byteranges")
    whole = path.read_bytes()
    assert whole[0:4] in answer.content
    assert whole[100:104] in answer.content


@pytest.mark.parametrize("asked", ["bytes=999999999-", "bytes=-0"])
def test_range_outside_the_file(song, asked):
    track_id, path = song
    answer = client_of().get(f"/audio/{track_id}", headers={"Range": asked})
    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{path.stat().st_size}"


def test_head_sends_no_bytes(song):
    track_id, path = song
    answer = client_of().head(f"/audio/{track_id}")
    assert (answer.status_code, answer.content) == (200, b"")
    assert int(answer.headers["content-length"]) == path.stat().st_size


def test_range_of_a_file_that_changed_since_gives_the_whole(song):
    track_id, path = song
    client = client_of()
    etag = client.head(f"/audio/{track_id}").headers["etag"]
    asked = {"Range": "bytes=0-9", "If-Range": etag}
    assert client.get(f"/audio/{track_id}", headers=asked).status_code == 206
    os.utime(path, (1, 1))
    answer = client.get(f"/audio/{track_id}", headers=asked)
    assert answer.status_code == 200
    assert answer.content == path.read_bytes()


def test_known_bytes_are_not_sent_again(song):
    track_id, _ = song
    client = client_of()
    etag = client.head(f"/audio/{track_id}").headers["etag"]
    answer = client.get(f"/audio/{track_id}", headers={"If-None-Match": f'"other", {etag}'})
    assert (answer.status_code, answer.content) == (304, b"")


def test_nothing_but_reading_is_answered(song):
    assert client_of().post(f"/audio/{song[0]}").status_code == 405


def test_large_file_is_streamed_in_pieces(song):
    """The first piece is out before the last one is read."""
    import asyncio

    track_id, path = song
    write_sound(path, 60)
    route, _ = audio_routes(Access())
    sizes = []

    async def send(message):
        sizes.append(len(message.get("body", b"")))

    async def receive():
        return {"type": "http.request"}

    scope = {
        "type": "http",
        "method": "GET",
        "path": f"/audio/{track_id}",
        "headers": [(b"host", b"localhost")],
        "query_string": b"",
    }
    scope |= {"root_path": "", "asgi": {"spec_version": "2.4"}}
    asyncio.run(Starlette(routes=[route])(scope, receive, send))
    assert sum(sizes) == path.stat().st_size > 1_000_000
    assert max(sizes) <= 65_536


# What browsers can't play


@pytest.mark.parametrize(
    ("ending", "how"),
    [("aiff", {}), ("au", {"format": "AU"}), ("wav", {"subtype": "PCM_24"}), ("wav", {"subtype": "FLOAT"})],
)
def test_other_formats_come_as_something_browsers_play(tmp_path, ending, how):
    path = tmp_path / f"odd.{ending}"
    track_id = write_sound(path, **how)
    register("odd", {track_id: path})
    answer = client_of().get(f"/audio/{track_id}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] in ("audio/flac", "audio/ogg", "audio/mpeg")
    heard = tmp_path / "heard"
    heard.write_bytes(answer.content)
    assert sf.info(heard).duration == pytest.approx(2, abs=0.05)


def test_a_file_that_is_no_sound_says_so(tmp_path):
    path = tmp_path / "fake.mp3"
    path.write_bytes(b"<html><script>alert(1)</script>" * 50)
    register("fake", {"a" * 32: path})
    answer = client_of().get(f"/audio/{'a' * 32}")
    assert answer.status_code == 422
    assert "'fake.mp3' can't be played" in answer.text
    assert answer.headers["content-type"].startswith("text/plain")


# The drawing library


def test_drawing_library_is_the_packaged_one():
    answer = client_of().get("/plotly.min.js")
    assert answer.status_code == 200
    assert "plotly.js v" in answer.text[:200]
    assert answer.headers["content-type"].startswith("text/javascript")
    again = client_of().get("/plotly.min.js", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


def test_serving_needs_no_streamlit():
    import subprocess
    import sys

    check = (
        "import sys, core.server.audio_routes, core.server.signed_links; print('streamlit' in sys.modules)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", check],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.strip() == "False"


def test_loudness_says_at_which_gain_tracks_are_equally_loud(song):
    track_id, path = song
    found = client_of().get(f"/audio/{track_id}/loudness").json()
    assert found["gain_db"] == pytest.approx(-23 - found["lufs"]) and -20 < found["lufs"] < -10
    assert found["peak_dbfs"] == pytest.approx(-13.98, abs=0.05)
    path.unlink()
    assert client_of().get(f"/audio/{track_id}/loudness").status_code == 404
    assert client_of().get(f"/audio/{'f' * 32}/loudness").status_code == 404


def test_loudness_is_for_those_who_may_hear_the_track(song):
    track_id, _ = song
    client = client_of(Access(signed=True))
    assert client.get(f"/audio/{track_id}/loudness").status_code == 403
    address, _, query = link_to(f"audio/{track_id}", session="anna").partition("?")
    assert client.get(f"{address}/loudness?{query}").status_code == 200

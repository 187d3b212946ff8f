"""The audio route: ranges, refusals, conversion; only tracks of registered collections."""

import hashlib
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import soundfile as sf
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core import collection
from core.collection.saved import save
from core.links import Access, audio_link
from core.serve import TrackIndex, audio_routes, library_routes

SR = 22_050
LOCAL = Access()


def write_sound(path: Path, seconds: float = 2.0, **how) -> str:
    """Write a tone and return its track id."""
    sf.write(path, 0.2 * np.sin(np.arange(int(SR * seconds)) / 20), SR, **how)
    return hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest()


def register(name: str, paths: dict[str, Path | str]) -> None:
    rows = [{"track_id": track_id, "path": str(path), "title": track_id[:4]} for track_id, path in paths.items()]
    save(collection.Collection(name, pd.DataFrame(rows), info={"kind": "folder"}))


def client_of(access: Access = LOCAL, base: str = "") -> TestClient:
    app = Starlette(routes=audio_routes(access, base=base) + library_routes(base=base))
    return TestClient(app, base_url="http://localhost:8501")


@pytest.fixture
def song(tmp_path) -> tuple[str, Path]:
    path = tmp_path / "song.wav"
    track_id = write_sound(path)
    register("mine", {track_id: path})
    return track_id, path


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
    [("bytes=0-99", 0, 100), ("bytes=100-", 100, None), ("bytes=-50", -50, None), ("bytes=1000-999999999", 1000, None)],
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
    (route,) = audio_routes(Access())
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


# What is not there


def test_only_registered_tracks(song, tmp_path):
    secret = write_sound(tmp_path / "secret.wav", 1)
    for asked in (secret, "0" * 32, "mine", "..%2f..%2fetc%2fpasswd", "%00", "A" * 32):
        answer = client_of().get(f"/audio/{asked}")
        assert answer.status_code == 404, asked


def test_track_without_sound_says_so():
    register("table", {"b" * 32: ""})
    answer = client_of().get(f"/audio/{'b' * 32}")
    assert answer.status_code == 404
    assert "came without sound" in answer.text


def test_vanished_file_says_so(song):
    track_id, path = song
    path.unlink()
    answer = client_of().get(f"/audio/{track_id}")
    assert answer.status_code == 404
    assert "'song.wav' is no longer where it was" in answer.text


def test_folder_in_place_of_the_file_says_so(song):
    track_id, path = song
    path.unlink()
    path.mkdir()
    assert client_of().get(f"/audio/{track_id}").status_code == 404


def test_track_that_another_collection_still_has_is_found_there(song, tmp_path):
    track_id, path = song
    register("copy", {track_id: tmp_path / "gone.wav"})
    assert client_of().get(f"/audio/{track_id}").content == path.read_bytes()


@pytest.mark.skipif(os.name == "nt", reason="Windows allows no such names")
def test_names_of_files_can_break_no_header(tmp_path):
    path = tmp_path / 'a "quoted"; näme\nwith 🎵 <img onerror>.wav'
    track_id = write_sound(path)
    register("names", {track_id: path})
    answer = client_of().get(f"/audio/{track_id}")
    assert answer.status_code == 200
    told = answer.headers["content-disposition"]
    assert told.startswith("inline; filename")
    assert not any(mark in told for mark in '<>\n"🎵')


# Collections come and go


def test_new_and_removed_collections_are_noticed(song, tmp_path):
    track_id, _ = song
    client = client_of()
    assert client.get(f"/audio/{track_id}").status_code == 200
    later = write_sound(tmp_path / "later.wav", 1)
    assert client.get(f"/audio/{later}").status_code == 404
    register("later", {later: tmp_path / "later.wav"})
    assert client.get(f"/audio/{later}").status_code == 200
    collection.remove("mine")
    assert client.get(f"/audio/{track_id}").status_code == 404


def test_unchanged_collections_are_read_once(monkeypatch):
    register("large", {f"{i:032x}": f"/nowhere/{i}.wav" for i in range(2_000)})
    index, reads, load = TrackIndex(), [], collection.load
    monkeypatch.setattr(collection, "load", lambda name: reads.append(name) or load(name))
    assert index.path_of(f"{1_999:032x}") == "/nowhere/1999.wav"
    assert index.path_of(f"{7:032x}") == "/nowhere/7.wav"
    assert index.path_of("f" * 32) is None
    assert reads == ["large"]


def test_a_damaged_collection_hides_no_other(song, own_store):
    broken = own_store / "collections" / "broken"
    broken.mkdir()
    (broken / "collection.json").write_text("{}")
    (broken / "tracks.parquet").write_bytes(b"no table")
    assert client_of().get(f"/audio/{song[0]}").status_code == 200


# Who asks


@pytest.mark.parametrize(
    "headers", [{"Host": "evil.example"}, {"Origin": "http://localhost:3000"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_foreign_pages_and_names_get_nothing(song, headers):
    answer = client_of().get(f"/audio/{song[0]}", headers=headers)
    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers


def test_beyond_loopback_a_link_needs_its_signature(song):
    track_id, path = song
    client = client_of(Access.of_server("0.0.0.0"))
    assert client.get(f"/audio/{track_id}").status_code == 403
    link = audio_link(track_id, session="anna")
    assert client.get(link).content == path.read_bytes()
    assert client.get(link.replace("session=", "session=0")).status_code == 403


def test_everything_lies_below_the_base_path(song):
    client = client_of(base="music/space")
    assert client.get(audio_link(song[0], base="music/space")).status_code == 200
    assert client.get(f"/audio/{song[0]}").status_code == 404
    assert client.get("/music/space/plotly.min.js").status_code == 200


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

    check = "import sys, core.serve, core.links; print('streamlit' in sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", check], cwd=Path(__file__).parents[1], capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "False"

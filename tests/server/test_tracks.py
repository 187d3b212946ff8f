"""Which tracks the audio route gives, to whom: only those of registered collections, and never to foreign
pages."""

import os
import time

import pytest

from core import collection
from core.server.access import Access
from core.server.audio_routes import TrackIndex
from core.server.signed_links import LIFETIME_S, audio_link
from tests.server.sounds import client_of, register, write_sound

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
    assert "has no audio" in answer.text


def test_vanished_file_says_so(song):
    track_id, path = song
    path.unlink()
    answer = client_of().get(f"/audio/{track_id}")
    assert answer.status_code == 404
    assert "'song.wav' no longer exists" in answer.text


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
    "headers",
    [{"Host": "evil.example"}, {"Origin": "http://localhost:3000"}, {"Sec-Fetch-Site": "cross-site"}],
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
    other = write_sound(path.with_name("other.wav"), 1)
    register("other", {other: path.with_name("other.wav")})
    long_ago = audio_link(track_id, session="anna", now=time.time() - 3 * LIFETIME_S)
    for refused in (
        link.replace("key=", "key=0"),
        link.replace(track_id, other),
        audio_link(track_id, session="anna", secret=b"another server"),
        long_ago,
    ):
        assert client.get(refused).status_code == 403, refused
    assert "expired" in client.get(long_ago).text


def test_everything_lies_below_the_base_path(song):
    client = client_of(base="music/space")
    assert client.get(audio_link(song[0], base="music/space")).status_code == 200
    assert client.get(f"/audio/{song[0]}").status_code == 404
    assert client.get("/music/space/plotly.min.js").status_code == 200

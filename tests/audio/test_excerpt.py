"""What browsers play is given as it is, the rest as an excerpt."""

import numpy as np
import pytest
import soundfile as sf

from core.audio import excerpt
from core.audio.excerpt import playable
from core.errors import AudioError, WriteError


@pytest.mark.parametrize(
    "name, settings, mime",
    [
        ("a.wav", {}, "audio/wav"),
        ("a.mp3", {}, "audio/mpeg"),
        ("a.ogg", {}, "audio/ogg"),
        ("a.opus", {"sr": 48_000, "format": "OGG", "subtype": "OPUS"}, "audio/ogg"),
        ("a.flac", {"subtype": "PCM_24"}, "audio/flac"),
        ("mislabelled.wav", {"format": "FLAC"}, "audio/flac"),
    ],
)
def test_known_to_browsers(write_sound, name, settings, mime):
    path = write_sound(name, duration_s=1, **settings)
    assert playable(path) == (path, mime)


def test_aac_in_mp4(write_with_ffmpeg):
    path = write_with_ffmpeg("a.m4a", "aac", duration_s=1)
    assert playable(path) == (path, "audio/mp4")


@pytest.mark.parametrize(
    "name, settings, sr, channels",
    [
        ("a.au", {}, 44_100, 2),
        ("a.aiff", {"channels": 1}, 44_100, 1),
        ("deep.wav", {"subtype": "PCM_24"}, 44_100, 2),
        ("float.wav", {"subtype": "FLOAT"}, 44_100, 2),
        ("fast.wav", {"sr": 192_000}, 48_000, 2),
        ("fast.flac", {"sr": 176_400}, 44_100, 2),
        ("surround.flac", {"channels": 6}, 44_100, 2),
        ("four.wav", {"channels": 4}, 44_100, 2),
    ],
)
def test_the_rest_is_transcoded_once(write_sound, own_store, name, settings, sr, channels):
    path = write_sound(name, duration_s=2, **settings)
    served, mime = playable(path)
    assert mime == "audio/flac" and served.is_relative_to(own_store.resolve())
    info = sf.info(served)
    assert (info.samplerate, info.channels, info.format, info.subtype) == (sr, channels, "FLAC", "PCM_16")
    assert info.duration == pytest.approx(2, abs=0.001)
    stamp = served.stat().st_mtime_ns
    assert playable(path)[0] == served and served.stat().st_mtime_ns == stamp
    path.write_bytes(path.read_bytes() + b"\0\0")
    assert playable(path)[0] != served


def test_an_excerpt_sounds_like_its_source(write_sound, make_signal):
    y = make_signal(44_100, 2)
    served, _ = playable(write_sound("a.aiff", y=y, subtype="PCM_24"))
    heard, _ = sf.read(served, dtype="float32")
    np.testing.assert_allclose(heard, y, atol=2 / 32768)


def test_wma_and_alac_go_through_ffmpeg(write_with_ffmpeg):
    for name, codec, options in (("a.wma", "wmav2", {"b": "128000"}), ("b.m4a", "alac", {})):
        served, mime = playable(write_with_ffmpeg(name, codec, duration_s=2, **options))
        assert mime == "audio/flac" and sf.info(served).duration == pytest.approx(2, abs=0.1)


def test_an_excerpt_ends(write_sound, monkeypatch):
    monkeypatch.setattr(excerpt, "LONGEST_S", 1)
    assert sf.info(playable(write_sound("long.aiff", duration_s=3))[0]).duration == 1


def test_a_broken_file_says_why(tmp_path):
    (tmp_path / "a.wma").write_bytes(b"nothing")
    with pytest.raises(AudioError, match="not audio"):
        playable(tmp_path / "a.wma")


def test_an_excerpt_that_finds_no_room_is_one_line_and_leaves_nothing(write_sound, own_store, monkeypatch):
    path = write_sound("a.aiff")

    def refuse(self, data):
        raise sf.LibsndfileError(2)

    monkeypatch.setattr(sf.SoundFile, "write", refuse)
    with pytest.raises(WriteError, match="can't be written to .*: .*System error"):
        playable(path)
    assert not [file for file in own_store.rglob("*.flac") if file.is_file()]

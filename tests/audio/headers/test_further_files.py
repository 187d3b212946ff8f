"""Files behind the first in one are named, not left out in silence."""

import struct

import pytest

from core.audio.decode import check
from core.audio.headers.flac_frames import runs_through
from core.audio.headers.further_files import has_further_file
from core.errors import AudioError


@pytest.mark.parametrize("name", ["a.flac", "a.wav", "a.aiff"])
@pytest.mark.parametrize("second_s", [1, 8])
def test_two_files_in_one_are_named(write_sound, name, second_s):
    second = write_sound(name, duration_s=second_s).read_bytes()
    path = write_sound(name, duration_s=8)
    assert check(path).duration_s == 8, "the control"
    path.write_bytes(path.read_bytes() + second)
    with pytest.raises(AudioError, match=r"further audio behind its first 8\.0 s"):
        check(path)


def test_two_mp4s_in_one_are_named(write_with_ffmpeg):
    path = write_with_ffmpeg("a.m4a", "aac")
    path.write_bytes(path.read_bytes() * 2)
    with pytest.raises(AudioError, match="further audio"):
        check(path)


@pytest.mark.parametrize(
    "name, codec, container",
    [
        ("a.wv", "wavpack", "wv"),
        ("a.mka", "libopus", "matroska"),
        ("a.caf", "pcm_s16le", "caf"),
        ("a.tta", "tta", "tta"),
        ("a.au", "pcm_s16be", "au"),
    ],
)
def test_two_files_of_other_formats_in_one_are_named(write_with_ffmpeg, name, codec, container):
    path = write_with_ffmpeg(name, codec, format=container, sr=48_000)
    one = path.read_bytes()
    assert check(path).duration_s == pytest.approx(4, abs=0.1), "the control"
    path.write_bytes(
        one + write_with_ffmpeg(name, codec, format=container, sr=48_000, duration_s=6).read_bytes()
    )
    with pytest.raises(AudioError, match=r"further audio behind its first 4\.0 s"):
        check(path)


def test_two_aac_streams_in_one_are_read(write_with_ffmpeg):
    path = write_with_ffmpeg("a.aac", "aac", format="adts")
    path.write_bytes(path.read_bytes() * 2)
    assert check(path).duration_s == pytest.approx(8, abs=0.2)


@pytest.mark.parametrize("name", ["a.flac", "a.wav", "a.aiff", "a.mp3"])
def test_tags_and_chunks_behind_the_audio_are_no_file(write_sound, name):
    path = write_sound(name)
    order = ">I" if name == "a.aiff" else "<I"
    for after in (
        b"TAG" + bytes(125),
        b"LIST" + struct.pack(order, 4) + b"INFO",
        b"ID3\3\0\0\0\0\1\0" + bytes(128),
    ):
        path.write_bytes(path.read_bytes() + after)
        assert check(path).duration_s == 4


def test_a_fragmented_mp4_is_one_file(write_with_ffmpeg):
    path = write_with_ffmpeg(
        "a.m4a", "aac", container_options={"movflags": "frag_keyframe+empty_moov+default_base_moof"}
    )
    assert check(path).duration_s == pytest.approx(4, abs=0.1)


@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24"])
@pytest.mark.parametrize("sr", [8_000, 44_100, 37_000])
def test_frames_of_a_good_flac_run_through(write_sound, sr, subtype):
    path = write_sound("a.flac", duration_s=12, sr=sr, subtype=subtype)
    data = path.read_bytes()
    for content, through in ((data, True), (data * 2, False), (data * 3, False)):
        path.write_bytes(content)
        with open(path, "rb", buffering=0) as file:
            assert runs_through(file) == through and has_further_file(file) != through

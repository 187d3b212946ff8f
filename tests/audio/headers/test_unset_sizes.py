"""Files whose recorder never wrote the size of the audio are read to their end."""

import struct

import numpy as np
import pytest
import soundfile as sf

from core.audio.decode import check, open_audio
from core.audio.excerpt import playable
from core.audio.headers.unset_sizes import PatchedFile, find_patches
from core.errors import AudioError

LIST = b"LIST" + struct.pack("<I", 18) + b"INFOINAM" + struct.pack("<I", 6) + b"title\0"
U32, U64, BIG = "<I", "<Q", ">I"


def _with_sizes(path, *sizes):
    """Overwrite sizes: (name of a chunk, or a position; offset after it; format; value)."""
    data = bytearray(path.read_bytes())
    for name, offset, form, value in sizes:
        at = data.index(name) if isinstance(name, bytes) else name
        struct.pack_into(form, data, at + offset, value)
    path.write_bytes(data)
    return path


def _read_whole(path) -> np.ndarray:
    check(path)
    with open_audio(path) as audio:
        return audio.read(0, audio.n_frames, audio.info.sr)


def _patches(path) -> dict:
    with open(path, "rb", buffering=0) as file:
        return find_patches(file)


WAV = [(4, 0, U32, 0), (b"data", 4, U32, 0)]
RF64 = [(b"ds64", 8, U64, 0), (b"ds64", 16, U64, 0), (b"ds64", 24, U64, 0)]


@pytest.mark.parametrize(
    "name, settings, sizes",
    [
        ("a.wav", {}, WAV),
        ("a.wav", {}, [(b"data", 4, U32, 0)]),
        ("a.wav", {}, [(4, 0, U32, 8), (b"data", 4, U32, 0)]),
        ("a.wav", {}, [(4, 0, U32, 2**32 - 1), (b"data", 4, U32, 2**32 - 1)]),
        ("a.wav", {}, [(4, 0, U32, 2**31 - 1), (b"data", 4, U32, 0)]),
        ("early.wav", {}, [(4, 0, U32, 36 + 20_000), (b"data", 4, U32, 20_000)]),
        ("a.wav", {"subtype": "PCM_24", "format": "WAVEX"}, WAV),
        ("a.wav", {"subtype": "FLOAT"}, [*WAV, (b"fact", 8, U32, 0)]),
        ("a.wav", {"format": "RF64"}, RF64),
        ("a.wav", {"format": "RF64"}, [*RF64, (b"data", 4, U32, 0)]),
        ("a.wav", {"format": "RF64"}, [(b"ds64", 8, U64, 2**64 - 1), (b"ds64", 16, U64, 2**64 - 1)]),
        ("a.w64", {}, [(16, 0, U64, 0), (b"data", 16, U64, 0)]),
        ("a.w64", {}, [(b"data", 16, U64, 24)]),
        ("a.w64", {}, [(16, 0, U64, 2**64 - 1), (b"data", 16, U64, 2**64 - 1)]),
        ("a.aiff", {}, [(4, 0, BIG, 0), (b"COMM", 10, BIG, 0), (b"SSND", 4, BIG, 0)]),
        ("a.aiff", {}, [(b"COMM", 10, BIG, 0), (b"SSND", 4, BIG, 8)]),
        ("a.au", {}, [(8, 0, BIG, 0)]),
        ("a.au", {}, [(8, 0, BIG, 2**32 - 1)]),
        ("a.caf", {}, [(b"data", 4, ">q", -1)]),
        ("a.caf", {}, [(b"data", 4, ">q", 0)]),
    ],
)
def test_audio_without_a_size_is_read_in_full(write_sound, make_signal, name, settings, sizes):
    y = make_signal(44_100, 3)
    path = _with_sizes(write_sound(name, y=y, **settings), *sizes)
    np.testing.assert_allclose(_read_whole(path), y.mean(axis=1), atol=5e-5)


def test_the_control_is_read_without_patches(write_sound):
    for name, settings in (("a.wav", {}), ("b.wav", {"format": "RF64"}), ("a.aiff", {}), ("a.au", {})):
        assert _patches(write_sound(name, **settings)) == {}


@pytest.mark.parametrize(
    "after", [LIST, b"\0" + LIST, bytes(9_000), b"ID3\3\0\0" + bytes(20_000), b"TAG" + bytes(125)]
)
def test_what_follows_the_audio_is_not_read_as_audio(write_sound, after):
    path = write_sound(duration_s=1)
    path.write_bytes(path.read_bytes() + after)
    assert _patches(path) == {} and check(path).duration_s == 1


def test_an_empty_file_stays_empty(write_sound):
    path = write_sound(y=np.zeros((0, 2)))
    for after in (b"", LIST, LIST * 10):
        path.write_bytes(path.read_bytes()[:44] + after)
        with pytest.raises(AudioError, match="holds no audio"):
            check(path)


def test_it_is_played_as_an_excerpt_of_its_full_length(write_sound):
    path = write_sound(duration_s=2)
    assert playable(path) == (path, "audio/wav"), "the control"
    served, mime = playable(_with_sizes(path, *WAV))
    assert mime == "audio/flac" and sf.info(served).duration == 2


def test_patched_bytes_are_read_wherever_a_read_starts(tmp_path):
    data = bytes(range(100))
    (tmp_path / "a").write_bytes(data)
    expected = data[:10] + b"ABCD" + data[14:]
    with open(tmp_path / "a", "rb", buffering=0) as file:
        patched = PatchedFile(file, {10: b"ABCD"})
        for start in (0, 8, 11, 13, 14):
            for n in (1, 3, 50):
                patched.seek(start)
                assert patched.read(n) == expected[start : start + n]

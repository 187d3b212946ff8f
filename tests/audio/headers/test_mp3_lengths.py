"""MP3s whose header is missing, wrong, or the first of several files in one are read in full, or named."""

import struct

import numpy as np
import pytest

from core.audio.decode import check, open_audio
from core.audio.headers.frame_headers import parse_frame_header
from core.audio.headers.mp3_header import count_samples
from core.errors import AudioError

WITHOUT_HEADER = {"container_options": {"write_xing": "0", "id3v2_version": "0"}}
N_FRAMES, N_BYTES, FLAGS = 8, 12, 4  # offsets in a Xing header


@pytest.fixture
def mp3(write_with_ffmpeg):
    """Return a function that gives the bytes of an MP3 of four seconds."""

    def make(header: bool = True, **settings) -> bytearray:
        settings = {"b": "128000", "container_options": {"id3v2_version": "0"}, **settings}
        if not header:
            settings |= WITHOUT_HEADER
        return bytearray(write_with_ffmpeg("part.mp3", "libmp3lame", **settings).read_bytes())

    return make


@pytest.fixture
def written(tmp_path):
    def write(data: bytes):
        path = tmp_path / "a.mp3"
        path.write_bytes(data)
        return path

    return write


def _whole_s(path) -> float:
    """Return the length of a file in which every tenth of a second is audible, except the last."""
    duration_s = check(path).duration_s
    with open_audio(path) as audio:
        for start in range(0, int(duration_s * 22_050) - 4410, 2205):
            assert np.abs(audio.read(start, 2205, 22_050)).max() > 0.01, f"silence at {start / 22_050} s"
    return duration_s


@pytest.mark.parametrize("n_frames", [0, 1, 77, 100_000, 0x7FFF_FFFF, 0xFFFF_FFFF])
@pytest.mark.parametrize("kind", [b"Info", b"Xing"])
def test_frames_are_counted_where_the_header_states_another_number(mp3, written, kind, n_frames):
    data = mp3()
    at = data.index(b"Info")
    data[at : at + 4] = kind
    path = written(data)
    with open(path, "rb", buffering=0) as file:
        assert count_samples(file) == pytest.approx(4 * 44_100, abs=4000), "the control: a good header"
    struct.pack_into(">I", data, at + N_FRAMES, n_frames)
    assert _whole_s(written(data)) == pytest.approx(4, abs=0.1)


def test_a_header_without_a_count_or_with_an_absurd_size_is_not_believed(mp3, written):
    data = mp3()
    at = data.index(b"Info")
    for offset, value in ((FLAGS, 0), (FLAGS, 0b1110), (N_BYTES, 0xFFFF_FFFF), (N_BYTES, 5)):
        bad = data.copy()
        struct.pack_into(">I", bad, at + offset, value)
        assert _whole_s(written(bad)) == pytest.approx(4, abs=0.1)


def test_the_word_info_elsewhere_is_no_header(mp3, written):
    data = mp3(header=False)
    tag = b"ID3\3\0\0\0\0\0\x1cTIT2\0\0\0\x12\0\0\0Xing Info and VBRI"
    assert _whole_s(written(tag + data)) == pytest.approx(4, abs=0.1)
    data[80:84] = b"Info"
    assert _whole_s(written(data)) == pytest.approx(4, abs=0.1)


def test_vbri_is_read_where_it_fits(mp3, written):
    data = mp3(header=False)
    head = bytearray(417)
    head[:4] = data[:4]
    for n_frames in (len(data) // 418 + 1, 0, 40):
        head[36:54] = b"VBRI" + struct.pack(">HHHII", 1, 0, 75, len(data) + 417, n_frames)
        assert _whole_s(written(head + data)) == pytest.approx(4, abs=0.15)


@pytest.mark.parametrize("headers", [(True, True), (True, False), (False, False), (False, True, True)])
def test_several_files_in_one_are_read_to_the_end(mp3, written, headers):
    path = written(b"".join(mp3(header) for header in headers))
    duration_s = _whole_s(path)
    assert duration_s == pytest.approx(4 * len(headers), abs=0.08 * len(headers))
    with open_audio(path) as audio:
        whole = audio.read(0, audio.length(44_100), 44_100)
        for start in (50_000, 200_000, 300_000):
            np.testing.assert_allclose(
                audio.read(start, 9_000, 44_100), whole[start : start + 9_000], atol=2e-3
            )


def test_tags_between_the_files_are_no_audio(mp3, written):
    data = mp3(header=False)
    id3v1 = b"TAG" + b"y" * 124 + b"\x11"
    id3v2 = b"ID3\3\0\0\0\0\0\x14TIT2\0\0\0\x0a\0\0\0Some title"
    assert _whole_s(written(data + id3v1 + id3v2 + data + id3v1)) == pytest.approx(8, abs=0.15)


def test_tags_at_the_end_leave_a_good_header_believed(mp3, written):
    data = mp3()
    ape = b"APETAGEX" + struct.pack("<IIII", 2000, 32 + 9_000, 1, 0) + bytes(8)
    end = bytes(9_000) + ape + b"TAG" + bytes(125)
    with open(written(data + end), "rb", buffering=0) as file:
        assert count_samples(file) > 0
    with open(written(data + bytes(20_000)), "rb", buffering=0) as file:
        assert count_samples(file) == 0


def test_mono_and_stereo_in_one_file_are_mixed(mp3, write_sound):
    stereo = mp3(header=False)
    path = write_sound("mono.mp3", channels=1)
    mono = path.read_bytes()
    for data, channels in ((mono + stereo, 1), (stereo + mono, 2)):
        path.write_bytes(data)
        assert check(path).channels == channels
        assert _whole_s(path) == pytest.approx(8, abs=0.2)


def test_another_sample_rate_midway_is_named(mp3, written):
    data, low = mp3(), mp3(sr=22_050, b="64000")
    for parts in ((data, low), (data, low, data), (data, data, low, data, data)):
        with pytest.raises(AudioError, match=r"sample rate midway, from 44100 to 22050 Hz at \d\.\d s"):
            check(written(b"".join(parts)))


def test_truncated_is_still_truncated(mp3, written):
    data = mp3()
    with pytest.raises(AudioError, match="truncated"):
        check(written(data[: len(data) // 2]))


@pytest.mark.parametrize(
    "head, frame",
    [
        ("fffb9000", (417, 1152, 44_100, 2)),
        ("fffb92c0", (418, 1152, 44_100, 1)),
        ("fff340c4", (104, 576, 22_050, 1)),
        ("fffd9000", (522, 1152, 44_100, 2)),
        ("ffff9000", (312, 384, 44_100, 2)),
        ("fff15080", None),
        ("ffeb9000", None),
        ("fffbf000", None),
        ("fffb", None),
    ],
)
def test_frame_headers(head, frame):
    assert parse_frame_header(bytes.fromhex(head)) == frame

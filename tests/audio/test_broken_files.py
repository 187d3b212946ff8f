"""Every broken file ends in a reason that a person understands, and none can hang or reach out."""

import os

import numpy as np
import pytest

from core.audio.decode import check, probe
from core.errors import AudioError
from tests.audio.crop import read_crop


def _reason(path) -> str:
    with pytest.raises(AudioError) as caught:
        check(path)
    return str(caught.value)


@pytest.mark.parametrize("ending", ["wav", "mp3", "flac", "ogg", "m4a", "wma", "raw", "vox", "sd2"])
def test_zero_bytes(tmp_path, ending):
    path = tmp_path / f"zero.{ending}"
    path.touch()
    assert "zero bytes" in _reason(path)


@pytest.mark.parametrize("ending", ["wav", "mp3", "flac", "ogg", "m4a", "wma", "aac", "raw", "vox", "sd2"])
@pytest.mark.parametrize(
    "content",
    [b"this is a letter, not a song\n" * 300, bytes(20_000), b"\x00", np.random.default_rng(0).bytes(30_000)],
)
def test_not_audio_under_an_audio_name(tmp_path, ending, content):
    path = tmp_path / f"letter.{ending}"
    path.write_bytes(content)
    assert "not audio" in _reason(path)


@pytest.mark.parametrize("ending", ["wav", "flac", "mp3", "ogg", "aiff", "au", "w64"])
@pytest.mark.parametrize("kept", [0.5, 0.9])
def test_truncated(write_sound, ending, kept):
    path = write_sound(f"cut.{ending}", duration_s=10)
    assert check(path).duration_s == pytest.approx(10, abs=0.1)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * kept)])
    assert "truncated" in _reason(path)


@pytest.mark.parametrize("options", [{}, {"movflags": "faststart"}])
def test_truncated_mp4(write_with_ffmpeg, options):
    path = write_with_ffmpeg("cut.m4a", "aac", container_options=options, duration_s=10)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert "truncated" in _reason(path)


def test_a_small_loss_is_stated_in_digits_that_show_it(write_sound):
    path = write_sound("short.wav", duration_s=3.2)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * 0.985)])
    with pytest.raises(AudioError, match=r"header promises 3\.2 s, of which the last 0\.048 s are missing"):
        check(path)


def test_truncated_wma(write_with_ffmpeg):
    path = write_with_ffmpeg("cut.wma", "wmav2", b="128000", duration_s=10)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert "truncated" in _reason(path)


def test_a_crop_behind_the_break_is_refused(write_sound):
    path = write_sound("cut.flac", duration_s=10)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert read_crop(path, 1, 2, 22_050).any()
    with pytest.raises(AudioError, match="truncated"):
        read_crop(path, 7, 2, 22_050)


@pytest.mark.parametrize(
    "name, settings, level",
    [
        ("a.wav", {}, 0),
        ("a.wav", {"subtype": "FLOAT"}, 2e-5),
        ("a.flac", {}, 3e-5),
        ("a.ogg", {}, 0),
        ("a.mp3", {}, 0),
    ],
)
def test_silent(write_sound, name, settings, level):
    y = np.full((44_100 * 3, 1), level, np.float32)
    assert "silent" in _reason(write_sound(name, y=y, **settings))


def test_one_sample(write_sound):
    assert "only 1 sample long" in _reason(write_sound("one.wav", y=np.ones((1, 2)) * 0.5))


def test_no_samples(write_sound):
    assert "no audio" in _reason(write_sound("none.wav", y=np.zeros((0, 2))))


@pytest.mark.parametrize("bad", [np.nan, np.inf])
@pytest.mark.parametrize("subtype", ["FLOAT", "DOUBLE"])
def test_nan(write_sound, make_signal, bad, subtype):
    y = make_signal(22_050, 20)
    y[22_050 * 12, 1] = bad
    path = write_sound("nan.wav", y=y, sr=22_050, subtype=subtype)
    assert "not numbers" in _reason(path)
    with pytest.raises(AudioError, match="not numbers"):
        read_crop(path, 10, 4, 16_000)
    assert read_crop(path, 2, 4, 16_000).any()


def test_an_absurd_sample_rate(write_sound):
    assert "sample rate" in _reason(write_sound("fast.wav", sr=2_000_000_000, y=np.ones((100, 1)) * 0.5))


def test_a_folder(tmp_path):
    (tmp_path / "x.mp3").mkdir()
    assert "folder" in _reason(tmp_path / "x.mp3")


def test_missing_and_a_link_to_nothing(tmp_path):
    assert "is missing" in _reason(tmp_path / "gone.wav")
    (tmp_path / "link.wav").symlink_to(tmp_path / "gone.wav")
    assert "is missing" in _reason(tmp_path / "link.wav")


def test_a_link_to_itself(tmp_path):
    (tmp_path / "loop.wav").symlink_to(tmp_path / "loop.wav")
    assert "can't be opened" in _reason(tmp_path / "loop.wav")


def test_a_name_with_a_null_byte(tmp_path):
    assert "can't be opened" in _reason(f"{tmp_path}/a\0b.wav")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_a_pipe_does_not_block(tmp_path):
    os.mkfifo(tmp_path / "x.wav")
    assert "pipe" in _reason(tmp_path / "x.wav")


def test_unreadable(write_sound, monkeypatch):
    path = write_sound()

    def refuse(*args, **settings):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("core.audio.opening.os.open", refuse)  # chmod would not stop root
    assert "permission denied" in _reason(path)


@pytest.mark.parametrize("ending", ["m4a", "mp3", "txt"])
def test_playlists_that_name_other_files_are_refused(write_sound, tmp_path, ending):
    other = write_sound("other.wav")
    for text in (
        f"ffconcat version 1.0\nfile '{other}'\n",
        f"#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n{other.as_uri()}\n#EXT-X-ENDLIST\n",
    ):
        path = tmp_path / f"list.{ending}"
        path.write_text(text)
        assert "not audio" in _reason(path)


def test_a_picture_and_a_silent_film(tmp_path):
    import av

    with av.open(str(tmp_path / "film.mp4"), "w") as out:
        stream = out.add_stream("mpeg4", rate=10, width=32, height=32, pix_fmt="yuv420p")
        for shade in range(10):
            frame = av.VideoFrame.from_ndarray(np.full((32, 32, 3), 20 * shade, np.uint8), format="rgb24")
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    assert "no audio" in _reason(tmp_path / "film.mp4")


@pytest.mark.usefixtures("decoded_here")
def test_a_file_that_gives_nothing_is_given_up(write_with_ffmpeg, monkeypatch):
    path = write_with_ffmpeg("a.m4a", "aac")
    monkeypatch.setattr("core.audio.decoders.container.LIMIT_S", -1)
    with pytest.raises(AudioError):
        probe(path)


def test_damage_in_the_middle_harms_at_most_itself(write_sound):
    for ending in ("mp3", "ogg", "flac"):
        path = write_sound(f"scratched.{ending}", duration_s=10)
        data = bytearray(path.read_bytes())
        middle = len(data) // 2
        data[middle : middle + 3000] = np.random.default_rng(0).bytes(3000)
        path.write_bytes(data)
        try:
            y = read_crop(path, 1, 8, 22_050)
            assert np.isfinite(y).all()
        except AudioError as reason:
            assert "truncated" in str(reason)

"""Containers whose length is not that of their audio, and those without audio."""

import av
import numpy as np
import pytest

from core.audio.decode import check, open_audio
from core.errors import AudioError


def _write(path, codec: str = "", starts_s: float = 0.0, video_s: float = 0.0, sr: int = 48_000):
    """Write four seconds of a tone that start late, beside a video, or either alone."""
    with av.open(str(path), "w") as out:
        sound = out.add_stream(codec, rate=sr, layout="stereo") if codec else None
        film = out.add_stream("mpeg4", rate=10, width=32, height=32, pix_fmt="yuv420p") if video_s else None
        for n in range(round(video_s * 10)):
            picture = av.VideoFrame.from_ndarray(np.full((32, 32, 3), n % 255, np.uint8), format="rgb24")
            picture.pts = n
            out.mux(film.encode(picture))
        y = 0.4 * np.sin(2 * np.pi * 330 * np.arange(4 * sr) / sr)
        for start in range(0, len(y) if codec else 0, 1024):
            part = np.stack([y[start : start + 1024]] * 2).astype(np.float32)
            frame = av.AudioFrame.from_ndarray(part, format="fltp", layout="stereo")
            frame.sample_rate, frame.pts = sr, start + round(starts_s * sr)
            out.mux(sound.encode(frame))
        for stream in filter(None, (film, sound)):
            out.mux(stream.encode(None))
    return path


@pytest.mark.parametrize("starts_s", [0, 0.02, 1.5])
@pytest.mark.parametrize(
    "name, codec, video_s",
    [
        ("a.mka", "aac", 0),
        ("a.mka", "libmp3lame", 0),
        ("a.webm", "libopus", 0),
        ("a.flv", "aac", 0),
        ("a.m4a", "aac", 0),
        ("a.ts", "aac", 0),
        ("a.mkv", "aac", 6),
        ("a.mkv", "aac", 3),
        ("a.mp4", "aac", 6),
        ("a.avi", "libmp3lame", 0),
        ("a.avi", "libmp3lame", 6),
        ("a.ts", "aac", 6),
    ],
)
def test_audio_that_starts_late_or_ends_before_the_video(tmp_path, name, codec, video_s, starts_s):
    path = _write(tmp_path / name, codec, starts_s, video_s, sr=48_000 if codec == "libopus" else 44_100)
    assert check(path).duration_s == pytest.approx(4, abs=0.1)
    with open_audio(path) as audio:
        for tenth in range(38):
            assert np.abs(audio.read(tenth * 2205, 2205, 22_050)).max() > 0.1


@pytest.mark.parametrize("video_s", [0, 6])
@pytest.mark.parametrize("starts_s", [0, 1.5])
def test_truncated_matroska_is_still_truncated(tmp_path, starts_s, video_s):
    path = _write(tmp_path / "a.mkv", "aac", starts_s, video_s)
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 6 // 10])
    with pytest.raises(AudioError, match="truncated"):
        check(path)


@pytest.mark.parametrize("starts_s", [0, 1.5])
def test_a_truncated_avi_is_still_truncated(tmp_path, starts_s):
    path = _write(tmp_path / "a.avi", "libmp3lame", starts_s)
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 6 // 10])
    with pytest.raises(AudioError, match="truncated"):
        check(path)


@pytest.mark.parametrize("name", ["a.mp4", "a.mov", "a.m4a", "a.mkv", "a.avi", "a.ts"])
def test_video_without_audio_is_named(tmp_path, name):
    with pytest.raises(AudioError, match="^holds no audio, only video$"):
        check(_write(tmp_path / name, video_s=2))


def test_an_mp4_without_its_index_is_truncated(tmp_path):
    path = _write(tmp_path / "a.mp4", "aac")
    path.write_bytes(path.read_bytes()[:5_000])
    with pytest.raises(AudioError, match="truncated or damaged: an MP4 whose index is missing"):
        check(path)

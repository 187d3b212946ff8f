"""Sounds that the tests of this folder are made from."""

import numpy as np
import pytest
import soundfile as sf


def _make_signal(sr: int, duration_s: float, channels: int = 2, seed: int = 0) -> np.ndarray:
    """Return glides and noise, each channel different, float32 of shape (n, channels)."""
    t = np.arange(int(sr * duration_s)) / sr
    random = np.random.default_rng(seed)
    glides = sum(np.sin(2 * np.pi * f * t * (1 + 0.02 * t)) for f in (110, 331, 997, 2500))
    y = [glides * 0.1 / (1 + c) + 0.03 * random.standard_normal(len(t)) for c in range(channels)]
    return np.stack(y, axis=1).astype(np.float32)


@pytest.fixture
def make_signal():
    return _make_signal


@pytest.fixture
def write_sound(tmp_path):
    """Return a function that writes a seeded sound as ``name`` and gives its path."""

    def write(name="a.wav", sr=44_100, duration_s=4.0, channels=2, y=None, **settings):
        path = tmp_path / name
        sf.write(path, _make_signal(sr, duration_s, channels) if y is None else y, sr, **settings)
        return path

    return write


@pytest.fixture
def write_with_ffmpeg(tmp_path):
    """Return a function that writes a seeded sound with one of FFmpeg's own encoders."""

    def write(name, codec, format=None, sr=44_100, duration_s=4.0, container_options=None, **options):
        import av

        path = tmp_path / name
        y = _make_signal(sr, duration_s)
        with av.open(str(path), "w", format=format, options=container_options or {}) as out:
            stream = out.add_stream(codec, rate=sr, layout="stereo", options=options)
            for start in range(0, len(y), 1024):
                part = np.ascontiguousarray(y[start : start + 1024].T)
                frame = av.AudioFrame.from_ndarray(part, format="fltp", layout="stereo")
                frame.sample_rate, frame.pts = sr, start
                out.mux(stream.encode(frame))
            out.mux(stream.encode(None))
        return path

    return write

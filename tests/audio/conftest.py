"""Sounds that the tests of this folder are made from; each is computed and encoded once."""

import functools
import tempfile
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf


@functools.lru_cache(maxsize=16)
def _signal(sr: int, duration_s: float, channels: int, seed: int) -> np.ndarray:
    """Return glides and noise, each channel different, float32 of shape (n, channels)."""
    t = np.arange(int(sr * duration_s)) / sr
    random = np.random.default_rng(seed)
    glides = sum(np.sin(2 * np.pi * f * t * (1 + 0.02 * t)) for f in (110, 331, 997, 2500))
    y = [glides * 0.1 / (1 + c) + 0.03 * random.standard_normal(len(t)) for c in range(channels)]
    return np.stack(y, axis=1).astype(np.float32)


@functools.cache
def _encode(name: str, sr: int, duration_s: float, channels: int, settings: tuple) -> bytes:
    """Return the file that soundfile makes of the seeded sound."""
    with tempfile.TemporaryDirectory() as folder:
        sf.write(Path(folder) / name, _signal(sr, duration_s, channels, 0), sr, **dict(settings))
        return (Path(folder) / name).read_bytes()


@functools.cache
def _encode_with_ffmpeg(
    name: str, codec: str, format: str | None, sr: int, duration_s: float, container: tuple, options: tuple
) -> bytes:
    """Return the file that one of FFmpeg's own encoders makes of the seeded sound."""
    import av

    with tempfile.TemporaryDirectory() as folder:
        path, y = Path(folder) / name, _signal(sr, duration_s, 2, 0)
        with av.open(str(path), "w", format=format, options=dict(container)) as out:
            stream = out.add_stream(codec, rate=sr, layout="stereo", options=dict(options))
            for start in range(0, len(y), 1024):
                part = np.ascontiguousarray(y[start : start + 1024].T)
                frame = av.AudioFrame.from_ndarray(part, format="fltp", layout="stereo")
                frame.sample_rate, frame.pts = sr, start
                out.mux(stream.encode(frame))
            out.mux(stream.encode(None))
        return path.read_bytes()


@pytest.fixture
def make_signal():
    def make(sr: int, duration_s: float, channels: int = 2, seed: int = 0) -> np.ndarray:
        return _signal(sr, duration_s, channels, seed).copy()

    return make


@pytest.fixture
def write_sound(tmp_path):
    """Return a function that writes a seeded sound as ``name`` and gives its path."""

    def write(name="a.wav", sr=44_100, duration_s=4.0, channels=2, y=None, **settings):
        path = tmp_path / name
        if y is None:
            path.write_bytes(_encode(name, sr, duration_s, channels, tuple(settings.items())))
        else:
            sf.write(path, y, sr, **settings)
        return path

    return write


@pytest.fixture
def write_with_ffmpeg(tmp_path):
    """Return a function that writes a seeded sound with one of FFmpeg's own encoders."""

    def write(name, codec, format=None, sr=44_100, duration_s=4.0, container_options=None, **options):
        container = tuple((container_options or {}).items())
        data = _encode_with_ffmpeg(name, codec, format, sr, duration_s, container, tuple(options.items()))
        (tmp_path / name).write_bytes(data)
        return tmp_path / name

    return write


@pytest.fixture
def decoded_here(monkeypatch):
    """Decode every file in this process, whose decoders a test can replace."""
    monkeypatch.setattr("core.audio.decode.IS_AVAILABLE", False)

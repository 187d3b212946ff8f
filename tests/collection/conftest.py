"""Sound files made on the spot, and a store of the test's own."""

import numpy as np
import pytest
import soundfile


@pytest.fixture(autouse=True)
def own_store(tmp_path_factory, monkeypatch):
    """Keep everything below a folder that only this test knows."""
    path = tmp_path_factory.mktemp("store")
    monkeypatch.setenv("SONGSCAPE_CACHE", str(path))
    return path


@pytest.fixture
def make_sound():
    """Return a function that writes a tone; every frequency gives other bytes."""

    def make(path, frequency=220.0, seconds=0.3, sr=8_000, channels=1, tags=None, **keywords):
        path.parent.mkdir(parents=True, exist_ok=True)
        t = np.arange(max(int(seconds * sr), 1)) / sr
        y = 0.5 * np.sin(2 * np.pi * frequency * t)
        with soundfile.SoundFile(path, "w", sr, channels, **keywords) as file:
            for name, value in (tags or {}).items():
                setattr(file, name, value)
            file.write(np.repeat(y[:, None], channels, axis=1))
        return path

    return make


@pytest.fixture
def id3(make_sound):
    """Return a function that writes an MP3 with ID3v2.3 frames whose bytes are declared as Latin-1."""

    def make(path, frames, frequency=220.0):
        make_sound(path, frequency, sr=22_050)
        body = b""
        for name, value in frames.items():
            data = b"\x00" + (b"eng\x00" if name == "USLT" else b"") + value
            body += name.encode() + len(data).to_bytes(4, "big") + b"\0\0" + data
        size = bytes((len(body) >> shift) & 0x7F for shift in (21, 14, 7, 0))
        path.write_bytes(b"ID3\x03\0\0" + size + body + path.read_bytes())
        return path

    return make

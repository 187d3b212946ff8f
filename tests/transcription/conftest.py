"""A tiny model, noises to listen to, and collections of them."""

import numpy as np
import pytest
import soundfile

from core import collection as collections
from core.simulated.small_whisper import save_whisper
from core.transcription.whisper import load_whisper


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    return str(save_whisper(tmp_path_factory.mktemp("models") / "tiny-whisper"))


@pytest.fixture
def whisper(folder):
    return load_whisper(folder)


@pytest.fixture
def make_noise(tmp_path):
    """Return a function that writes noise; every seed gives other bytes."""

    def make(name: str, seconds: float = 1.5, seed: int = 0, sr: int = 8_000, quiet_s: float = 0.0):
        path = tmp_path / "music" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        y = np.random.default_rng(seed).normal(0, 0.1, round(seconds * sr))
        y[: round(quiet_s * sr)] = 0
        soundfile.write(path, y, sr)
        return path

    return make


@pytest.fixture
def songs(tmp_path, make_noise):
    """A folder of four noises; the second came with lyrics."""
    for seed, name in enumerate(("a.wav", "b.wav", "c.wav", "d.wav")):
        make_noise(name, 1.5 + 0.2 * seed, seed)
    (tmp_path / "music" / "b.txt").write_text("words of people")
    return collections.add(tmp_path / "music", "songs").name

import numpy as np
import pandas as pd
import pytest
import soundfile as sf

from core import store
from core.collection import Collection
from core.features.descriptor_values import describe, read_descriptor, title_of
from core.features.spectral.descriptors import DESCRIPTORS


@pytest.fixture
def two_tones(tmp_path) -> Collection:
    time = np.arange(2 * 16_000) / 16_000
    paths = [str(tmp_path / f"{hz}.wav") for hz in (300, 3000)]
    for hz, path in zip((300, 3000), paths):
        sf.write(path, 0.3 * np.sin(2 * np.pi * hz * time), 16_000)
    tracks = pd.DataFrame({"track_id": ["a" * 32, "b" * 32, "c" * 32], "path": [*paths, ""]})
    return Collection("tones", tracks)


def test_a_descriptor_is_in_its_unit_and_unknown_without_audio(two_tones):
    low, high, missing = read_descriptor(two_tones, "brightness_hz")
    assert low == pytest.approx(300, rel=0.1) and high == pytest.approx(3000, rel=0.1) and np.isnan(missing)
    with store.cached_only():  # read once
        assert read_descriptor(two_tones, "loudness_db")[0] == pytest.approx(-13.5, abs=1)


def test_no_tempo_is_unknown_and_not_the_slowest(two_tones, monkeypatch):
    monkeypatch.setattr(
        "core.features.descriptor_values.extract_features",
        lambda *a: type(
            "Found", (), {"present": np.array([True, True, False]), "X": np.zeros((3, len(DESCRIPTORS)))}
        ),
    )
    assert np.isnan(read_descriptor(two_tones, "tempo_bpm")).all()
    assert read_descriptor(two_tones, "flatness")[0] == 0


def test_every_descriptor_has_a_title_and_a_unit_of_its_own():
    titles = [title_of(name) for name in DESCRIPTORS]
    assert len(set(titles)) == len(titles) and all("_" not in title for title in titles)
    assert describe("loudness_db", -12.34) == "−12.3 dB" and describe("rolloff_hz", 4321.0) == "4,321 Hz"

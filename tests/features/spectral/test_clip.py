"""Clips at 16 kHz: shapes as published, one fixed scale, and what is left open."""

import numpy as np
import pytest
import soundfile

from core.errors import AudioError, ConfigError
from core.features import get_extractor
from core.features.spectral.clip import Clip


@pytest.fixture
def tone(tmp_path):
    """Two seconds of a tone at 1 kHz whose loudness can be set."""

    def write(gain=0.1, seconds=2.0, name="tone.wav"):
        y = gain * np.sin(2 * np.pi * 1000 * np.arange(int(16_000 * seconds)) / 16_000)
        soundfile.write(tmp_path / name, y.astype(np.float32), 16_000, subtype="FLOAT")
        return tmp_path / name

    return write


def test_shapes_are_the_published_ones(tone):
    assert Clip().n_frames == 188 and get_extractor("clip-270").n_frames == 4219
    assert get_extractor("clip-270").extract(tone()).shape == (1, 64, 4219)
    assert Clip(n_crops=2).extract(tone()).shape == (2, 64, 188)


@pytest.mark.slow  # numba compiles librosa for half a minute
def test_agrees_with_librosa(tone):
    import librosa

    y, sr = librosa.load(tone(seconds=12.5), sr=None)
    clip = Clip(clip_s=12.0).extract(tone(seconds=12.5))[0]
    whole = librosa.power_to_db(
        librosa.feature.melspectrogram(y=y, sr=sr, n_fft=2048, hop_length=1024, n_mels=64), ref=1, top_db=None
    )
    start = (1 + len(y) // 1024 - 188) // 2
    expected = (np.maximum(whole[:, start : start + 188], -60) + 20) / 20
    inner = expected[:, 2:-2]  # librosa reflects where this reads on, or pads with silence
    assert np.abs(clip[:, 2:-2] - inner).max() < 2e-3


def test_a_gain_adds_the_same_everywhere_above_the_floor(tone):
    loud, quiet = (Clip(clip_s=1.0).extract(tone(gain, name=f"{gain}.wav")) for gain in (0.4, 0.2))
    above = quiet > -1.9
    assert above.any() and np.allclose((loud - quiet)[above], 20 * np.log10(2) / 20, atol=4e-3)


def test_a_short_track_is_filled_with_silence_behind(tone):
    clip = Clip(clip_s=12.0).extract(tone(seconds=2.0))[0]
    assert np.all(clip[:, 40:] == -2.0) and clip[:, :30].max() > 0


def test_silence_is_refused(tone):
    with pytest.raises(AudioError, match="silent"):
        Clip().extract(tone(gain=0.0))


def test_summary_is_mean_and_deviation_per_band():
    X = np.random.default_rng(0).normal(size=(3, 2, 64, 20)).astype(np.float16)
    S = Clip().summarise(X)
    assert S.shape == (3, 128)
    assert np.allclose(S[1, 5], X[1, :, 5].astype(np.float32).mean(), atol=1e-3)


@pytest.mark.parametrize(
    "bad", [{"clip_s": 0.0}, {"n_crops": 0}, {"hop_length": 4096}, {"floor_db": 0.0}, {"floor_db": -200.0}]
)
def test_settings_out_of_range_are_refused_by_name(bad):
    with pytest.raises(ConfigError, match=next(iter(bad))):
        Clip(**bad)

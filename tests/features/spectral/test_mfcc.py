"""MFCC statistics against librosa."""

import librosa
import numpy as np
import pytest
import soundfile as sf

from core.errors import ConfigError
from core.features.spectral.mfcc import Mfcc, delta, mfcc


def _signal(sr=22_050, duration_s=20.0):
    t = np.arange(int(sr * duration_s)) / sr
    noise = np.random.default_rng(0).standard_normal(len(t))
    return (0.2 * np.sin(2 * np.pi * 220 * t * (1 + 0.05 * t)) + 0.02 * noise).astype(np.float32)


@pytest.mark.slow  # numba compiles librosa for half a minute
def test_coefficients_agree_with_librosa():
    y = _signal(duration_s=3)
    S = librosa.power_to_db(librosa.feature.melspectrogram(y=y, sr=22_050))
    np.testing.assert_allclose(mfcc(S, 20), librosa.feature.mfcc(y=y, sr=22_050, n_mfcc=20), atol=1e-3)


@pytest.mark.slow  # numba compiles librosa for half a minute
@pytest.mark.parametrize("n_frames", [9, 10, 50])
def test_deltas_agree_with_librosa(n_frames):
    C = np.random.default_rng(0).standard_normal((5, n_frames))
    np.testing.assert_allclose(delta(C), librosa.feature.delta(C), atol=1e-9)


@pytest.mark.parametrize("n_frames", [1, 2, 5, 8])
def test_the_delta_of_a_line_is_its_slope_however_short(n_frames):
    line = 3.0 * np.arange(n_frames)[None, :]
    np.testing.assert_allclose(delta(line), 3.0 if n_frames > 1 else 0)


@pytest.mark.slow  # numba compiles librosa for half a minute
def test_statistics_of_the_centre_crop_agree_with_librosa(tmp_path):
    y = _signal()
    sf.write(tmp_path / "a.wav", y, 22_050, subtype="FLOAT")
    whole = librosa.feature.melspectrogram(y=y, sr=22_050)
    start = (whole.shape[1] - 256) // 2
    C = librosa.feature.mfcc(S=librosa.power_to_db(whole[:, start : start + 256]), n_mfcc=20)
    D = librosa.feature.delta(C)
    expected = np.concatenate([C.mean(axis=1), C.std(axis=1), D.mean(axis=1), D.std(axis=1)])
    X = Mfcc(n_crops=1).extract(tmp_path / "a.wav")
    assert X.shape == (80,) and X.dtype == np.float32
    np.testing.assert_allclose(X, expected, atol=0.02)


@pytest.mark.slow  # numba compiles librosa for half a minute
def test_padding_is_no_part_of_a_short_sound(tmp_path):
    y = _signal(duration_s=0.5)
    sf.write(tmp_path / "a.wav", y, 22_050, subtype="FLOAT")
    C = librosa.feature.mfcc(y=y, sr=22_050, n_mfcc=20)
    np.testing.assert_allclose(Mfcc(n_crops=2).extract(tmp_path / "a.wav")[:20], C.mean(axis=1), atol=0.05)


def test_a_drum_hit_has_statistics(tmp_path):
    sf.write(tmp_path / "hit.wav", _signal(duration_s=0.05), 22_050)
    assert np.isfinite(Mfcc().extract(tmp_path / "hit.wav")).all()


def test_summary_is_the_row():
    X = np.ones((3, 80), np.float32)
    np.testing.assert_array_equal(Mfcc().summarise(X), X)


def test_bad_settings_are_named():
    with pytest.raises(ConfigError, match="n_mfcc=200"):
        Mfcc(n_mfcc=200)

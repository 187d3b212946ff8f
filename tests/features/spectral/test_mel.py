"""The mel front end against librosa, which stays the reference."""

from concurrent.futures import ThreadPoolExecutor

import librosa
import numpy as np
import pytest
import soundfile as sf

from core.errors import AudioError, ConfigError
from core.features.spectral.mel import Mel, clip_db, log_mel, standardise


def _write(path, sr=44_100, duration_s=20.0, channels=2, seed=0):
    t = np.arange(int(sr * duration_s)) / sr
    random = np.random.default_rng(seed)
    y = sum(np.sin(2 * np.pi * f * t * (1 + 0.02 * t)) for f in (110, 331, 997, 2500)) * 0.1
    sf.write(
        path,
        np.stack([y / (c + 1) + 0.03 * random.standard_normal(len(t)) for c in range(channels)], axis=1),
        sr,
    )
    return path


def _reference(path, sr=22_050):
    y, _ = librosa.load(path, sr=sr)
    return librosa.power_to_db(librosa.feature.melspectrogram(y=y, sr=sr), ref=1, top_db=None)


@pytest.mark.slow  # numba compiles librosa for half a minute
@pytest.mark.parametrize("sr", [44_100, 48_000])
@pytest.mark.parametrize("ending", ["wav", "flac", "ogg", "mp3"])
def test_the_centre_crop_agrees_with_librosa_within_a_hundredth_of_a_decibel(tmp_path, ending, sr):
    path = _write(tmp_path / f"a.{ending}", sr)
    whole = _reference(path)
    start = (whole.shape[1] - 256) // 2
    ours, theirs = Mel(n_crops=1).log_mels(path)[0], whole[:, start : start + 256]
    loud = theirs > theirs.max() - 60
    assert loud.mean() > 0.5
    assert np.abs(ours - theirs)[loud].max() < 0.01
    assert np.abs(ours - whole[:, start + 1 : start + 257])[loud].max() > 1, "one frame's shift must show"


@pytest.mark.slow  # numba compiles librosa for half a minute
def test_a_short_track_agrees_with_librosa_and_is_padded_with_silence(tmp_path):
    path = _write(tmp_path / "hit.wav", 22_050, 0.5)
    S, theirs = Mel(n_crops=1).log_mels(path)[0], _reference(path)
    n = theirs.shape[1] - 2  # the last frames reach behind the end
    assert np.abs(S[:, :n] - theirs[:, :n]).max() < 0.01
    assert (S[:, n + 6 :] == -100).all()


@pytest.mark.parametrize("duration_s", [0.05, 3, 6.1, 40])
def test_shape_and_standard(tmp_path, duration_s):
    path = _write(tmp_path / "a.flac", 22_050, duration_s)
    for mel in (Mel(), Mel(n_crops=1), Mel(n_mels=64, n_frames=100, n_crops=2)):
        X = mel.extract(path)
        assert X.shape == (mel.n_crops, mel.n_mels, mel.n_frames) and X.dtype == np.float16
        X = X.astype(np.float64)
        np.testing.assert_allclose(X.mean(axis=(1, 2)), 0, atol=2e-3)
        np.testing.assert_allclose(X.std(axis=(1, 2)), 1, atol=2e-3)


def test_standardising_undoes_gain_and_survives_silence(tmp_path):
    S = np.random.default_rng(0).normal(-30, 10, (4, 5))
    np.testing.assert_allclose(standardise(S), standardise(S + 12), atol=1e-12)
    assert not standardise(np.full((3, 3), -100.0)).any()
    np.testing.assert_array_equal(clip_db(np.array([0.0, -79, -200]), 80), [0, -79, -80])


def test_the_extraction_is_the_standardised_clipped_crop(tmp_path):
    path = _write(tmp_path / "a.wav")
    mel = Mel(n_crops=2)
    expected = [standardise(np.maximum(S, S.max() - 80)) for S in mel.log_mels(path)]
    np.testing.assert_allclose(mel.extract(path), expected, atol=3e-3)


def test_same_in_threads_and_again(tmp_path):
    paths = [_write(tmp_path / f"{seed}.ogg", seed=seed, duration_s=8) for seed in range(4)]
    mel = Mel()
    alone = [mel.extract(path) for path in paths]
    with ThreadPoolExecutor(4) as pool:
        for X, Y in zip(alone * 3, pool.map(mel.extract, paths * 3)):
            np.testing.assert_array_equal(X, Y)
    assert not np.array_equal(alone[0], alone[1])


def test_summary_is_bands_over_time_averaged_over_crops():
    X = np.random.default_rng(0).standard_normal((5, 3, 8, 20)).astype(np.float16)
    summary = Mel().summarise(X)
    assert summary.shape == (5, 16) and summary.dtype == np.float32
    wide = X.astype(np.float64)
    np.testing.assert_allclose(summary[:, :8], wide.mean(axis=(1, 3)), atol=1e-5)
    np.testing.assert_allclose(summary[:, 8:], wide.std(axis=3).mean(axis=1), atol=1e-5)


@pytest.mark.slow  # numba compiles librosa for half a minute
def test_log_mel_of_other_front_ends():
    y = np.random.default_rng(0).standard_normal(16_000).astype(np.float32)
    theirs = librosa.feature.melspectrogram(
        y=y, sr=16_000, n_fft=512, hop_length=256, n_mels=96, center=False
    )
    ours = log_mel(y, 16_000, n_fft=512, hop_length=256, n_mels=96)
    np.testing.assert_allclose(ours, librosa.power_to_db(theirs, ref=1, top_db=None), atol=1e-3)


def test_bad_settings_are_named():
    with pytest.raises(ConfigError, match="n_crops=0"):
        Mel(n_crops=0)
    with pytest.raises(ConfigError, match="n_fft=1023"):
        Mel(n_fft=1023)


def test_a_broken_file_says_why(tmp_path):
    sf.write(tmp_path / "silent.wav", np.zeros(50_000), 22_050)
    with pytest.raises(AudioError, match="silent"):
        Mel().extract(tmp_path / "silent.wav")

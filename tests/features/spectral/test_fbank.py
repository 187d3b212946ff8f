"""Kaldi's filterbank: the reference's numbers, silence, shapes."""

import numpy as np
import pytest
import soundfile

from core.errors import AudioError, ConfigError
from core.features import get_extractor
from core.features.spectral.fbank import Fbank, filter_matrix, log_fbank


def noise(n=24_000, gain=0.2):
    return (gain * np.random.default_rng(0).standard_normal(n)).astype(np.float32)


def test_agrees_with_a_kaldi_filterbank():
    from transformers.audio_utils import mel_filter_bank, spectrogram, window_function

    filters = mel_filter_bank(257, 128, 20, 8000, 16_000, mel_scale="kaldi", triangularize_in_mel_space=True)
    y = noise()
    expected = spectrogram(
        y,
        window_function(400, "hann", periodic=False),
        400,
        160,
        fft_length=512,
        power=2.0,
        center=False,
        preemphasis=0.97,
        mel_filters=filters,
        log_mel="log",
        mel_floor=np.finfo(np.float32).eps,
        remove_dc_offset=True,
    )
    found = log_fbank(y, Fbank())
    assert found.shape == expected.shape == (128, 148)
    assert np.abs(found - expected).max() < 2e-3
    assert np.abs(filter_matrix(Fbank()) - filters.T).max() < 1e-5


def test_a_tone_stands_in_its_band_and_silence_on_the_floor(tmp_path):
    y = np.concatenate([0.3 * np.sin(2 * np.pi * 1000 * np.arange(16_000) / 16_000), np.zeros(8_000)]).astype(
        np.float32
    )
    soundfile.write(tmp_path / "tone.wav", y, 16_000, subtype="FLOAT")
    X = Fbank(n_crops=1).extract(tmp_path / "tone.wav")
    assert X.shape == (1, 128, 512) and X.dtype == np.float16
    centres = 700 * np.expm1(
        np.linspace(1127 * np.log1p(20 / 700), 1127 * np.log1p(8000 / 700), 130)[1:-1] / 1127
    )
    assert abs(centres[X[0, :, 50].astype(float).argmax()] - 1000) < 25
    assert np.allclose(X[0, :, 300:].astype(float), -15.94, atol=0.01)


def test_crops_lie_apart_and_summaries_are_vectors(tmp_path):
    soundfile.write(tmp_path / "noise.wav", noise(16_000 * 30), 16_000, subtype="FLOAT")
    X = get_extractor("fbank").extract(tmp_path / "noise.wav")
    assert X.shape == (3, 128, 512) and not np.array_equal(X[0], X[1])
    assert get_extractor("fbank").summarise(X[None]).shape == (1, 256)


def test_what_cannot_be_is_refused(tmp_path):
    soundfile.write(tmp_path / "still.wav", np.zeros(16_000, np.float32), 16_000)
    with pytest.raises(AudioError, match="silent"):
        Fbank().extract(tmp_path / "still.wav")
    with pytest.raises(ConfigError, match="n_mels=0"):
        Fbank(n_mels=0)
    with pytest.raises(ConfigError, match="shorter than a sample period"):
        Fbank(sr=100, hop_ms=1)

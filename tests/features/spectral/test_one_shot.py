"""The profile of short sounds: aligned to the onset, independent of level, with their decay."""

import numpy as np
import pytest
import soundfile

from core.features.spectral.one_shot import FLOOR_DB, OneShot

SR = 22_050


def decaying(tau_s, *, delay_s=0.0, gain=0.5, seconds=1.5, seed=0):
    """White noise with an exponential decay behind some silence."""
    t = np.arange(round(seconds * SR)) / SR
    noise = np.random.default_rng(seed).normal(size=len(t)) * np.exp(-t / tau_s)
    return np.concatenate([np.zeros(round(delay_s * SR)), gain * noise / np.abs(noise).max()]).astype("f4")


def bins_of(row, extractor=None):
    extractor = extractor or OneShot()
    return row[:-1].reshape(extractor.n_bins, extractor.n_mels)


def test_silence_before_the_onset_and_the_level_do_not_count():
    plain = OneShot().profile(decaying(0.2))
    later = OneShot().profile(decaying(0.2, delay_s=0.3))
    quieter = OneShot().profile(decaying(0.2, gain=0.02))
    other = OneShot().profile(decaying(0.02))  # the control: another decay does
    assert np.abs(other - plain).mean() > 10
    assert np.abs(later - plain)[:-1].mean() < 2 and abs(later[-1] - plain[-1]) < 0.1
    np.testing.assert_allclose(quieter, plain, atol=0.1)


def test_decay_is_read_from_the_bins():
    """Power falls by 8.686 / tau dB per second; bin centres double from 0.24 s (bins 5 to 7)."""
    bins = bins_of(OneShot().profile(decaying(0.3, seconds=3))).mean(axis=1)
    centres = 0.01 * 2.0 ** np.arange(9) * 0.75
    slope = np.polyfit(centres[4:8], bins[4:8], 1)[0]
    assert slope == pytest.approx(-8.686 / 0.3, rel=0.15)


def test_what_follows_the_end_lies_on_the_floor():
    bins = bins_of(OneShot().profile(decaying(0.01, seconds=0.15)))
    assert bins.max() == pytest.approx(0, abs=1e-6) and (bins[-2:] == -FLOOR_DB).all()


def test_a_file_gives_one_row_and_duration_is_log2_seconds(tmp_path):
    path = tmp_path / "a.wav"
    soundfile.write(path, np.sin(2 * np.pi * 440 * np.arange(SR) / SR) * 0.5, SR)
    row = OneShot().extract(path)
    assert row.shape == (361,) and row.dtype == np.float32 and np.isfinite(row).all()
    assert row[-1] == pytest.approx(0, abs=0.1)

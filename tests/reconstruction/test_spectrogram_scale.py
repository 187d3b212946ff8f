"""Values of an extractor in decibels, seconds and hertz."""

import numpy as np

from core.features.spectral.clip import Clip
from core.features.spectral.fbank import Fbank
from core.features.spectral.mel import Mel, clip_db, standardise
from core.reconstruction.spectrogram_scale import scale_of


def test_standardisation_is_inverted_with_the_crops_moments():
    S = np.random.default_rng(0).normal(-30, 12, (128, 20)).astype(np.float32)
    scale = scale_of(Mel(), S)
    np.testing.assert_allclose(scale.to_db(standardise(clip_db(S, 80))), clip_db(S, 80), atol=1e-4)
    assert scale.is_per_crop and abs(scale.unit_db - 12) < 0.5


def test_fixed_scales():
    assert scale_of(Clip(), None).to_db(np.float32(0)) == -20 and not scale_of(Clip(), None).is_per_crop
    fbank = scale_of(Fbank(), None)
    np.testing.assert_allclose(fbank.to_power(np.log(np.array([1.0, 5.0]))), [1, 5], rtol=1e-5)


def test_power_of_masked_and_extreme_values():
    scale = scale_of(Fbank(), None)
    power = scale.to_power(np.array([np.nan, -np.inf, 1e9]))
    assert power[0] == 0 and power[1] < 1e-9 and np.isfinite(power).all()


def test_band_frequencies_and_crop_starts():
    scale = scale_of(Mel(), np.zeros((128, 4)), start_s=10.0)
    hz = scale.frequencies()
    assert (np.diff(hz) > 0).all() and hz[0] < 40 and 10_000 < hz[-1] < 11_025
    assert (
        scale.start_s == 10 and scale_of(Fbank(), None, 10.0).start_s == 10.0125
    )  # frames of 25 ms are counted from where they begin


def test_the_preemphasis_gain_is_that_of_the_filter():
    y = np.zeros(512)
    y[0], y[1] = 1, -0.97  # an impulse, pre-emphasised
    np.testing.assert_allclose(
        scale_of(Fbank(), None).preemphasis_gain(), np.abs(np.fft.rfft(y)) ** 2, rtol=1e-4
    )
    assert (scale_of(Clip(), None).preemphasis_gain() == 1).all()

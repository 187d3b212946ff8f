"""Signals of one comparison get a common gain, and none clips."""

import io

import numpy as np
import pytest
import soundfile as sf

from core.errors import AudioError
from core.reconstruction.audio_renders import to_wav
from core.reconstruction.mel_inversion import PEAK, normalise_peak


def test_one_gain_for_all_and_nothing_clips():
    loud, quiet = np.array([0.0, -4.0, 2.0], np.float32), np.array([0.5, 0.0, 0.0], np.float32)
    found = normalise_peak({"loud": loud, "quiet": quiet, "silent": np.zeros(3, np.float32)})
    np.testing.assert_allclose(found["loud"], loud * PEAK / 4)
    np.testing.assert_allclose(found["quiet"], quiet * PEAK / 4)
    assert not found["silent"].any()


def test_silence_stays_silence():
    assert not normalise_peak({"a": np.zeros(4, np.float32), "b": np.zeros(0, np.float32)})["a"].any()


def test_non_finite_samples_are_refused():
    with pytest.raises(AudioError, match="reconstructed"):
        normalise_peak({"original": np.zeros(2), "reconstructed": np.array([0.0, np.nan])})


def test_a_file_preserves_the_level():
    y = np.linspace(-0.25, 0.25, 100, dtype=np.float32)
    found, sr = sf.read(io.BytesIO(to_wav(y, 16_000)), dtype="float32")
    assert sr == 16_000
    np.testing.assert_allclose(found, y, atol=1 / 32768)

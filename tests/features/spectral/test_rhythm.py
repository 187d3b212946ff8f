"""Tempo and onsets of clicks, with librosa as the reference."""

import librosa
import numpy as np
import pytest

from tests.features.spectral.descriptor_sounds import SR, describe, make_clicks, make_noise, make_tones

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.mark.parametrize("bpm", [75, 97, 120, 150])
def test_clicks_have_a_tempo(bpm):
    row = describe(make_clicks(bpm))
    assert row["tempo_bpm"] == pytest.approx(bpm, rel=0.01) and row["pulse_clarity"] > 0.5
    assert row["onset_rate_hz"] == pytest.approx(bpm / 60, rel=0.1)


@pytest.mark.slow  # numba compiles librosa for half a minute
def test_the_onset_envelope_and_onsets_agree_with_librosa():
    from core.features.spectral.rhythm import find_onsets, onset_envelope

    y = make_clicks(110) + make_noise(15, 1e-3)
    S = librosa.power_to_db(librosa.feature.melspectrogram(y=y, sr=SR, center=False), ref=1)
    envelope = onset_envelope(S)
    np.testing.assert_allclose(envelope, librosa.onset.onset_strength(S=S, sr=SR, center=False), atol=1e-4)
    found, reference = (
        find_onsets(envelope, SR / 512),
        librosa.onset.onset_detect(onset_envelope=envelope, sr=SR),
    )
    found, reference = (
        frames[envelope[frames] > 5] for frames in (found, reference)
    )  # without those in the noise between
    assert len(found) == len(reference) == 27 and np.abs(found - reference).max() <= 1


def test_steady_noise_has_few_onsets_and_no_clear_pulse():
    row = describe(make_noise(15))
    assert row["onset_rate_hz"] < 1 and row["pulse_clarity"] < 0.3 and row["flatness"] > 0.4


def test_strokes_are_told_from_held_notes():
    held, strokes = (
        describe(make_tones(("A3", "C4", "E4")))["percussiveness"],
        describe(make_clicks(140, 4))["percussiveness"],
    )
    noise = describe(make_noise())["percussiveness"]
    assert held < 0.1 < noise < 0.9 < strokes + 0.25 and held < noise < strokes


def test_clicks_have_their_tempo_and_noise_is_bright_and_in_no_key():
    clicks, noise = describe(make_clicks(120)), describe(make_noise())
    assert clicks["tempo_bpm"] == pytest.approx(120, abs=0.5) and clicks["onset_rate_hz"] == pytest.approx(
        2, abs=0.05
    )
    assert noise["brightness_hz"] > 1000 and noise["key_strength"] < 0.6

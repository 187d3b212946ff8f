"""Chroma and keys of chords, with librosa as the reference."""

import librosa
import numpy as np
import pytest

from core.features.spectral import tonality
from core.features.spectral.descriptors import DESCRIPTORS, Descriptors
from core.features.spectral.tonality import MAJOR, MINOR, correlate_keys
from tests.features.spectral.descriptor_sounds import SR, make_noise, make_tones

pytestmark = pytest.mark.usefixtures("one_thread")


NOTES = ("C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B")


def _key(chroma):
    """Name the best key."""
    mode, tonic = np.unravel_index(correlate_keys(chroma).argmax(), (2, 12))
    return f"{NOTES[tonic]} {('major', 'minor')[mode]}"


@pytest.mark.parametrize(
    "notes, key",
    [
        (("C3", "C4", "E4", "G4"), "C major"),
        (("A3", "A4", "C4", "E4"), "A minor"),
        (("F#3", "F#4", "A#4", "C#5"), "F♯ major"),
        (("D4", "D5", "F4", "A4"), "D minor"),
    ],
)
def test_a_chord_speaks_for_its_key(notes, key):
    row = Descriptors().describe(make_tones(notes).astype(np.float32))
    assert _key(row[len(DESCRIPTORS) :]) == key
    assert (row[DESCRIPTORS.index("majorness")] > 0) == key.endswith("major")
    assert row[len(DESCRIPTORS) :].sum() == pytest.approx(1) and row[DESCRIPTORS.index("key_strength")] > 0.6


@pytest.mark.slow  # numba compiles librosa for half a minute
def test_chroma_agrees_with_librosa():
    y = (make_tones(("E4", "G#4", "B4")) + make_noise(3, 1e-3)).astype(np.float32)
    S = np.abs(librosa.stft(y, n_fft=2048, hop_length=512, center=False)) ** 2
    reference = librosa.feature.chroma_stft(S=S, sr=SR, tuning=0).mean(axis=1)
    np.testing.assert_allclose(
        Descriptors().describe(y)[len(DESCRIPTORS) :], reference / reference.sum(), atol=1e-4
    )


@pytest.mark.slow  # numba compiles librosa for half a minute
@pytest.mark.parametrize(("sr", "n_fft"), [(22_050, 2048), (44_100, 4096), (16_000, 1024)])
def test_chroma_filters_are_librosas(sr, n_fft):
    expected = librosa.filters.chroma(sr=sr, n_fft=n_fft, tuning=0)
    np.testing.assert_allclose(tonality._filters(sr, n_fft), expected, rtol=1e-6)


def test_profiles_know_their_own_keys():
    for tonic, note in enumerate(NOTES):
        assert (
            _key(np.roll(MAJOR, tonic)) == f"{note} major" and _key(np.roll(MINOR, tonic)) == f"{note} minor"
        )
        assert correlate_keys(np.roll(MAJOR, tonic)).max() == pytest.approx(1)
    assert not correlate_keys(np.ones(12)).any()

"""Sounds for the tests of descriptors, and their descriptors by name."""

import librosa
import numpy as np

from core.features.spectral.descriptors import DESCRIPTORS, Descriptors

SR = 22_050


def describe(y):
    return dict(zip(DESCRIPTORS, Descriptors().describe(np.asarray(y, np.float32)).astype(float)))


def make_sine(hz, duration_s=4.0, level=0.3, sr=SR):
    return level * np.sin(2 * np.pi * hz * np.arange(int(sr * duration_s)) / sr)


def make_noise(duration_s=4.0, level=0.1):
    return level * np.random.default_rng(0).standard_normal(int(SR * duration_s))


def make_clicks(bpm, duration_s=15.0):
    """Return decaying clicks of a tenth of a second, as librosa.clicks makes them."""
    click = make_sine(1000, 0.1, 0.5) * np.geomspace(1, 2.0**-10, int(SR * 0.1))
    y = np.zeros(int(SR * duration_s))
    for start in (SR * np.arange(0.25, duration_s, 60 / bpm)).astype(int):
        y[start : start + len(click)] += click[: len(y) - start]
    return y


def make_tones(notes, duration_s=3.0):
    return sum(
        make_sine(librosa.note_to_hz(note) * k, duration_s, 0.1 / k) for note in notes for k in (1, 2, 3)
    )

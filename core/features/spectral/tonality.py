"""Chroma and key correlation."""

import functools

import numpy as np

MAJOR = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
MINOR = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)
"""Key profiles: rated fit of each pitch class to a key, from its tonic up (Krumhansl and Kessler 1982)."""


def pitch_classes(power: np.ndarray, sr: int) -> np.ndarray:
    """Compute the share of each pitch class in a power spectrogram, from C (C♯, D, E♭ …) up.

    Each frame is mapped to twelve bins (librosa's chroma filters, A = 440 Hz) and divided by its largest;
    the mean over frames is normalised to sum 1.

    Parameters
    ----------
    power : ndarray of float32, shape=(1 + n_fft // 2, n_frames)

    Returns
    -------
    ndarray of float32, shape=(12,)
        As librosa.feature.chroma_stft(S=power, tuning=0) averaged and scaled.
    """
    import torch

    chroma = torch.from_numpy(_filters(sr, 2 * (len(power) - 1))) @ torch.from_numpy(power)
    chroma /= chroma.amax(dim=0).clamp_(min=1e-20)
    mean = chroma.mean(dim=1)
    return (mean / mean.sum().clamp_(min=1e-20)).numpy()


def correlate_keys(chroma: np.ndarray) -> np.ndarray:
    """Correlate shares of pitch classes with the profiles of all 24 keys.

    Parameters
    ----------
    chroma : ndarray, shape=(12,)

    Returns
    -------
    ndarray, shape=(2, 12)
        Pearson's r with the twelve major keys, then the twelve minor ones, from C up; 0 for even shares.

    References
    ----------
    Krumhansl, "Cognitive foundations of musical pitch", 1990, chapter 4 (the Krumhansl–Schmuckler algorithm).
    """
    x = np.asarray(chroma, float) - np.mean(chroma)
    size = np.linalg.norm(x)
    if size < 1e-6:
        return np.zeros((2, 12))
    return _profiles() @ (x / size)


@functools.cache
def _profiles() -> np.ndarray:
    """Return the profiles of the 24 keys, each with mean 0 and unit length, shape=(2, 12, 12)."""
    X = np.array([[np.roll(profile, tonic) for tonic in range(12)] for profile in (MAJOR, MINOR)])
    X -= X.mean(axis=-1, keepdims=True)
    return X / np.linalg.norm(X, axis=-1, keepdims=True)


@functools.lru_cache(maxsize=4)
def _filters(sr: int, n_fft: int) -> np.ndarray:
    """Return librosa.filters.chroma(tuning=0) without its just-in-time compilation, (12, 1 + n_fft // 2)."""
    octaves = np.log2(np.linspace(0, sr, n_fft, endpoint=False)[1:] / 27.5)  # above A0
    octaves = np.concatenate([octaves[:1] - 1.5, octaves])
    width = np.append(np.maximum(12 * np.diff(octaves), 1), 1)
    distance = (12 * octaves - np.arange(12)[:, None] + 6) % 12 - 6
    weights = np.exp(-2 * (distance / width) ** 2)
    weights *= np.exp(-(((octaves - 5) / 2) ** 2) / 2) / np.linalg.norm(weights, axis=0)
    return np.roll(weights, -3, axis=0)[:, : 1 + n_fft // 2].astype(np.float32)

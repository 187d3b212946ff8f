"""MFCC statistics: a classic baseline of genre classification."""

import os
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.audio.crops import read_crops
from core.config import setting
from core.errors import ConfigError
from core.features.spectral.front_end import StftExtractor
from core.features.spectral.mel import clip_db, log_mel

DELTA_WIDTH = 9
"""Frames over which a delta is the slope, as in librosa.feature.delta."""


@dataclass(frozen=True)
class Mfcc(StftExtractor):
    """Mean and standard deviation over time of MFCC and their deltas.

    Computed from the spectrogram of :class:`core.features.spectral.mel.Mel`; frames behind the end of a short
    track are left out.

    References
    ----------
    Davis and Mermelstein, "Comparison of parametric representations …", IEEE TASSP 28(4), 1980. Tzanetakis
    and Cook, "Musical genre classification of audio signals", IEEE TSAP 10(5), 2002: their statistics.
    """

    name: ClassVar[str] = "mfcc"

    n_frames: int = setting(256, low=1, title="Frames", help="STFT frames of a crop, 5.9 s by default.")
    n_crops: int = setting(3, low=1, title="Crops", help="Evenly spaced crops per track; 1 is the centre.")
    top_db: float = setting(
        80.0, above=0, title="Dynamic range", help="Decibels below a crop's peak where it is clipped."
    )
    n_mfcc: int = setting(
        20, low=1, title="Coefficients", help="Number of MFCC, the first (loudness) included."
    )

    def __post_init__(self):
        super().__post_init__()
        if self.n_mfcc > self.n_mels:
            raise ConfigError(f"n_mfcc={self.n_mfcc} can't be more than n_mels={self.n_mels}")

    def extract(self, path: str | os.PathLike) -> np.ndarray:
        """Read a track's crops and return their statistics; thread-safe as ``Mel.extract``.

        Returns
        -------
        ndarray of float32, shape=(4 * n_mfcc,)
            Means, then standard deviations of the coefficients, then of their deltas, over all frames of all
            crops.

        Raises
        ------
        AudioError
            With the reason, where the audio can't be used.
        """
        lead = self.n_fft // 2
        n_samples = (self.n_frames - 1) * self.hop_length + 2 * lead
        crops, length = read_crops(
            path, sr=self.sr, n_samples=n_samples, n_crops=self.n_crops, hop_length=self.hop_length, lead=lead
        )
        n_frames = min(self.n_frames, 1 + length // self.hop_length)
        coefficients, deltas = [], []
        for y in crops:
            S = log_mel(y, self.sr, n_fft=self.n_fft, hop_length=self.hop_length, n_mels=self.n_mels)[
                :, :n_frames
            ]
            C = mfcc(clip_db(S, self.top_db), self.n_mfcc)
            coefficients.append(C)
            deltas.append(delta(C))
        parts = [np.concatenate(each, axis=1) for each in (coefficients, deltas)]
        statistics = [statistic(X, axis=1) for X in parts for statistic in (np.mean, np.std)]
        return np.concatenate(statistics).astype(np.float32)


def mfcc(S: np.ndarray, n_mfcc: int = 20) -> np.ndarray:
    """Compute MFCC of a log-mel spectrogram in dB, as librosa.feature.mfcc does.

    The orthonormal DCT-II of each column.

    Parameters
    ----------
    S : ndarray, shape=(n_mels, n_frames)

    Returns
    -------
    ndarray, shape=(n_mfcc, n_frames)
    """
    from scipy.fft import dct

    return dct(S, axis=0, norm="ortho")[:n_mfcc]


def delta(C: np.ndarray) -> np.ndarray:
    """Compute the slope of each row over nine frames, as librosa.feature.delta does.

    Slope of the least-squares line through the frames around each; within four frames of an end, the last
    slope is repeated. Fewer than nine frames share one slope (0 for a single frame).

    Parameters
    ----------
    C : ndarray, shape=(n, n_frames)

    Returns
    -------
    ndarray, shape=(n, n_frames)
    """
    n_frames = C.shape[1]
    width = min(DELTA_WIDTH, n_frames)
    if width < 2:
        return np.zeros_like(C)
    offsets = np.arange(width, dtype=C.dtype) - (width - 1) / 2
    n_slopes = n_frames - width + 1
    weights = offsets / (offsets**2).sum()
    slopes = sum(weight * C[:, k : k + n_slopes] for k, weight in enumerate(weights))
    before = (n_frames - n_slopes) // 2
    return np.pad(slopes, ((0, 0), (before, n_frames - n_slopes - before)), mode="edge")

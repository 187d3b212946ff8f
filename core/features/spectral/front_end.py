"""Settings and methods that extractors of spectrograms share."""

from dataclasses import dataclass

import numpy as np

from core.config import setting
from core.errors import ConfigError
from core.features.extractor import AudioExtractor


@dataclass(frozen=True)
class StftExtractor(AudioExtractor):
    """An extractor that computes mel bands from a short-time Fourier transform."""

    sr: int = setting(22_050, low=1, title="Sample rate", help="Hz; every track is resampled to it.")
    n_fft: int = setting(2048, low=2, title="FFT size", help="Samples of an STFT frame (Hann window).")
    hop_length: int = setting(512, low=1, title="Hop length", help="Samples between two STFT frames.")
    n_mels: int = setting(
        128,
        low=1,
        title="Mel bands",
        help="Bands from 0 Hz to half the sample rate (Slaney's scale and norm, as librosa's).",
    )

    def __post_init__(self):
        super().__post_init__()
        if self.n_fft % 2 or self.hop_length > self.n_fft:
            raise ConfigError(f"n_fft={self.n_fft} must be even and at least hop_length={self.hop_length}")


class SpectrogramExtractor(AudioExtractor):
    """An extractor whose rows are spectrograms of several crops, each a training example."""

    n_crops: int

    @property
    def examples_per_track(self) -> int:
        """Number of crops."""
        return self.n_crops

    def summarise(self, X: np.ndarray) -> np.ndarray:
        """Return each band's mean over time, then its standard deviation, averaged over crops.

        Parameters
        ----------
        X : ndarray, shape=(n_tracks, n_crops, n_mels, n_frames)

        Returns
        -------
        ndarray of float32, shape=(n_tracks, 2 * n_mels)
        """
        out = np.empty((len(X), 2 * X.shape[2]), np.float32)
        for row, crops in zip(out, X):  # one track at a time: a collection in float32 would not fit in memory
            crops = crops.astype(np.float32)
            row[:] = np.concatenate([crops.mean(axis=-1), crops.std(axis=-1)], axis=-1).mean(axis=0)
        return out

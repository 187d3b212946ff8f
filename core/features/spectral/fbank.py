"""Kaldi's log-mel filterbank, the input of the masked autoencoder and of AST."""

import functools
import os
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.audio.crops import read_crops
from core.config import setting
from core.errors import ConfigError
from core.features.spectral.front_end import SpectrogramExtractor

LOW_HZ = 20.0
PREEMPHASIS = 0.97
FLOOR = float(np.finfo(np.float32).eps)
"""Energy below which the logarithm stops; -15.94 on the natural scale."""


@dataclass(frozen=True)
class Fbank(SpectrogramExtractor):
    """Natural logarithms of mel band energies in evenly spaced crops.

    Each frame loses its mean, is pre-emphasised (0.97) and Hann-windowed; its power spectrum is summed over
    triangles that are evenly spaced on Kaldi's mel scale, ``1127 ln(1 + f / 700)``, from 20 Hz to half the
    sample rate, as in AST, so that pretrained weights fit. The lowest bands are narrower than a frequency
    bin, and some hold nothing but the floor.

    The published crop of 5 s is 498 frames, padded to 512. Here the 14 frames are audio, too: 5.14 s. The
    paper takes one random crop per epoch; here all of ``n_crops`` evenly spaced crops are used.

    References
    ----------
    Gong, Chung and Glass, "AST: Audio Spectrogram Transformer", 2021; Gong et al., "Contrastive Audio-Visual
    Masked Autoencoder", 2023; Povey et al., "The Kaldi Speech Recognition Toolkit", 2011.
    """

    name: ClassVar[str] = "fbank"

    sr: int = setting(16_000, low=1, title="Sample rate", help="Hz; every track is resampled to it.")
    window_ms: float = setting(25.0, above=0, title="Window", help="Length of a frame in milliseconds.")
    hop_ms: float = setting(10.0, above=0, title="Hop", help="Milliseconds from one frame to the next.")
    n_mels: int = setting(128, low=1, title="Mel bands", help="Bands from 20 Hz to half the sample rate.")
    n_frames: int = setting(
        512, low=1, title="Frames", help="Frames of a crop; a shorter track is padded with silence."
    )
    n_crops: int = setting(3, low=1, title="Crops", help="Evenly spaced crops per track.")

    def __post_init__(self):
        super().__post_init__()
        if self.window < 2 or self.hop_length < 1:
            raise ConfigError(
                f"window_ms={self.window_ms} and hop_ms={self.hop_ms} are shorter than a sample period at "
                f"{self.sr} Hz"
            )

    @property
    def window(self) -> int:
        """Samples of a frame."""
        return round(self.sr * self.window_ms / 1000)

    @property
    def hop_length(self) -> int:
        """Samples from one frame to the next."""
        return round(self.sr * self.hop_ms / 1000)

    def extract(self, path: str | os.PathLike) -> np.ndarray:
        """Read a track's crops and return their log filterbanks.

        Returns
        -------
        ndarray of float16, shape=(n_crops, n_mels, n_frames)
            Natural logarithms of energies, -15.94 (silence) to about 10.

        Raises
        ------
        AudioError
            With the reason, where the audio can't be used.
        """
        n_samples = (self.n_frames - 1) * self.hop_length + self.window
        crops, _ = read_crops(
            path, sr=self.sr, n_samples=n_samples, n_crops=self.n_crops, hop_length=self.hop_length
        )
        return np.stack([log_fbank(y, self) for y in crops]).astype(np.float16)


def log_fbank(y: np.ndarray, front: Fbank) -> np.ndarray:
    """Return the log filterbank of a signal, shape=(n_mels, n_frames), float32.

    ``log max(Σ_k w_bk |FFT(h · preemphasised frame)|²_k, 1.19e-7)``; frames start at 0, hop_length, … and are
    within the signal.

    Parameters
    ----------
    y : ndarray of float32, shape=(n_samples,)
        In -1 … 1.
    """
    import torch

    frames = torch.from_numpy(np.ascontiguousarray(y, np.float32)).unfold(
        0, front.window, front.hop_length
    )  # (n_frames, window)
    frames = frames - frames.mean(1, keepdim=True)
    before = torch.cat(
        [frames[:, :1], frames[:, :-1]], 1
    )  # the first sample of a frame is its own predecessor
    frames = (frames - PREEMPHASIS * before) * torch.hann_window(front.window, periodic=False)
    power = torch.fft.rfft(frames, n_fft_of(front)).abs().square()  # (n_frames, n_fft / 2 + 1)
    energies = power @ torch.from_numpy(filter_matrix(front)).T  # (n_frames, n_mels)
    return energies.clamp_min(FLOOR).log().T.contiguous().numpy()


def n_fft_of(front: Fbank) -> int:
    """Return the FFT size: the next power of two from the frame length."""
    return 1 << (front.window - 1).bit_length()


@functools.lru_cache(maxsize=4)
def filter_matrix(front: Fbank) -> np.ndarray:
    """Return the filter bank, shape=(n_mels, n_fft / 2 + 1), float32; 0 at the Nyquist frequency."""

    def mel(hz):
        return 1127 * np.log1p(np.asarray(hz) / 700)

    n_fft = n_fft_of(front)
    corners = np.linspace(mel(LOW_HZ), mel(front.sr / 2), front.n_mels + 2)
    left, centre, right = corners[:-2, None], corners[1:-1, None], corners[2:, None]
    at = mel(np.arange(n_fft // 2) * front.sr / n_fft)
    weights = np.clip(np.minimum((at - left) / (centre - left), (right - at) / (right - centre)), 0, None)
    return np.pad(weights, ((0, 0), (0, 1))).astype(np.float32)

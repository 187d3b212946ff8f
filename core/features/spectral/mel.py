"""Log-mel spectrograms, the input of the convolutional models."""

import functools
import os
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from core.audio.crops import read_crops
from core.config import setting
from core.features.spectral.front_end import SpectrogramExtractor, StftExtractor

AMIN = 1e-10
"""Power below which the logarithm stops, as in librosa.power_to_db."""


@dataclass(frozen=True)
class Mel(StftExtractor, SpectrogramExtractor):
    """Standardised log-mel spectrograms of evenly spaced crops.

    The published front end (Siddique, Hybrid Audio–Text Clustering for Music, section 3.2.2) is one centre
    crop, ``n_crops=1``. Several represent a whole song better. The published PCA baseline (section 3.3.2)
    reads the flattened spectrogram: the model ``pca``.

    References
    ----------
    McFee et al., "librosa", 2015: the reference that the tests compare with.
    """

    name: ClassVar[str] = "mel"

    n_frames: int = setting(
        256,
        low=1,
        title="Frames",
        help="STFT frames of a crop, 5.9 s by default; a shorter track is padded with silence.",
    )
    n_crops: int = setting(3, low=1, title="Crops", help="Evenly spaced crops per track; 1 is the centre.")
    top_db: float = setting(
        80.0,
        above=0,
        title="Dynamic range",
        help="Decibels below a crop's peak where it is clipped (as in librosa.power_to_db), so that padding "
        "and gaps of lossy codecs don't dominate the standard deviation.",
    )

    def extract(self, path: str | os.PathLike) -> np.ndarray:
        """Read a track's crops and return their spectrograms.

        Thread-safe: decoding, resampling and the transform release the GIL. The owner of the pool calls
        ``torch.set_num_threads(1)`` first, because nested threads slow it down.

        Returns
        -------
        ndarray of float16, shape=(n_crops, n_mels, n_frames)
            Each crop standardised on its own: mean 0, standard deviation 1 (a silent crop among others is 0).
            Rounding to float16 costs less than 0.02 dB and halves the store.

        Raises
        ------
        AudioError
            With the reason, where the audio can't be used.
        """
        return np.stack([standardise(clip_db(S, self.top_db)) for S in self.log_mels(path)]).astype(
            np.float16
        )

    def log_mels(self, path: str | os.PathLike) -> np.ndarray:
        """Read a track's crops and return their spectrograms in dB, shape=(n_crops, n_mels, n_frames).

        Columns equal those of the whole track's ``power_to_db(melspectrogram(y), ref=1, top_db=None)``.
        """
        return read_log_mels(path, self)


def read_log_mels(path: str | os.PathLike, front: Any) -> np.ndarray:
    """Read crops and return their spectrograms in dB, shape=(n_crops, n_mels, n_frames), float32.

    Parameters
    ----------
    front : Mel, or another extractor with its fields
        ``sr, n_fft, hop_length, n_mels, n_frames, n_crops``.
    """
    lead = front.n_fft // 2
    n_samples = (front.n_frames - 1) * front.hop_length + 2 * lead
    crops, _ = read_crops(
        path, sr=front.sr, n_samples=n_samples, n_crops=front.n_crops, hop_length=front.hop_length, lead=lead
    )
    shape = {"n_fft": front.n_fft, "hop_length": front.hop_length, "n_mels": front.n_mels}
    return np.stack([log_mel(y, front.sr, **shape) for y in crops])


def log_mel(
    y: np.ndarray, sr: int, *, n_fft: int = 2048, hop_length: int = 512, n_mels: int = 128
) -> np.ndarray:
    """Compute the log-mel spectrogram of the frames that are wholly within ``y``.

    ``10 log10 max(M |STFT(y)|², 1e-10)``: librosa's ``power_to_db(melspectrogram(y, center=False), ref=1,
    top_db=None)``, equal within 0.01 dB for bins within 60 dB of the peak.

    Parameters
    ----------
    y : ndarray of float32, shape=(n_samples,)

    Returns
    -------
    ndarray of float32, shape=(n_mels, 1 + (n_samples - n_fft) // hop_length)
        dB relative to full-scale power 1.
    """
    return power_and_mel(y, sr, n_fft, hop_length, n_mels)[1]


def power_and_mel(
    y: np.ndarray, sr: int, n_fft: int, hop_length: int, n_mels: int
) -> tuple[np.ndarray, np.ndarray]:
    """Compute the power spectrogram of the frames that are wholly within ``y``, and its mel bands in dB.

    Returns
    -------
    power : ndarray of float32, shape=(1 + n_fft // 2, n_frames)
        As librosa.stft(y, center=False), magnitude squared.
    mel_db : ndarray of float32, shape=(n_mels, n_frames)
    """
    import torch

    window, filters = _window_and_filters(sr, n_fft, n_mels)
    with torch.inference_mode():
        S = torch.stft(
            torch.from_numpy(y), n_fft, hop_length, window=window, center=False, return_complex=True
        )
        power = S.real.square().addcmul_(S.imag, S.imag)  # abs() costs four times more
        return power.numpy(), (filters @ power).clamp_(min=AMIN).log10_().mul_(10).numpy()


def clip_db(S: np.ndarray, top_db: float) -> np.ndarray:
    """Clip a spectrogram in dB at ``top_db`` below its peak."""
    return np.maximum(S, S.max() - top_db)


def standardise(S: np.ndarray) -> np.ndarray:
    """Standardise a spectrogram to mean 0 and standard deviation 1; a constant one becomes 0."""
    S = S - S.mean()
    return S / max(float(S.std()), 1e-6)


@functools.lru_cache(maxsize=8)
def _window_and_filters(sr: int, n_fft: int, n_mels: int):
    """Return the Hann window and librosa's mel filter bank as tensors."""
    import torch
    from librosa.filters import mel

    return torch.hann_window(n_fft), torch.from_numpy(mel(sr=sr, n_fft=n_fft, n_mels=n_mels))

"""Units of a spectrogram: decibels, mel power, seconds and hertz."""

import functools
from dataclasses import dataclass

import numpy as np

from core.features.spectral.clip import CENTRE_DB, UNIT_DB, Clip
from core.features.spectral.fbank import PREEMPHASIS, Fbank, filter_matrix, n_fft_of
from core.features.spectral.mel import AMIN, Mel, clip_db

MAX_DB = 70.0
"""Reconstructed values are clipped to this level: an outlier above it would mask everything else."""


@dataclass(frozen=True, eq=False)
class Scale:
    """Units of the spectrogram of one crop.

    ``dB = x · unit_db + centre_db`` and ``power = 10^(dB / 10)``, where power is ``filters @ |STFT|²``.

    Attributes
    ----------
    sr, n_fft, hop_length : int
    win_length : int
        Length of the STFT's Hann window in samples; below ``n_fft`` where frames are zero-padded.
    filters : ndarray, shape=(n_mels, 1 + n_fft // 2)
    unit_db, centre_db : float
        Decibels per unit, and at 0: the crop's standard deviation and mean where an extractor standardises
        each crop.
    is_per_crop : bool
        Whether those two are specific to the crop.
    preemphasis : float
        c of ``y[t] - c · y[t - 1]`` applied before the STFT; 0 without pre-emphasis.
    start_s : float
        Start of the crop in the track.
    """

    sr: int
    n_fft: int
    hop_length: int
    filters: np.ndarray
    unit_db: float
    centre_db: float
    win_length: int = 0
    is_per_crop: bool = False
    preemphasis: float = 0.0
    start_s: float = 0.0

    def __post_init__(self):
        object.__setattr__(self, "win_length", self.win_length or self.n_fft)

    @property
    def is_natural_log(self) -> bool:
        """Whether values are natural logarithms of energy."""
        return abs(self.unit_db - 10 / np.log(10)) < 1e-9

    def to_db(self, x: np.ndarray) -> np.ndarray:
        """Convert an extractor's values to decibels, float32 of the same shape."""
        return np.asarray(x, np.float32) * np.float32(self.unit_db) + np.float32(self.centre_db)

    def to_power(self, x: np.ndarray) -> np.ndarray:
        """Convert an extractor's values to mel power, 0 where nan (masked); float32 of the same shape."""
        db = self.to_db(x)
        return np.where(
            np.isnan(db), 0, 10 ** (np.clip(np.nan_to_num(db), 10 * np.log10(AMIN), MAX_DB) / 10)
        ).astype(np.float32)

    def preemphasis_gain(self) -> np.ndarray:
        """Return the power gain of pre-emphasis per bin, shape=(1 + n_fft // 2,)."""
        angle = np.linspace(0, np.pi, self.filters.shape[1])
        return np.square(np.abs(1 - self.preemphasis * np.exp(-1j * angle))).astype(np.float32)

    def frequencies(self) -> np.ndarray:
        """Return the centre of mass of each mel filter in Hz, shape=(n_mels,)."""
        hz = np.linspace(0, self.sr / 2, self.filters.shape[1])
        return self.filters @ hz / np.maximum(self.filters.sum(axis=1), 1e-12)


def scale_of(front: Mel | Clip | Fbank, S: np.ndarray, start_s: float = 0.0) -> Scale:
    """Return the scale of one crop.

    A clip's is the same for every track. Kaldi's filterbank is natural logarithms with pre-emphasis.
    Standardisation of a mel spectrogram removes a crop's level and dynamic range, so both are measured on it.

    Parameters
    ----------
    S : ndarray, shape=(n_mels, n_frames)
        The crop; of a mel spectrogram as :meth:`core.features.spectral.mel.Mel.log_mels` returns it.
    start_s : float
        Start of the crop in the track.
    """
    if isinstance(front, Fbank):
        return Scale(
            front.sr,
            n_fft_of(front),
            front.hop_length,
            filter_matrix(front),
            10 / np.log(10),
            0.0,
            win_length=front.window,
            preemphasis=PREEMPHASIS,
            start_s=start_s + front.window / 2 / front.sr,  # Kaldi counts frames from their start
        )
    unit_db, centre_db = UNIT_DB, CENTRE_DB
    if isinstance(front, Mel):
        S = clip_db(S, front.top_db)
        unit_db, centre_db = max(float(S.std()), 1e-6), float(S.mean())
    return Scale(
        front.sr,
        front.n_fft,
        front.hop_length,
        _slaney(front.sr, front.n_fft, front.n_mels),
        unit_db,
        centre_db,
        is_per_crop=isinstance(front, Mel),
        start_s=start_s,
    )


@functools.lru_cache(maxsize=4)
def _slaney(sr: int, n_fft: int, n_mels: int) -> np.ndarray:
    """Return librosa's mel filter bank."""
    from librosa.filters import mel

    return mel(sr=sr, n_fft=n_fft, n_mels=n_mels)

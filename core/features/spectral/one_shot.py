"""Spectrum over logarithmic time from the onset: what tells short sounds apart."""

import os
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.config import setting
from core.features.spectral.clipping import read_excerpt
from core.features.spectral.front_end import StftExtractor
from core.features.spectral.mel import power_and_mel

ONSET_DB = 30.0
"""The onset is the first frame less than this far below the loudest."""
SOUNDING_DB = 40.0
"""A frame less than this far below the loudest counts towards the duration."""
FLOOR_DB = 60.0
"""Dynamic range; what follows the end of a sound lies on the floor."""


@dataclass(frozen=True)
class OneShot(StftExtractor):
    """Mel bands of a sound in time bins that double in length from its onset, and its duration.

    Drum hits and other one-shots differ most in attack and decay, which means over a whole file hide. Bins
    end at 10, 20, 40, … ms behind the onset. Each holds the mean power per band in dB relative to the loudest
    bin and band, at least −60, so that the level of a file doesn't count.

    References
    ----------
    Peeters, Giordano, Susini, Misdariis and McAdams, "The Timbre Toolbox", JASA 130(5), 2011, for attack and
    decay as descriptors of timbre; Herrera, Dehamel and Gouyon, "Automatic labeling of unpitched percussion
    sounds", AES 114, 2003, for onset-aligned spectra of drum sounds.
    """

    name: ClassVar[str] = "one-shot"

    n_fft: int = setting(1024, low=2, title="FFT size", help="Samples of an STFT frame (Hann window).")
    hop_length: int = setting(128, low=1, title="Hop length", help="Samples between two STFT frames.")
    n_mels: int = setting(40, low=1, title="Mel bands", help="Bands from 0 Hz to half the sample rate.")
    excerpt_s: float = setting(
        6.0, above=0, title="Excerpt", help="Seconds that are read, from the middle of a longer file."
    )
    first_bin_s: float = setting(0.01, above=0, title="First time bin", help="Seconds behind the onset.")
    n_bins: int = setting(9, low=1, title="Time bins", help="Each ends at twice the time of the one before.")

    def extract(self, path: str | os.PathLike) -> np.ndarray:
        """Read a sound and compute its profile; thread-safe as ``Mel.extract``.

        Returns
        -------
        ndarray of float32, shape=(n_bins * n_mels + 1,)
            Decibels by time bin and band, then log2 of the duration in seconds.

        Raises
        ------
        AudioError
            With the reason, where the audio can't be used.
        """
        y, _ = read_excerpt(path, self.sr, self.excerpt_s)
        return self.profile(y)

    def profile(self, y: np.ndarray) -> np.ndarray:
        """Compute the profile of audible mono samples at ``sr``, as :meth:`extract` returns it."""
        y = np.pad(y, self.n_fft)  # an onset at the start of the file then looks like any other
        _, mel_db = power_and_mel(y, self.sr, self.n_fft, self.hop_length, self.n_mels)
        power = 10 ** (mel_db.astype(np.float64) / 10)  # (n_mels, n_frames)
        energy = power.sum(axis=0)
        onset = int(np.argmax(energy > energy.max() * 10 ** (-ONSET_DB / 10)))
        rate = self.sr / self.hop_length
        ends = np.ceil(self.first_bin_s * 2.0 ** np.arange(self.n_bins) * rate).astype(int)
        bins = np.zeros((self.n_bins, self.n_mels))
        for row, start, end in zip(bins, [0, *ends[:-1]], ends):
            frames = power[:, onset + start : onset + max(end, start + 1)]
            row[:] = frames.sum(axis=1) / max(end - start, 1)
        bins = 10 * np.log10(np.maximum(bins / bins.max(), 10 ** (-FLOOR_DB / 10)))
        n_sounding = np.count_nonzero(energy > energy.max() * 10 ** (-SOUNDING_DB / 10))
        return np.append(bins.ravel(), np.log2(n_sounding / rate)).astype(np.float32)

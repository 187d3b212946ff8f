"""Log-mel clips at 16 kHz: the input of the contrastive audio tower and the self-supervised models.

Unlike :mod:`core.features.spectral.mel`, a clip is not standardised, so that gain remains part of the input.
Models standardise it by the statistics of their training examples.
"""

import os
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.config import setting
from core.features.spectral.front_end import SpectrogramExtractor, StftExtractor
from core.features.spectral.mel import read_log_mels

CENTRE_DB, UNIT_DB = -20.0, 20.0
"""A clip holds (dB - CENTRE_DB) / UNIT_DB: music is about 0 ± 1; a gain of 6 dB adds 0.3 above the floor."""


@dataclass(frozen=True)
class Clip(StftExtractor, SpectrogramExtractor):
    """Log-mel spectrograms of long clips on one fixed scale.

    Published (Sideras, Multimodal Pretraining for Music Audio, figure 15): 4,320,000 samples at 16 kHz, which
    is ``clip_s=270``, n_fft 2048, hop 1024, 64 bands, and so a shape of (64, 4219). The paper leaves open
    which part of a longer track is read, how a shorter one is padded, the mel scale, and whether values are
    power or decibels. Here: the centre; silence; Slaney's scale and norm, as in librosa; decibels relative to
    full-scale power 1 with a fixed floor.
    """

    name: ClassVar[str] = "clip"

    sr: int = setting(16_000, low=1, title="Sample rate", help="Hz; every track is resampled to it.")
    hop_length: int = setting(1024, low=1, title="Hop length", help="Samples between two STFT frames.")
    n_mels: int = setting(64, low=1, title="Mel bands", help="Bands from 0 Hz to half the sample rate.")
    clip_s: float = setting(
        12.0,
        above=0,
        title="Clip length",
        help="Seconds; 270 as published. A shorter track is padded with silence.",
    )
    n_crops: int = setting(1, low=1, title="Clips", help="Evenly spaced clips per track; 1 is the centre.")
    floor_db: float = setting(
        -60.0,
        low=-100,
        below=0,
        title="Floor",
        help="Level in dB below which everything is silence: a full-scale sine is at about +36 dB, music "
        "peaks at about +25 dB.",
    )

    @property
    def n_frames(self) -> int:
        """Frames of a clip: ``1 + samples // hop_length``, 188 of 12 s and 4219 of 270 s."""
        return 1 + round(self.clip_s * self.sr) // self.hop_length

    def extract(self, path: str | os.PathLike) -> np.ndarray:
        """Read a track's clips and return their spectrograms.

        Thread-safe, see :meth:`core.features.spectral.mel.Mel.extract`.

        Returns
        -------
        ndarray of float16, shape=(n_crops, n_mels, n_frames)
            ``(dB + 20) / 20``, at least ``(floor_db + 20) / 20``; rounded by less than 0.02 dB in the
            range of music.

        Raises
        ------
        AudioError
            With the reason, where the audio can't be used.
        """
        S = read_log_mels(path, self)
        return ((np.maximum(S, self.floor_db) - CENTRE_DB) / UNIT_DB).astype(np.float16)

"""Audio descriptors with a name and a unit, computed from one shared spectrogram."""

import math
import os
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.config import setting
from core.features.spectral import rhythm, spectrum, tonality
from core.features.spectral.clipping import read_excerpt
from core.features.spectral.front_end import StftExtractor
from core.features.spectral.mel import clip_db, power_and_mel

MEANINGS = {
    "loudness_db": "root mean square of the mono mix, dB of full scale (0 is a full-scale square wave)",
    "dynamic_range_db": "loudest tenth of the frames over the quietest tenth, silent frames left out, dB",
    "tempo_bpm": "beats per minute, 40 to 240; 0 where nothing repeats",
    "pulse_clarity": "autocorrelation of the onset envelope after one beat, 0 to 1",
    "onset_rate_hz": "onsets per second",
    "percussiveness": "percussive (1) or sustained (0)",
    "brightness_hz": "spectral centroid, Hz",
    "bandwidth_hz": "spread of the spectrum around its centroid, Hz",
    "rolloff_hz": "frequency below which 85 % of the magnitude is, Hz",
    "flatness": "noise (1) or tones (0)",
    "contrast_db": "spectral contrast, mean over octaves, dB",
    "zero_crossings_hz": "zero crossings per second",
    "key_strength": "correlation of the pitch classes with their best key, -1 to 1",
    "majorness": "correlation with the best major key less that with the best minor one",
    "silence_share": "share of frames more than 60 dB below the loudest",
    "clipping_share": "share of the file's samples cut off at full scale",
    "top_hz": "highest frequency within 80 dB of the strongest, Hz",
}
"""Meaning and unit of each descriptor."""

DESCRIPTORS = tuple(MEANINGS)
"""Columns of a row; the shares of the twelve pitch classes from C up follow."""

SILENT_DB = 60.0
"""A frame this far below the loudest is silent, as in librosa.effects.split."""
MEL_TOP_DB = 80.0
"""Dynamic range of the mel bands in dB, so that onsets out of near silence stay finite."""


@dataclass(frozen=True)
class Descriptors(StftExtractor):
    """Tempo, key, brightness, loudness and other descriptors of one excerpt.

    References
    ----------
    Peeters, "A large set of audio features for sound description", IRCAM 2004. McFee et al., "librosa", 2015:
    the reference that the tests compare with.
    """

    name: ClassVar[str] = "descriptors"

    n_mels: int = setting(64, low=1, title="Mel bands", help="Bands that onsets are detected in.")
    excerpt_s: float = setting(
        30.0,
        above=0,
        title="Excerpt",
        help="Seconds from the middle of a track. Clipping alone is measured at the file's own rate.",
    )

    def extract(self, path: str | os.PathLike) -> np.ndarray:
        """Read a track's excerpt and compute its descriptors; thread-safe as ``Mel.extract``.

        Returns
        -------
        ndarray of float32, shape=(29,)
            :data:`DESCRIPTORS`, then the share of each pitch class.

        Raises
        ------
        AudioError
            With the reason, where the audio can't be used.
        """
        y, clipping = read_excerpt(path, self.sr, self.excerpt_s)
        return self.describe(y, clipping)

    def describe(self, y: np.ndarray, clipping: float = 0.0) -> np.ndarray:
        """Compute the descriptors of audible mono samples at ``sr``, as :meth:`extract` returns them.

        Spectral descriptors are means over the frames that are not silent.
        """
        rate = self.sr / self.hop_length
        power, mel_db = power_and_mel(
            np.pad(y, (0, max(0, self.n_fft - len(y)))), self.sr, self.n_fft, self.hop_length, self.n_mels
        )
        energy = power.sum(axis=0)
        loud = energy > energy.max() * 10 ** (-SILENT_DB / 10)
        audible = power if loud.all() else np.ascontiguousarray(power[:, loud])
        chroma = tonality.pitch_classes(audible, self.sr)
        keys = tonality.correlate_keys(chroma)
        mel_db = clip_db(mel_db, MEL_TOP_DB)
        envelope = rhythm.onset_envelope(mel_db)
        tempo, clarity = rhythm.estimate_tempo(envelope, rate)
        low, high = np.percentile(energy[loud], (10, 90))
        values = {
            "loudness_db": 10 * math.log10(float(y @ y) / len(y)),
            "dynamic_range_db": 10 * math.log10(high / low),
            "tempo_bpm": tempo,
            "pulse_clarity": clarity,
            "onset_rate_hz": len(rhythm.find_onsets(envelope, rate)) / (len(y) / self.sr),
            "percussiveness": rhythm.percussiveness(mel_db),
            **spectrum.describe_shape(audible, self.sr),
            "zero_crossings_hz": np.count_nonzero(np.diff(np.signbit(y))) / (len(y) / self.sr),
            "key_strength": keys.max(),
            "majorness": keys[0].max() - keys[1].max(),
            "silence_share": 1 - loud.mean(),
            "clipping_share": clipping,
        }
        return np.concatenate([[values[name] for name in DESCRIPTORS], chroma]).astype(np.float32)

    def summarise(self, X: np.ndarray) -> np.ndarray:
        """Return descriptors on scales that suit standardisation: octaves, square roots of shares, dB.

        Pitch classes are left out: the key of a piece says little about its style. A track without a tempo
        takes the most common one, 120.

        Parameters
        ----------
        X : ndarray, shape=(n_tracks, 29)

        Returns
        -------
        ndarray of float32, shape=(n_tracks, 17)
        """
        values = np.array(X[:, : len(DESCRIPTORS)], np.float32)
        for column, name in enumerate(DESCRIPTORS):
            x = values[:, column]
            if name == "tempo_bpm":
                x[:] = np.log2(np.where(x > 0, x, rhythm.USUAL_BPM))
            elif name.endswith("_hz"):
                x[:] = np.log2(1 + x)
            elif name.endswith("_share") or name == "flatness":
                x[:] = np.sqrt(np.maximum(x, 0))
        return values

"""How loud a file is, and the gain at which all files are equally loud.

References
----------
ITU-R BS.1770-4, 2015: K-weighting (annex 1, tables 1 and 2) and gated loudness. EBU R 128, 2014: the target.
"""

import math
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from core import store
from core.audio.decode import open_audio
from core.audio.excerpt import as_stereo, stamp
from core.errors import AudioError
from core.store.hashing.source import source_hash

TARGET_LUFS = -23.0
PEAK_DBFS = -1.0
"""No sample is louder after the gain."""
MEASURED_S = 300
"""Of a longer file the first seconds are measured; its peak is then taken to be full scale."""
ABSOLUTE_LUFS, RELATIVE_LU = -70.0, -10.0
QUIETEST = 1e-5
"""Peaks below, of silence, count as -100 dB of full scale."""
STEP_S, BLOCK_STEPS = 0.1, 4
"""Blocks of 400 ms overlap by three quarters."""


@dataclass(frozen=True)
class Loudness:
    """The loudness of a file as a browser plays it.

    Attributes
    ----------
    lufs : float or None
        Integrated loudness; None for silence.
    peak_dbfs : float
        The largest sample in dB of full scale.
    """

    lufs: float | None
    peak_dbfs: float

    @property
    def gain_db(self) -> float:
        """Gain to :data:`TARGET_LUFS` in dB, less where the peak would pass :data:`PEAK_DBFS`."""
        return 0.0 if self.lufs is None else min(TARGET_LUFS - self.lufs, PEAK_DBFS - self.peak_dbfs)


def measure_loudness(path: str | os.PathLike) -> Loudness:
    """Return the loudness of a file, kept in the store until the file changes.

    Raises
    ------
    AudioError
        With the reason, where the file can't be read.
    """
    key = store.key_of(stamp(Path(path)), source_hash(_measure, open_audio))
    return Loudness(**store.cached("loudness", key, lambda: asdict(_measure(path))))


def _measure(path: str | os.PathLike) -> Loudness:
    """Decode and measure a file, a block at a time."""
    with open_audio(path) as audio:
        n_frames = min(audio.n_frames, MEASURED_S * audio.info.sr)
        blocks = as_stereo(audio.reader.blocks(0, n_frames))
        lufs, peak = loudness_of(blocks, audio.info.sr)
        peak = max(peak, 1.0) if n_frames < audio.n_frames else peak
    return Loudness(lufs, 20 * math.log10(max(peak, QUIETEST)))


def loudness_of(blocks: Iterator[np.ndarray], sr: int) -> tuple[float | None, float]:
    """Return the integrated loudness in LUFS, None for silence, and the largest absolute sample.

    Mono counts as two equal channels, because both loudspeakers play it. What is shorter than a block of
    400 ms is one block with silence behind it.

    Parameters
    ----------
    blocks : iterator of ndarray, shape=(m, 1) or (m, 2)
        Samples in order, full scale is 1.
    sr : int
        Sample rate in Hz.

    Raises
    ------
    AudioError
        When there is no sample.
    """
    from scipy.signal import sosfilt

    sos, state = k_weighting(sr), None
    step = max(1, round(STEP_S * sr))
    rest, energies, peak, n = np.zeros(0), [], 0.0, 0
    for samples in blocks:
        samples = np.nan_to_num(np.asarray(samples, np.float64))
        n += len(samples)
        peak = max(peak, float(np.abs(samples).max(initial=0)))
        if state is None:
            state = np.zeros((len(sos), 2, samples.shape[1]))
        weighted, state = sosfilt(sos, samples, axis=0, zi=state)
        power = np.square(weighted).sum(axis=1) * (2 if samples.shape[1] == 1 else 1)
        power = np.concatenate([rest, power])
        whole = len(power) // step * step
        energies.append(power[:whole].reshape(-1, step).mean(axis=1))
        rest = power[whole:]
    if not n:
        raise AudioError("not one frame of it can be decoded")
    steps = np.concatenate(energies)
    if len(steps) < BLOCK_STEPS:
        steps = np.append(steps, [rest.sum() / step, *[0.0] * BLOCK_STEPS])[:BLOCK_STEPS]
    return _gate(np.convolve(steps, np.full(BLOCK_STEPS, 1 / BLOCK_STEPS), "valid")), peak


def k_weighting(sr: int) -> np.ndarray:
    """Return the two filters of K-weighting as second-order sections, shape=(2, 6).

    BS.1770 gives coefficients for 48 kHz; these are the same analogue filters at another rate, as in
    libebur128.
    """
    K, Q = math.tan(math.pi * 1681.974450955533 / sr), 0.7071752369554196
    high = 10 ** (3.999843853973347 / 20)
    band, a0 = high**0.4996667741545416, 1 + K / Q + K * K
    shelf = np.array([high + band * K / Q + K * K, 2 * (K * K - high), high - band * K / Q + K * K])
    shelf_poles = np.array([a0, 2 * (K * K - 1), 1 - K / Q + K * K])
    K, Q = math.tan(math.pi * 38.13547087602444 / sr), 0.5003270373238773
    poles = np.array([1 + K / Q + K * K, 2 * (K * K - 1), 1 - K / Q + K * K])
    return np.array([[*shelf / a0, *shelf_poles / a0], [1, -2, 1, *poles / poles[0]]])


def _gate(power: np.ndarray) -> float | None:
    """Return the loudness of the blocks above both gates, shape=(n,), in LUFS."""
    loud = power[power > _power(ABSOLUTE_LUFS)]
    if not len(loud):
        return None
    loud = loud[loud > loud.mean() * 10 ** (RELATIVE_LU / 10)]
    return float(10 * np.log10(loud.mean()) - 0.691)


def _power(lufs: float) -> float:
    """Return the mean square of K-weighted samples at a loudness."""
    return 10 ** ((lufs + 0.691) / 10)

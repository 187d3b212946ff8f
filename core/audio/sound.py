"""One open sound: cut at any sample of any rate, mixed down, equal to the slice of the whole.

Reading decodes only the frames that a crop needs and a little padding for the resampling filter.
"""

import math
from dataclasses import dataclass

import numpy as np
import soxr

from core.audio.container import Container
from core.audio.sndfile import SndFile
from core.errors import AudioError

SILENCE = 10 ** (-90 / 20)
"""A peak below this (-90 dBFS, the last bit of 16) is silence."""
LOUDEST = 2.0**32
"""Full scale is 1; floats that hold 32-bit integers as they are stay below this, and no spectrum of such sound overflows."""
LOSS = 0.01
"""The share of its promised frames that a file may lack and still count as whole: odd ends are common."""
MIXED_AT_ONCE = 8192
"""Samples small enough for the cache, and for BLAS not to call in threads of its own, which would slow the pool's."""
PAD = 512
"""Samples, at the output rate, read on either side of a crop so that the resampling filter has settled."""


@dataclass(frozen=True)
class AudioInfo:
    """What a header says.

    Attributes
    ----------
    duration_s : float
    sr : int
        Sample rate in Hz.
    channels : int
    format, subtype : str
        Container and coding: libsndfile's words (``"WAV", "PCM_16"``), else FFmpeg's
        (``"mov,mp4,m4a,3gp,3g2,mj2", "aac"``).
    seekable : bool
        Whether the middle is reached without decoding what comes before.
    """

    duration_s: float
    sr: int
    channels: int
    format: str
    subtype: str
    seekable: bool


class Sound:
    """One open sound file, read by position; made by :func:`open_sound`.

    One object serves one thread at a time.
    """

    def __init__(self, reader: SndFile | Container):
        self.reader = reader
        self.n_frames = reader.n_frames
        self.info = AudioInfo(
            reader.n_frames / reader.sr,
            reader.sr,
            reader.channels,
            reader.format,
            reader.subtype,
            reader.seekable,
        )

    def length(self, sr: int) -> int:
        """Return the number of samples of the whole sound at ``sr``, as librosa.load would give."""
        return math.ceil(self.n_frames * sr / self.info.sr)

    def is_broken_off(self, missing: int) -> bool:
        """Tell whether that many missing frames are more than headers miscount."""
        return missing > max(LOSS * self.n_frames, 0.1 * self.info.sr)

    def read_frames(self, start: int, n: int) -> np.ndarray:
        """Read ``n`` frames from ``start`` at the file's own rate, mixed down by averaging the channels.

        Returns
        -------
        ndarray of float32, shape=(n,) or less at the end of the sound
        """
        parts = [mix_down(block) for block in self.reader.blocks(start, n)]
        return parts[0] if len(parts) == 1 else np.concatenate(parts) if parts else np.zeros(0, np.float32)

    def read(self, start: int, n: int, sr: int) -> np.ndarray:
        """Read ``n`` samples from sample ``start`` of the sound resampled to ``sr``.

        Equal, to float32 rounding, to the slice of the whole decoded and resampled sound: reading starts on
        the grid where samples of both rates coincide, :data:`PAD` samples early. What lies before the
        beginning or behind the end is zero.

        Returns
        -------
        ndarray of float32, shape=(n,)
            Mono.

        Raises
        ------
        AudioError
            Where frames are missing, damaged or not numbers.
        """
        y = np.zeros(n, np.float32)
        first, last = max(start, 0), min(start + n, self.length(sr))
        if first >= last:
            return y
        rate = self.info.sr
        common = math.gcd(rate, sr)
        up, down = sr // common, rate // common
        step = max(first - PAD, 0) // up if up != down else first
        head, tail = (
            step * down,
            min(math.ceil((last + PAD) * rate / sr) if up != down else last, self.n_frames),
        )
        frames = self.read_frames(head, tail - head)
        missing = tail - head - len(frames)
        if self.is_broken_off(missing):
            promised = f"{self.info.duration_s:.1f} s its header promises"
            raise AudioError(
                f"truncated or damaged: {missing / rate:.1f} s are missing before {tail / rate:.1f} s of "
                f"the {promised}"
            )
        refuse_extreme(frames, f"between {head / rate:.1f} and {tail / rate:.1f} s")
        if up != down:
            frames = soxr.resample(frames, rate, sr, "HQ")
        got = frames[first - step * up : last - step * up]
        y[first - start : first - start + len(got)] = got
        return y


def mix_down(block: np.ndarray) -> np.ndarray:
    """Average the channels of decoded frames.

    Parameters
    ----------
    block : ndarray of float32 or int16, shape=(n, channels)

    Returns
    -------
    ndarray of float32, shape=(n,)
        Full scale 1.
    """
    n, channels = block.shape
    full_scale = 32768 if block.dtype == np.int16 else 1
    weights = np.full(channels, 1 / (channels * full_scale), np.float32)
    y = np.empty(n, np.float32)
    step = max(MIXED_AT_ONCE // channels, 1)
    for i in range(0, n, step):  # a tenth of what mean(axis=1) costs
        np.dot(block[i : i + step].astype(np.float32, copy=False), weights, out=y[i : i + step])
    return y


def refuse_extreme(y: np.ndarray, where: str) -> None:
    """Raise AudioError where a sample is NaN, infinite or beyond :data:`LOUDEST`."""
    peak = _peak(y)
    if not peak <= LOUDEST:
        if math.isfinite(peak):
            raise AudioError(
                f"holds samples of {peak:.1g} {where} where full scale is 1, so it is damaged or no sound"
            )
        raise AudioError(f"holds samples that are not numbers (NaN or infinite) {where}")


def is_audible(y: np.ndarray) -> bool:
    """Tell whether a sound has a sample of -90 dBFS or more."""
    return _peak(y) >= SILENCE


def _peak(y: np.ndarray) -> float:
    """Return the largest absolute sample, nan where one is NaN, 0 of nothing."""
    return max(float(y.max()), -float(y.min())) if len(y) else 0.0

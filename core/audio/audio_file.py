"""One open audio file, read at any sample and sample rate, mixed down to mono.

Reading decodes only the frames of a crop and a little padding for the resampling filter; the result equals
the slice of the whole resampled file.
"""

import io
import math
from dataclasses import dataclass

import numpy as np
import soxr

from core.audio.decoders.opened import Decoder
from core.audio.isolated.remote_decoder import MIXED_APART, RemoteDecoder
from core.audio.mixing import SILENCE, mix_blocks, peak_of
from core.errors import AudioError

LOUDEST = 2.0**32
"""Largest valid sample (full scale is 1): above unscaled 32-bit integers; no spectrum overflows."""
LOSS = 0.01
"""Share of its promised frames that a complete file may lack: headers often miscount."""
PAD = 512
"""Samples, at the output rate, read on either side of a crop for the resampling filter to settle."""


Reader = Decoder | RemoteDecoder
"""The decoders of a file in this process and in another one, of one interface."""


@dataclass(frozen=True)
class AudioInfo:
    """Metadata of an audio file's header.

    Attributes
    ----------
    duration_s : float
    sr : int
        Sample rate in Hz.
    channels : int
    format, subtype : str
        Container and codec, as named by libsndfile (``"WAV", "PCM_16"``) or FFmpeg
        (``"mov,mp4,m4a,3gp,3g2,mj2", "aac"``).
    one_channel : bool
        Whether one channel is read, because the channels cancel each other when mixed; known after
        :func:`core.audio.decode.check`.
    """

    duration_s: float
    sr: int
    channels: int
    format: str
    subtype: str
    one_channel: bool = False


class AudioFile:
    """One open audio file, read by position; see :func:`core.audio.decode.open_audio`.

    Not thread-safe.
    """

    def __init__(self, reader: Reader, file: io.FileIO):
        self.reader, self.file = reader, file
        self.one_channel = False
        self.n_frames = reader.n_frames
        self.info = AudioInfo(
            reader.n_frames / reader.sr,
            reader.sr,
            reader.channels,
            reader.format,
            reader.subtype,
        )

    def length(self, sr: int) -> int:
        """Return the number of samples of the whole file at ``sr``, as librosa.load would return."""
        return math.ceil(self.n_frames * sr / self.info.sr)

    def is_truncated(self, missing: int) -> bool:
        """Return whether that many missing frames are more than a header's inaccuracy."""
        return missing > max(LOSS * self.n_frames, 0.1 * self.info.sr)

    def read_frames(self, start: int, n: int) -> np.ndarray:
        """Read ``n`` frames from ``start`` at the file's own rate, mixed down by averaging the channels.

        One channel alone is read, and ``one_channel`` set, where they cancel each other.

        Returns
        -------
        ndarray of float32, shape=(n,) or less at the end of the file
        """
        if isinstance(self.reader, RemoteDecoder) and n <= MIXED_APART:
            y, one_channel = self.reader.mixed(start, n)
        else:
            y, one_channel = mix_blocks(self.reader.blocks(start, n))
        self.one_channel |= one_channel
        return y

    def read(self, start: int, n: int, sr: int) -> np.ndarray:
        """Read ``n`` samples from sample ``start`` of the audio resampled to ``sr``.

        Equal, to float32 rounding, to the slice of the whole decoded and resampled file: reading starts on
        the grid where samples of both rates coincide, :data:`PAD` samples early. Samples before the start or
        after the end are zero.

        Returns
        -------
        ndarray of float32, shape=(n,)
            Mono.

        Raises
        ------
        AudioError
            If frames are missing, damaged or not finite.
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
        if self.is_truncated(missing):
            promised = f"{self.info.duration_s:.1f} s its header promises"
            raise AudioError(
                f"truncated or damaged: {missing / rate:.1f} s are missing before {tail / rate:.1f} s of "
                f"the {promised}"
            )
        refuse_extreme(frames, f"between {head / rate:.1f} and {tail / rate:.1f} s")
        if up != down:
            frames = soxr.resample(frames, rate, sr, "HQ")
        part = frames[first - step * up : last - step * up]
        y[first - start : first - start + len(part)] = part
        return y


def refuse_extreme(y: np.ndarray, where: str) -> None:
    """Raise AudioError if a sample is NaN, infinite or beyond :data:`LOUDEST`."""
    peak = peak_of(y)
    if not peak <= LOUDEST:
        if math.isfinite(peak):
            raise AudioError(
                f"holds samples of {peak:.1g} {where} where full scale is 1, so it is damaged or not audio"
            )
        raise AudioError(f"holds samples that are not numbers (NaN or infinite) {where}")


def is_audible(y: np.ndarray) -> bool:
    """Return whether any sample reaches -90 dBFS."""
    return peak_of(y) >= SILENCE

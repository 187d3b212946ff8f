"""Look into a sound file and read a crop of it, decoding only the frames that the crop needs.

libsndfile reads first (:mod:`core.audio.sndfile`), FFmpeg what it can't (:mod:`core.audio.container`).
Whatever is wrong with a file ends in an :class:`~core.errors.AudioError` whose text is the reason for the
*problems* table. What is found out when:

- opening (:func:`probe`, and so everything else): missing, unreadable, a folder, a pipe, empty, not audio, an
  absurd sample rate, shorter than :data:`SHORTEST_S`, and truncated where the header tells (WAV, AIFF, AU,
  W64, RF64, MP4);
- the scan of a folder (:func:`check`): also truncated where only the last frames tell (FLAC, MP3, OGG, ASF
  …), silent, and, in files of floating-point samples, NaN and absurd values in the first minute and in the
  middle;
- extraction (:meth:`core.audio.sound.Sound.read`): also such samples and missing frames in exactly what is
  read.
"""

import io
import math
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np

from core.audio.container import Container
from core.audio.opening import open_source_file
from core.audio.sndfile import SndFile
from core.audio.sound import LOSS, AudioInfo, Sound, is_audible, refuse_extreme
from core.errors import AudioError

SHORTEST_S = 0.005
WHOLE_S = 5
"""A sound no longer than this is decoded whole before it is taken into a collection."""
RATES_HZ = (1_000, 1_000_000)


@contextmanager
def open_sound(path: str | os.PathLike, within: Path | None = None) -> Iterator[Sound]:
    """Open a sound file, whoever can decode it.

    Parameters
    ----------
    within : Path, optional
        A resolved folder that the file must lie in (see :func:`~core.audio.opening.open_source_file`).

    Raises
    ------
    AudioError
        With the reason, where it can't be used.
    """
    with open_source_file(path, within) as file, closing(_open_reader(file)) as reader:
        if not RATES_HZ[0] <= reader.sr <= RATES_HZ[1]:
            raise AudioError(
                f"its header names a sample rate of {reader.sr} Hz, so it is damaged or not music"
            )
        if reader.n_frames < SHORTEST_S * reader.sr:
            samples = "1 sample" if reader.n_frames == 1 else f"{reader.n_frames} samples"
            raise AudioError(f"only {samples} long" if reader.n_frames > 0 else "holds no sound")
        if reader.promised > reader.n_frames / (1 - LOSS):
            promised_s = reader.promised / reader.sr
            missing_s = promised_s - reader.n_frames / reader.sr
            missing = f"{missing_s:.1f}" if missing_s >= 1 else f"{missing_s:.2g}"
            raise AudioError(
                f"truncated: its header promises {promised_s:.1f} s, of which the last {missing} s are missing"
            )
        yield Sound(reader)


def probe(path: str | os.PathLike) -> AudioInfo:
    """Read the header of a sound file.

    Raises
    ------
    AudioError
        With the reason, where it can't be opened.
    """
    with open_sound(path) as sound:
        return sound.info


def check(path: str | os.PathLike, within: Path | None = None) -> AudioInfo:
    """Find out in a few milliseconds whether a file is whole and audible; see the top of this module.

    The last hundredth must decode, and all of what is no longer than :data:`WHOLE_S`; then one short piece,
    mixed to mono, must be louder than :data:`~core.audio.sound.SILENCE`: the end, else the middle, else
    anything within the first ten minutes.

    Raises
    ------
    AudioError
        With the reason, where it can't be used.
    """
    with open_sound(path, within) as sound:
        n, piece = sound.n_frames, max(sound.info.sr // 20, 64)
        slack = max(LOSS * n, sound.reader.slack_s * sound.info.sr)
        end = max(math.floor(n - slack) - piece, 0)
        tail = sound.read_frames(end, min(piece, n - end))
        if sound.reader.is_cut():
            raise AudioError(
                f"truncated: the file ends in the middle of a page, after {sound.info.duration_s:.1f} s"
            )
        if not len(tail) or len(tail) + slack < min(piece, n - end):
            raise AudioError(
                f"truncated: its header promises {sound.info.duration_s:.1f} s, but the sound ends before"
            )
        if n <= WHOLE_S * sound.info.sr:
            sound.read(0, n, sound.info.sr)
        elif sound.reader.is_float:
            _refuse_extreme(sound)
        if not is_audible(tail) and not any(is_audible(part) for part in _pieces(sound, piece)):
            raise AudioError("silent: mixed to mono, nothing in it reaches -90 dB of full scale")
        return sound.info


def _pieces(sound: Sound, piece: int) -> Iterator[np.ndarray]:
    """Yield short pieces of the middle and the quarters, then the first ten minutes by and by."""
    n, long = sound.n_frames, 10 * sound.info.sr
    for quarter in (2, 1, 3):
        yield sound.read_frames(n * quarter // 4, piece)
    for start in range(0, min(n, 60 * long), long):
        yield sound.read_frames(start, min(long, n - start))


def _refuse_extreme(sound: Sound) -> None:
    """Refuse samples that are not numbers, or no sound, in the first minute and the middle."""
    long = 10 * sound.info.sr
    for start in (*range(0, min(sound.n_frames, 6 * long), long), sound.n_frames // 2):
        y = sound.read_frames(start, min(long, sound.n_frames - start))
        refuse_extreme(y, f"near {start / sound.info.sr:.0f} s")


def _open_reader(file: io.FileIO) -> SndFile | Container:
    """Return the first decoder that knows the file."""
    head = file.read(16)
    if not head:
        raise AudioError("is empty (zero bytes)")
    try:
        return SndFile(file)
    except AudioError:
        try:
            return Container(file)
        except AudioError:
            if head[4:8] == b"ftyp":
                raise AudioError(
                    "truncated or damaged: an MP4 whose index is missing or holds no sound"
                ) from None
            raise

"""Open and check audio files, decoding only the frames that are needed.

libsndfile comes first (:mod:`core.audio.sndfile`), FFmpeg second (:mod:`core.audio.container`). Every defect
of a file raises an :class:`~core.errors.AudioError` whose text is the reason in the *problems* table. Defects
are found by:

- opening (:func:`probe`, and so everything else): missing, unreadable, a folder, a pipe, empty, not audio, an
  absurd sample rate, shorter than :data:`SHORTEST_S`, and truncated according to the header (WAV, AIFF,
  AU, W64, RF64, MP4);
- the scan of a folder (:func:`check`): also truncated according to the last frames (FLAC, MP3, OGG, ASF …),
  silent, and, in files of floating-point samples, NaN and absurd values in the first minute and in the
  middle;
- extraction (:meth:`core.audio.sound.Sound.read`): also such samples and missing frames in exactly the
  frames that are read.
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
"""Files no longer than this are decoded completely before they are added to a collection."""
RATES_HZ = (1_000, 1_000_000)


@contextmanager
def open_sound(path: str | os.PathLike, within: Path | None = None) -> Iterator[Sound]:
    """Open an audio file with the first decoder that supports it.

    Parameters
    ----------
    within : Path, optional
        A resolved folder that must contain the file (see :func:`~core.audio.opening.open_source_file`).

    Raises
    ------
    AudioError
        With the reason, if it can't be used.
    """
    with open_source_file(path, within) as file, closing(_open_reader(file)) as reader:
        if not RATES_HZ[0] <= reader.sr <= RATES_HZ[1]:
            raise AudioError(
                f"its header names a sample rate of {reader.sr} Hz, so it is damaged or not music"
            )
        if reader.n_frames < SHORTEST_S * reader.sr:
            samples = "1 sample" if reader.n_frames == 1 else f"{reader.n_frames} samples"
            raise AudioError(f"only {samples} long" if reader.n_frames > 0 else "holds no audio")
        if reader.promised > reader.n_frames / (1 - LOSS):
            promised, actual = reader.promised / reader.sr, reader.n_frames / reader.sr
            raise AudioError(
                f"truncated: its header promises {promised:.1f} s, but the file holds {actual:.1f} s"
            )
        yield Sound(reader)


def probe(path: str | os.PathLike) -> AudioInfo:
    """Read the header of an audio file.

    Raises
    ------
    AudioError
        With the reason, if it can't be opened.
    """
    with open_sound(path) as sound:
        return sound.info


def check(path: str | os.PathLike, within: Path | None = None) -> AudioInfo:
    """Check in a few milliseconds that a file is complete and audible; see the top of this module.

    The last hundredth must decode, and all of a file no longer than :data:`WHOLE_S`; then one short piece,
    mixed to mono, must be louder than :data:`~core.audio.sound.SILENCE`: the end, else the middle, else
    any of the first ten minutes.

    Raises
    ------
    AudioError
        With the reason, if it can't be used.
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
                f"truncated: its header promises {sound.info.duration_s:.1f} s, but the audio ends before"
            )
        if n <= WHOLE_S * sound.info.sr:
            sound.read(0, n, sound.info.sr)
        elif sound.reader.is_float:
            _refuse_extreme(sound)
        if not is_audible(tail) and not any(is_audible(part) for part in _pieces(sound, piece)):
            raise AudioError("silent: mixed to mono, nothing in it reaches -90 dB of full scale")
        return sound.info


def _pieces(sound: Sound, piece: int) -> Iterator[np.ndarray]:
    """Yield short pieces of the middle and the quarters, then the first ten minutes in blocks."""
    n, long = sound.n_frames, 10 * sound.info.sr
    for quarter in (2, 1, 3):
        yield sound.read_frames(n * quarter // 4, piece)
    for start in range(0, min(n, 60 * long), long):
        yield sound.read_frames(start, min(long, n - start))


def _refuse_extreme(sound: Sound) -> None:
    """Refuse samples that are not finite, or absurd, in the first minute and the middle."""
    long = 10 * sound.info.sr
    for start in (*range(0, min(sound.n_frames, 6 * long), long), sound.n_frames // 2):
        y = sound.read_frames(start, min(long, sound.n_frames - start))
        refuse_extreme(y, f"near {start / sound.info.sr:.0f} s")


def _open_reader(file: io.FileIO) -> SndFile | Container:
    """Return the first decoder that supports the file."""
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
                    "truncated or damaged: an MP4 whose index is missing or holds no audio"
                ) from None
            raise

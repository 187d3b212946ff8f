"""Open and check audio files, decoding only the frames that are needed.

libsndfile comes first (:mod:`core.audio.decoders.sndfile`), FFmpeg second
(:mod:`core.audio.decoders.container`), both in processes of their own except for plain samples
(:mod:`core.audio.isolated`). Every defect of a file raises an :class:`~core.errors.AudioError`
whose text is the reason in the *problems* table. Defects are found by:

- opening (:func:`probe`, and so everything else): missing, unreadable, a folder, a pipe, empty, not audio, an
  absurd sample rate, shorter than :data:`SHORTEST_S`, and truncated according to the header (WAV, AIFF,
  AU, W64, RF64, MP4);
- the scan of a folder (:func:`check`): also truncated according to the last frames (FLAC, MP3, OGG, ASF …),
  silent, and, in files of floating-point samples, NaN and absurd values in the first minute and in the
  middle;
- extraction (:meth:`core.audio.audio_file.AudioFile.read`): also such samples and missing frames in
  exactly the frames that are read.
"""

import io
import math
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import numpy as np

from core.audio.audio_file import LOSS, AudioFile, AudioInfo, Reader, is_audible, refuse_extreme
from core.audio.decoders.opened import EMPTY, open_here
from core.audio.decoders.sndfile import SndFile
from core.audio.headers.further_files import has_further_file
from core.audio.isolated.decoder_pool import IS_AVAILABLE
from core.audio.isolated.plain import is_plain
from core.audio.isolated.remote_decoder import RemoteDecoder
from core.audio.opening import open_source_file
from core.errors import AudioError

SHORTEST_S = 0.005
WHOLE_S = 5
"""Files no longer than this are decoded completely before they are added to a collection."""
PADDING_BYTES = 256 * 2**20
"""Bytes that a file may hold besides its audio: tags and pictures."""
VIDEO_BYTES_PER_S = 200 * 2**20
"""And in a container that may hold video, for each second of audio."""
_AUDIO_ALONE = {"WAV", "WAVEX", "RF64", "W64", "FLAC", "MP3", "AIFF", "AU", "CAF"}
RATES_HZ = (1_000, 1_000_000)


@contextmanager
def open_audio(path: str | os.PathLike, within: Path | None = None) -> Iterator[AudioFile]:
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
            promised_s = reader.promised / reader.sr
            missing_s = promised_s - reader.n_frames / reader.sr
            missing = f"{missing_s:.1f}" if missing_s >= 1 else f"{missing_s:.2g}"
            raise AudioError(
                f"truncated: its header promises {promised_s:.1f} s, of which the last {missing} s are "
                "missing"
            )
        yield AudioFile(reader, file)


def probe(path: str | os.PathLike) -> AudioInfo:
    """Read the header of an audio file.

    Raises
    ------
    AudioError
        With the reason, if it can't be opened.
    """
    with open_audio(path) as audio:
        return audio.info


def check(path: str | os.PathLike, within: Path | None = None) -> AudioInfo:
    """Check in a few milliseconds that a file is complete and audible; see the top of this module.

    The last hundredth must decode, and all of a file no longer than :data:`WHOLE_S`; then one short piece,
    mixed to mono, must be louder than :data:`~core.audio.mixing.SILENCE`: the end, else the middle, else
    any of the first ten minutes.

    Raises
    ------
    AudioError
        With the reason, if it can't be used.
    """
    with open_audio(path, within) as audio:
        _refuse_padding(audio)
        n, piece = audio.n_frames, max(audio.info.sr // 20, 64)
        slack = max(LOSS * n, audio.reader.slack_s * audio.info.sr)
        end = max(math.floor(n - slack) - piece, 0)
        tail = audio.read_frames(end, min(piece, n - end))
        if audio.reader.is_cut():
            raise AudioError(
                f"truncated: the file ends in the middle of a page, after {audio.info.duration_s:.1f} s"
            )
        if not audio.reader.is_chained and has_further_file(audio.file):
            raise AudioError(
                f"holds further audio behind its first {audio.info.duration_s:.1f} s, which alone would be "
                "read: it may be several files in one"
            )
        if not len(tail) or len(tail) + slack < min(piece, n - end):
            raise AudioError(
                f"truncated: its header promises {audio.info.duration_s:.1f} s, but the audio ends before"
            )
        if n <= WHOLE_S * audio.info.sr:
            audio.read(0, n, audio.info.sr)
        elif audio.reader.is_float:
            _refuse_extreme(audio)
        if not is_audible(tail) and not any(is_audible(part) for part in _pieces(audio, piece)):
            raise AudioError("silent: mixed to mono, nothing in it reaches -90 dB of full scale")
        return replace(audio.info, one_channel=audio.one_channel)


def _refuse_padding(audio: AudioFile) -> None:
    """Refuse a file that is far larger than its audio: searching and hashing it would take minutes."""
    info, size = audio.info, os.fstat(audio.file.fileno()).st_size
    rate = 8 * info.sr * info.channels if info.format in _AUDIO_ALONE else VIDEO_BYTES_PER_S
    if size > PADDING_BYTES + rate * info.duration_s:
        raise AudioError(
            f"holds {size / 1e9:.1f} GB for {info.duration_s:.1f} s of audio, so most of it is something else"
        )


def _pieces(audio: AudioFile, piece: int) -> Iterator[np.ndarray]:
    """Yield short pieces of the middle and the quarters, then the first ten minutes in blocks."""
    n, long = audio.n_frames, 10 * audio.info.sr
    for quarter in (2, 1, 3):
        yield audio.read_frames(n * quarter // 4, piece)
    for start in range(0, min(n, 60 * long), long):
        yield audio.read_frames(start, min(long, n - start))


def _refuse_extreme(audio: AudioFile) -> None:
    """Refuse samples that are not finite, or absurd, in the first minute and the middle."""
    long = 10 * audio.info.sr
    for start in (*range(0, min(audio.n_frames, 6 * long), long), audio.n_frames // 2):
        y = audio.read_frames(start, min(long, audio.n_frames - start))
        refuse_extreme(y, f"near {start / audio.info.sr:.0f} s")


def _open_reader(file: io.FileIO) -> Reader:
    """Open a file in this process if it is plain (or there can't be another), else in a decoding process."""
    if not IS_AVAILABLE:
        return open_here(file)
    if os.fstat(file.fileno()).st_size == 0:
        raise AudioError(EMPTY)
    if is_plain(file):
        with suppress(AudioError):
            return SndFile(file)
        file.seek(0)
    return RemoteDecoder(file)

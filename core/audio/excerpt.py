"""Playback in a browser: the file itself, or an excerpt of it in the store."""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from core import store
from core.audio.audio_file import AudioFile, AudioInfo
from core.audio.decode import open_audio
from core.errors import AudioError, WriteError
from core.store.hashing.source import source_hash

LONGEST_S = 600
"""Length of an excerpt; files that browsers support are served whole."""

_MIMES = {
    ("WAV", "PCM_16"): "audio/wav",
    ("WAV", "PCM_U8"): "audio/wav",
    ("FLAC", "PCM_16"): "audio/flac",
    ("FLAC", "PCM_24"): "audio/flac",
    ("MP3", "MPEG_LAYER_III"): "audio/mpeg",
    ("OGG", "VORBIS"): "audio/ogg",
    ("OGG", "OPUS"): "audio/ogg",
    ("mp3", "mp3float"): "audio/mpeg",
    ("mov,mp4,m4a,3gp,3g2,mj2", "aac"): "audio/mp4",
    ("aac", "aac"): "audio/aac",
    ("matroska,webm", "opus"): "audio/webm",
    ("matroska,webm", "vorbis"): "audio/webm",
}
_PLAYED_HZ = (8_000, 96_000)
_WRITTEN_HZ = (8_000, 48_000)
_SURROUND = np.array([[1, 0], [0, 1], [0.71, 0.71], [0, 0], [0.71, 0], [0, 0.71]], np.float32) / 2.42
"""Downmix of 5.1 (L, R, C, LFE, Ls, Rs) to stereo (ITU-R BS.775), scaled so that nothing clips."""


def playable(path: str | os.PathLike) -> tuple[Path, str]:
    """Return a file that browsers can play, and its media type.

    The file itself if browsers support it and its header is right; else its first ten minutes as 16-bit FLAC,
    mono or stereo, stored until the file changes.

    Raises
    ------
    AudioError
        With the reason, where the file can't be read.
    """
    path = Path(path)
    with open_audio(path) as audio:
        mime = mime_of(audio.info)
        if mime and audio.reader.as_stated:
            return path, mime
        key = store.key_of(stamp(path), source_hash(_write_excerpt, open_audio))
        excerpt = store.folder("excerpts") / f"{key}.flac"
        with store.lock(f"excerpt-{key}"):
            if not excerpt.exists():
                store.publish(excerpt, lambda temporary: _write_excerpt(audio, temporary))
        return excerpt, "audio/flac"


def mime_of(info: AudioInfo) -> str | None:
    """Return the media type of audio that browsers support as it is, else None."""
    if info.channels > 2 or not _PLAYED_HZ[0] <= info.sr <= _PLAYED_HZ[1]:
        return None
    return _MIMES.get((info.format.removesuffix("EX"), info.subtype))


def _write_excerpt(audio: AudioFile, path: Path) -> None:
    """Write the first ten minutes as 16-bit FLAC, a block at a time."""
    import soundfile as sf
    import soxr

    sr = _written_rate(audio.info.sr)
    channels = 1 if audio.info.channels == 1 else 2
    resample = soxr.ResampleStream(audio.info.sr, sr, channels, dtype="float32").resample_chunk
    n = 0
    try:
        with sf.SoundFile(path, "w", sr, channels, format="FLAC", subtype="PCM_16") as out:
            for block in as_stereo(audio.reader.blocks(0, min(LONGEST_S * audio.info.sr, audio.n_frames))):
                n += len(block)
                out.write(np.clip(resample(np.nan_to_num(np.ascontiguousarray(block))), -1, 1))
            out.write(np.clip(resample(np.zeros((0, channels), np.float32), last=True), -1, 1))
    except sf.LibsndfileError as reason:  # of writing: reading raises AudioError
        raise WriteError(f"the excerpt for playback can't be written to {path.parent}: {reason}") from reason
    if not n:
        raise AudioError("not one frame of it can be decoded")


def as_stereo(blocks: Iterator[np.ndarray]) -> Iterator[np.ndarray]:
    """Convert blocks of shape (n, channels) to float with one or two channels, as browsers play them."""
    for block in blocks:
        if block.dtype == np.int16:
            block = block.astype(np.float32) / 32768
        channels = block.shape[1]
        if channels == len(_SURROUND):
            yield block @ _SURROUND
        elif channels > 2:
            yield block @ np.full((channels, 2), 1 / channels, np.float32)
        else:
            yield block


def _written_rate(sr: int) -> int:
    """Return a sample rate that every player supports: the same, else 44.1 or 48 kHz."""
    if _WRITTEN_HZ[0] <= sr <= _WRITTEN_HZ[1]:
        return sr
    return 44_100 if sr % 44_100 == 0 else 48_000


def stamp(path: Path) -> list:
    """Return the path, size and time of a file: players request it in many ranges, so it is not hashed."""
    found = path.stat()
    return [str(path.resolve()), found.st_size, found.st_mtime_ns]

"""Short excerpts as MP3, equally loud, to put into files that are taken along."""

import math
import os
from pathlib import Path

import numpy as np

from core import store
from core.audio.decode import open_audio
from core.audio.excerpt import as_stereo, stamp
from core.audio.loudness import measure_loudness
from core.errors import AudioError, WriteError
from core.store.hashing.source import source_hash

SR = 24_000
"""Sample rate in Hz: of MPEG-2 audio, which every browser plays."""
KBIT_PER_S = 40
"""Constant, so that the size is known before."""
COMPRESSION = 0.8
"""libsndfile's scale of bit rates, from 0, the highest, to 1: the nearest is :data:`KBIT_PER_S`."""
FADE_S = 0.05


def make_clip(path: str | os.PathLike, seconds: float) -> Path:
    """Return an excerpt from the middle of a file, mono, faded, kept in the store until the file changes.

    It is as loud as every other: the gain of :class:`core.audio.loudness.Loudness` is applied.

    Parameters
    ----------
    seconds : float
        Length of the excerpt; a shorter file is taken whole.

    Raises
    ------
    AudioError
        With the reason, where the file can't be read.
    """
    path = Path(path)
    try:
        key = store.key_of(stamp(path), float(seconds), source_hash(_write, open_audio))
    except OSError as reason:
        raise AudioError(f"can't be opened: {reason.strerror or reason}") from None
    clip = store.folder("excerpts") / f"{key}.mp3"
    with store.lock(f"excerpt-{key}"):
        if not clip.exists():
            gain = 10 ** (measure_loudness(path).gain_db / 20)
            store.publish(clip, lambda temporary: _write(path, seconds, gain, temporary))
    return clip


def clip_bytes(duration_s: float, seconds: float) -> float:
    """Return about how many bytes an excerpt has; a file of unknown duration counts as long."""
    known = duration_s if math.isfinite(duration_s) else seconds
    return KBIT_PER_S * 125 * min(known, seconds) + 500


def _write(path: Path, seconds: float, gain: float, out: Path) -> None:
    """Read the middle of a file, apply the gain and write it."""
    import soundfile as sf
    import soxr

    with open_audio(path) as audio:
        sr = audio.info.sr
        n = min(audio.n_frames, round(seconds * sr))
        start = max(0, (audio.n_frames - n) // 2)
        blocks = [block.mean(axis=1) for block in as_stereo(audio.reader.blocks(start, n))]
    y = np.concatenate(blocks) if blocks else np.zeros(0, np.float32)
    if not len(y):
        raise AudioError("not one frame of it can be decoded")
    y = gain * soxr.resample(np.nan_to_num(y.astype(np.float32)), sr, SR)
    fade = np.linspace(0, 1, max(1, min(len(y) // 2, round(FADE_S * SR))), dtype=np.float32)
    y[: len(fade)] *= fade
    y[len(y) - len(fade) :] *= fade[::-1]
    try:
        with sf.SoundFile(
            out,
            "w",
            SR,
            1,
            format="MP3",
            subtype="MPEG_LAYER_III",
            compression_level=COMPRESSION,
            bitrate_mode="CONSTANT",
        ) as file:
            file.write(np.clip(y, -1, 1))
    except sf.LibsndfileError as reason:
        raise WriteError(f"the excerpt can't be written to {out.parent}: {reason}") from reason

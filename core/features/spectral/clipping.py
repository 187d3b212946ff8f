"""The middle of a track, and the share of its samples that are clipped at full scale."""

import os

import numpy as np

from core.audio.audio_file import is_audible, refuse_extreme
from core.audio.crops import crop_starts
from core.audio.decode import open_audio
from core.audio.mixing import mix_blocks
from core.errors import AudioError

NEAR_PEAK, LOUD = 0.98, 0.9
"""Shares of the peak and of full scale: a plateau below is part of a quiet wave, not clipping."""
FLAT = 2**-14
"""Neighbours closer than this (two 16-bit steps) are flat, as one sample in 3,000 of a 440 Hz sine is."""


def read_excerpt(path: str | os.PathLike, sr: int, excerpt_s: float) -> tuple[np.ndarray, float]:
    """Read the middle of a track as mono at ``sr``, and the share of its samples that are clipped.

    Clipping is measured before mixing and resampling, which both hide it.

    Returns
    -------
    y : ndarray of float32, shape=(n_samples,)
        Shorter than ``excerpt_s`` where the track is.
    clipping_share : float

    Raises
    ------
    AudioError
        Where the file can't be read or the excerpt is silent.
    """
    import soxr

    with open_audio(path) as audio:
        rate = audio.info.sr
        n = min(audio.n_frames, round(excerpt_s * rate))
        (start,) = crop_starts(audio.n_frames, n, 1)
        blocks = list(audio.reader.blocks(start, n))
    frames = (
        blocks[0] if len(blocks) == 1 else np.concatenate(blocks) if blocks else np.zeros((0, 1), np.float32)
    )
    where = f"between {start / rate:.1f} and {(start + n) / rate:.1f} s"
    if not len(frames) or audio.is_truncated(n - len(frames)):
        raise AudioError(f"truncated: the audio ends {where}")
    y, _ = mix_blocks([frames])
    refuse_extreme(y, where)
    if not is_audible(y):
        raise AudioError(f"silent where it is read ({where})")
    if rate != sr:
        y = soxr.resample(y, rate, sr, "HQ")
        if not is_audible(y):
            raise AudioError(f"silent below {sr / 2:.0f} Hz where it is read ({where})")
    return y, clipping_share(frames)


def clipping_share(frames: np.ndarray) -> float:
    """Return the share of samples on a plateau at the peak, or beyond full scale.

    A sample counts where it reaches 98 % of the peak, the peak reaches 90 % of full scale, and a neighbour in
    its channel is equal within two 16-bit steps; floating-point samples beyond 1 count, too. A full-scale
    square wave counts as clipped.

    Parameters
    ----------
    frames : ndarray of float32 or int16, shape=(n, channels)

    Returns
    -------
    float
        In [0, 1]; 0: no clipping.
    """
    full = 32768 if frames.dtype == np.int16 else 1.0
    peak = max(float(frames.max()), -float(frames.min())) / full
    if peak < LOUD:
        return 0.0
    threshold = NEAR_PEAK * min(peak, 1.0) * full
    # np.nonzero of a 2-D array takes a hundred times as long
    hits = np.flatnonzero((frames >= threshold) | (frames <= -threshold))
    rows, channels = np.divmod(hits, frames.shape[1])
    here = frames[rows, channels].astype(np.float32) / full
    clipped = np.abs(here) > 1
    for step in (-1, 1):
        neighbours = np.clip(rows + step, 0, len(frames) - 1)
        same = np.abs(frames[neighbours, channels].astype(np.float32) / full - here) <= FLAT
        clipped |= same & (neighbours != rows)
    return float(clipped.sum() / frames.size)

"""The middle of a track, and how much of it is clipped: cut off where it would have gone beyond full scale."""

import os

import numpy as np

from core.audio.crops import crop_starts
from core.audio.decode import open_sound
from core.audio.sound import is_audible, mix_down, refuse_extreme
from core.errors import AudioError

NEAR_PEAK, LOUD = 0.98, 0.9
"""Of the peak, and of full scale: only there a flat piece is a cut and no part of a quiet wave."""
FLAT = 2**-14
"""Neighbours closer than this (two steps of 16 bit) are flat; a sine of 440 Hz is for one sample in 3,000."""


def read_excerpt(path: str | os.PathLike, sr: int, excerpt_s: float) -> tuple[np.ndarray, float]:
    """Read the middle of a track as mono at ``sr``, and the share of its samples that are clipped.

    It decodes once and looks at the samples before mixing and resampling, which both hide clipping.

    Returns
    -------
    y : ndarray of float32, shape=(n_samples,)
        Shorter than asked for where the track is.
    clipping_share : float

    Raises
    ------
    AudioError
        Where the file can't be read or is silent there.
    """
    import soxr

    with open_sound(path) as sound:
        rate = sound.info.sr
        n = min(sound.n_frames, round(excerpt_s * rate))
        (start,) = crop_starts(sound.n_frames, n, 1)
        blocks = list(sound.reader.blocks(start, n))
    frames = (
        blocks[0] if len(blocks) == 1 else np.concatenate(blocks) if blocks else np.zeros((0, 1), np.float32)
    )
    where = f"between {start / rate:.1f} and {(start + n) / rate:.1f} s"
    if not len(frames) or sound.is_broken_off(n - len(frames)):
        raise AudioError(f"truncated: the sound breaks off {where}")
    y = mix_down(frames)
    refuse_extreme(y, where)
    if not is_audible(y):
        raise AudioError(f"silent where it is read ({where})")
    if rate != sr:
        y = soxr.resample(y, rate, sr, "HQ")
        if not is_audible(y):
            raise AudioError(f"silent below {sr / 2:.0f} Hz where it is read ({where})")
    return y, clipping_share(frames)


def clipping_share(frames: np.ndarray) -> float:
    """Return the share of samples that lie on a plateau at the peak, or beyond full scale.

    A sample counts where it reaches 98 % of the sound's peak, the peak 90 % of full scale, and a neighbour in
    its channel is the same within two steps of 16 bit; floating-point samples beyond 1 count too. A
    full-scale square wave reads as clipped: nothing tells it apart.

    Parameters
    ----------
    frames : ndarray of float32 or int16, shape=(n, channels)

    Returns
    -------
    float
        0: none.
    """
    full = 32768 if frames.dtype == np.int16 else 1.0
    peak = max(float(frames.max()), -float(frames.min())) / full
    if peak < LOUD:
        return 0.0
    threshold = NEAR_PEAK * min(peak, 1.0) * full
    hits = np.flatnonzero(
        (frames >= threshold) | (frames <= -threshold)
    )  # np.nonzero of a table takes a hundred times as long
    rows, channels = np.divmod(hits, frames.shape[1])
    here = frames[rows, channels].astype(np.float32) / full
    clipped = np.abs(here) > 1
    for step in (-1, 1):
        neighbours = np.clip(rows + step, 0, len(frames) - 1)
        same = np.abs(frames[neighbours, channels].astype(np.float32) / full - here) <= FLAT
        clipped |= same & (neighbours != rows)
    return float(clipped.sum() / frames.size)

"""Mixing of channels down to mono."""

from collections.abc import Iterable

import numpy as np

SILENCE = 10 ** (-90 / 20)
"""Peak below which audio is silent: -90 dBFS, the last of 16 bits."""
MIXED_AT_ONCE = 8192
"""Samples per block: fits the cache, and too small for BLAS to start threads, which would slow the pool."""
QUIET = 0.01
"""Peak of a mix, -40 dBFS, below which its channels may have cancelled each other."""
CANCELLED = 0.01
"""Peak of such a mix relative to a single channel's, -40 dB."""
LEAST_ALONE = 0.001
"""Peak of that channel, -60 dBFS: in the last of a fade-out, encoders leave what cancels."""
_STRIDE = 64
"""Distance of the samples that are checked first: ordinary music is loud in one of them."""


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
    for i in range(0, n, step):  # ten times as fast as mean(axis=1)
        np.dot(block[i : i + step].astype(np.float32, copy=False), weights, out=y[i : i + step])
    return y


def mix_blocks(blocks: Iterable[np.ndarray]) -> tuple[np.ndarray, bool]:
    """Average the channels of all blocks, or take one channel where the average all but cancels.

    A recording with one channel inverted is silence when it is averaged. Where the mix is quieter than
    :data:`QUIET` and than :data:`CANCELLED` times the channel that is loudest at the start, that one is
    taken, if it reaches :data:`LEAST_ALONE`.

    Parameters
    ----------
    blocks : iterable of ndarray of float32 or int16, each of shape (any, channels)

    Returns
    -------
    y : ndarray of float32, shape=(n,)
    one_channel : bool
        Whether ``y`` is one channel.
    """
    mixed: list[np.ndarray] = []
    single: list[np.ndarray] = []
    channel, quiet = None, True
    for block in blocks:
        y = mix_down(block)
        mixed.append(y)
        quiet = quiet and block.shape[1] > 1 and peak_of(y[::_STRIDE]) < QUIET and peak_of(y) < QUIET
        if quiet:
            if channel is None:
                peaks = [peak_of(block[:, i : i + 1]) for i in range(block.shape[1])]
                channel = int(np.argmax(peaks)) if max(peaks) > 0 else None
            single.append(mix_down(block[:, (channel or 0) : (channel or 0) + 1]))
    together = _join(mixed)
    if quiet and channel is not None:
        alone = _join(single)
        if peak_of(alone) >= LEAST_ALONE and peak_of(together) < CANCELLED * peak_of(alone):
            return alone, True
    return together, False


def peak_of(y: np.ndarray) -> float:
    """Return the largest absolute sample; NaN if any is NaN, 0 for an empty array."""
    return max(float(y.max()), -float(y.min())) if len(y) else 0.0


def _join(parts: list[np.ndarray]) -> np.ndarray:
    """Join blocks of one channel."""
    return parts[0] if len(parts) == 1 else np.concatenate(parts) if parts else np.zeros(0, np.float32)

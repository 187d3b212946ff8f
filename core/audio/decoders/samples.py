"""Decoded frames of FFmpeg as float32 arrays."""

from typing import Any

import numpy as np

from core.audio.decoders.decoder_errors import as_audio_error


def as_floats(frame: Any) -> np.ndarray:
    """Return a decoded frame as float32 of shape (samples, channels), full scale 1."""
    with as_audio_error(
        f"holds samples in a format ({frame.format.name}) that can't be converted", details=False
    ):
        y = frame.to_ndarray()
    y = y.T if frame.format.is_planar else y.reshape(-1, frame.layout.nb_channels)
    if y.dtype == np.uint8:
        return (y.astype(np.float32) - 128) / 128
    if np.issubdtype(y.dtype, np.integer):
        return y.astype(np.float32) / -float(np.iinfo(y.dtype).min)
    return y.astype(np.float32, copy=False)


def match_channels(y: np.ndarray, channels: int) -> np.ndarray:
    """Return frames with that many channels: their mean in each, if they have another number.

    Parameters
    ----------
    y : ndarray, shape=(n, any number)

    Returns
    -------
    ndarray, shape=(n, channels)
    """
    if y.shape[1] == channels:
        return y
    return np.repeat(y.mean(axis=1, keepdims=True), channels, axis=1).astype(y.dtype)

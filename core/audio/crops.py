"""Evenly spaced crops of a track."""

import os

import numpy as np

from core.audio.audio_file import is_audible
from core.audio.decode import open_audio
from core.errors import AudioError


def crop_starts(length: int, size: int, n_crops: int) -> list[int]:
    """Return the starts of ``n_crops`` crops of ``size`` in ``length`` (samples or spectrogram frames).

    The track is divided into equal parts and each crop is centred in its part; one crop is the centre crop.
    Crops overlap where the track is short, and all start at 0 where it is shorter than a crop.

    >>> crop_starts(100, 20, 1), crop_starts(90, 20, 3), crop_starts(10, 20, 2)
    ([40], [5, 35, 65], [0, 0])
    """
    room = max(length - size, 0)
    return [
        min(max(((2 * i + 1) * length - n_crops * size) // (2 * n_crops), 0), room) for i in range(n_crops)
    ]


def read_crops(
    path: str | os.PathLike, *, sr: int, n_samples: int, n_crops: int, hop_length: int = 1, lead: int = 0
) -> tuple[np.ndarray, int]:
    """Read evenly spaced crops of a track as mono at ``sr``.

    Parameters
    ----------
    n_samples : int
        Samples in a crop, ``lead`` on both sides included.
    n_crops : int
        1 is the centre crop.
    hop_length : int
        Crops start at multiples of this, so that their spectrogram frames are frames of the whole track's.
    lead : int
        Samples before the first frame's centre, as an STFT needs (``n_fft // 2``); zero before the start of
        the audio, as librosa pads.

    Returns
    -------
    crops : ndarray of float32, shape=(n_crops, n_samples)
        Zero after the end of a short track.
    length : int
        Samples of the whole track at ``sr``.

    Raises
    ------
    AudioError
        With the reason, where the file can't be read or all of its crops are silent.
    """
    with open_audio(path) as audio:
        length = audio.length(sr)
        # A track of N samples has 1 + N // hop frames when frames are centred; crops are counted in them.
        n_frames = 1 + length // hop_length if lead else length // hop_length
        frames_in_crop = 1 + (n_samples - 2 * lead) // hop_length if lead else n_samples // hop_length
        starts = crop_starts(n_frames, frames_in_crop, n_crops)
        read = {
            start: audio.read(start * hop_length - lead, n_samples, sr) for start in dict.fromkeys(starts)
        }
        if not any(is_audible(y) for y in read.values()):
            where = ", ".join(f"{start * hop_length / sr:.0f} s" for start in read)
            raise AudioError(f"silent where it is read ({n_samples / sr:.1f} s from {where})")
        return np.stack([read[start] for start in starts]), length

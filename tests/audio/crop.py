"""A crop in seconds, read the way that extraction reads."""

import numpy as np

from core.audio.decode import open_audio


def read_crop(path, start_s: float, duration_s: float, sr: int) -> np.ndarray:
    with open_audio(path) as sound:
        return sound.read(round(start_s * sr), round(duration_s * sr), sr)

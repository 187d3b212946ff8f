"""Cached audio of reconstructions: Griffin–Lim takes longer than the model."""

import io
from collections.abc import Iterable

import numpy as np

from core import store
from core.reconstruction.inpaint import Inpainting
from core.reconstruction.latent_walk import Walk
from core.reconstruction.reconstruction import Reconstruction
from core.store.hashing.source import source_hash


def render_wav(result: Inpainting | Reconstruction | Walk, names: Iterable[str]) -> dict[str, bytes]:
    """Return spectrograms of a result as WAV files, by name; cached by their content.

    Parameters
    ----------
    names : iterable of str
        Among the keys of ``result.to_audio()``.
    """
    names = list(names)
    if result.scale is None:
        raise TypeError("a vector can't be rendered as audio")
    code = source_hash(type(result))

    def make() -> np.ndarray:
        audio = result.to_audio()
        return np.stack([audio[name] for name in names])

    signals = store.cached("sounds", store.key_of(result, names, code), make)
    return {name: to_wav(y, result.scale.sr) for name, y in zip(names, signals)}


def to_wav(y: np.ndarray, sr: int) -> bytes:
    """Return a signal as a 16-bit WAV file without changing its level."""
    import soundfile as sf

    file = io.BytesIO()
    sf.write(file, y, sr, format="WAV", subtype="PCM_16")
    return file.getvalue()

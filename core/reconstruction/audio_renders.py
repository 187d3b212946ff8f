"""What a model draws of a track as sounds, made once per drawing: Griffin–Lim takes longer than the drawing itself."""

from collections.abc import Iterable

import numpy as np

from core import store
from core.reconstruction.inpaint import Inpainted
from core.reconstruction.peak_level import to_wav
from core.reconstruction.reconstruct import Redrawn
from core.store.source import source_hash


def sounds_of(found: Inpainted | Redrawn, names: Iterable[str]) -> dict[str, bytes]:
    """Return sounds of a drawing as WAV files, by name; kept by what is drawn, whichever checkpoint drew it.

    Parameters
    ----------
    names : iterable of str
        Of what ``found.sounds()`` gives.
    """
    names = list(names)
    key = store.key_of(found, names, source_hash(type(found)))

    def make() -> np.ndarray:
        sounds = found.sounds()
        return np.stack([sounds[name] for name in names])

    return {name: to_wav(y, found.scale.sr) for name, y in zip(names, store.cached("sounds", key, make))}

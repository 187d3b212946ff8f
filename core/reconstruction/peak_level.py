"""One loudness for all sounds of a comparison, and sounds as files that a browser plays."""

import io

import numpy as np

from core.errors import AudioError

PEAK = 0.89
"""Where the loudest sample of a comparison comes to lie: 1 dB below full scale, so that nothing is cut."""


def match_level(sounds: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the sounds, all multiplied by one number, so that the loudest sample of all lies 1 dB below full scale.

    Which of them is louder stays to be heard; silence stays silence.

    Raises
    ------
    AudioError
        When a sound holds NaN or infinite samples.
    """
    bad = [name for name, y in sounds.items() if not np.isfinite(y).all()]
    if bad:
        raise AudioError(
            f"{', '.join(bad)}: the spectrogram holds values that no sound has (NaN or infinite)"
        )
    peak = max((float(np.abs(y).max(initial=0)) for y in sounds.values()), default=0.0)
    gain = PEAK / peak if peak > 0 else 1.0
    return {name: (y * np.float32(gain)).astype(np.float32) for name, y in sounds.items()}


def to_wav(y: np.ndarray, sr: int) -> bytes:
    """Return a sound as a 16-bit WAV file, its level untouched."""
    import soundfile as sf

    file = io.BytesIO()
    sf.write(file, y, sr, format="WAV", subtype="PCM_16")
    return file.getvalue()

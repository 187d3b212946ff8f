"""Peak normalisation with one gain for several signals, and WAV encoding for browsers."""

import io

import numpy as np

from core.errors import AudioError

PEAK = 0.89
"""Peak after normalisation: -1 dBFS, so that nothing clips."""


def normalise_peak(signals: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return signals multiplied by one common gain, so that the highest peak is -1 dBFS.

    Level differences between them remain; silence stays silence.

    Raises
    ------
    AudioError
        When a signal holds NaN or infinite samples.
    """
    bad = [name for name, y in signals.items() if not np.isfinite(y).all()]
    if bad:
        raise AudioError(f"{', '.join(bad)}: the spectrogram gives NaN or infinite samples")
    peak = max((float(np.abs(y).max(initial=0)) for y in signals.values()), default=0.0)
    gain = PEAK / peak if peak > 0 else 1.0
    return {name: (y * np.float32(gain)).astype(np.float32) for name, y in signals.items()}


def to_wav(y: np.ndarray, sr: int) -> bytes:
    """Return a signal as a 16-bit WAV file without changing its level."""
    import soundfile as sf

    file = io.BytesIO()
    sf.write(file, y, sr, format="WAV", subtype="PCM_16")
    return file.getvalue()

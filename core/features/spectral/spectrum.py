"""Spectral shape descriptors, from a power spectrogram that is computed once."""

from typing import Any

import numpy as np

from core.features.spectral.mel import AMIN

ROLLOFF = 0.85
"""Share of the magnitude below the roll-off."""
LOWEST_OCTAVE_HZ, N_OCTAVES, QUANTILE = 200.0, 6, 0.02
"""Bands of the spectral contrast, and the share of bins taken as peaks and valleys, as in librosa."""
THINNED = 4
"""Roll-off and contrast use every fourth frame, eleven a second: this halves the time in all."""
TOP_DB = 80.0
"""Decibels below the strongest frequency that count as silence."""


def describe_shape(power: np.ndarray, sr: int) -> dict[str, float]:
    """Compute mean centroid, bandwidth, roll-off, flatness and contrast, and the highest frequency.

    With ``m = sqrt(power)``: centroid ``Σ f m / Σ m``; bandwidth ``sqrt(Σ (f - centroid)² m / Σ m)``;
    roll-off, the lowest f below which 85 % of Σ m is; flatness, the geometric mean of the power over its
    arithmetic mean. Equal to librosa's ``spectral_…(S=m)`` averaged; roll-off and contrast over every fourth
    frame.

    Parameters
    ----------
    power : ndarray of float32, shape=(1 + n_fft // 2, n_frames)
        Without silent frames.

    Returns
    -------
    dict
        ``brightness_hz, bandwidth_hz, rolloff_hz, flatness, contrast_db, top_hz``.
    """
    import torch

    with torch.inference_mode():
        P = torch.from_numpy(power)
        f = torch.linspace(0, sr / 2, len(P))
        m = P.sqrt()
        total = m.sum(dim=0).clamp_(min=1e-20)
        centroid = f @ m / total
        spread = ((f * f).double() @ m.double() / total - centroid.double().square()).clamp_(min=0).sqrt()
        thin = m[:, ::THINNED].contiguous()
        reached = (thin.cumsum(dim=0) >= ROLLOFF * thin.sum(dim=0)).int().argmax(dim=0)
        clamped = P.clamp(min=AMIN)
        flatness = clamped.log().mean(dim=0).exp() / clamped.mean(dim=0)
        mean_power = P.mean(dim=1)
        top = torch.nonzero(mean_power >= mean_power.max() * 10 ** (-TOP_DB / 10)).max()
        return {
            "brightness_hz": float(centroid.mean()),
            "bandwidth_hz": float(spread.mean()),
            "rolloff_hz": float(f[reached].mean()),
            "flatness": float(flatness.mean()),
            "contrast_db": float(_contrast(thin, f).mean()),
            "top_hz": float(f[top]),
        }


def _contrast(m: Any, f: Any) -> Any:
    """Compute the spectral contrast of a magnitude spectrogram, tensor of shape (7, n_frames), dB.

    Twice librosa's values, which convert magnitudes to dB as if they were power.

    References
    ----------
    Jiang et al., "Music type classification by spectral contrast feature", ICME 2002.
    """
    import torch

    edges = [0.0, *(LOWEST_OCTAVE_HZ * 2.0**k for k in range(N_OCTAVES + 1))]
    rows = []
    for k, (low, high) in enumerate(zip(edges, edges[1:])):
        inside = torch.nonzero((f >= low) & (f <= high)).flatten()
        if not len(inside):
            continue
        first, last = int(inside[0]), int(inside[-1]) + 1
        first -= k > 0  # librosa's bands share a bin with the one below
        last = len(f) if k == N_OCTAVES else last
        n = max(1, round(QUANTILE * (last - first)))
        band = m[first : last - (k < N_OCTAVES)]
        peaks, valleys = (
            band.topk(n, dim=0, largest=largest).values.mean(dim=0) for largest in (True, False)
        )
        rows.append(20 * (peaks.clamp_(min=1e-5).log10() - valleys.clamp_(min=1e-5).log10()))
    return torch.stack(rows)

"""From mel power to a sound: first the spectrum behind the mel bands, then the phase that nobody kept.

Many spectra give the same mel power, and many sounds the same spectrum, so what comes out is one of them: its
mel spectrogram is near the one it was made from, while single partials blur where bands are wide, and a voice
sounds hollow.
"""

import numpy as np

from core.reconstruction.spectrogram_scale import Scale

STEPS = 50
"""Richardson–Lucy steps. For 128 x 512 frames of music they take 0.07 s and leave 0.25 dB (root mean square, bins within 60 dB of the peak);
librosa's least squares (mel_to_stft) takes 7 s and leaves 19 dB, because squares of power don't see what is quiet."""
N_ITER, MOMENTUM = 32, 0.99
"""Steps and momentum of Griffin–Lim."""
TINY = 1e-20


def to_sound(x: np.ndarray, scale: Scale, *, seed: int = 0) -> np.ndarray:
    """Return a sound whose spectrogram is near ``x``.

    Parameters
    ----------
    x : ndarray, shape=(n_mels, n_frames)
        In the extractor's units; nan is heard as silence.
    seed : int
        Of the phases that Griffin–Lim begins with: the same seed, the same sound.

    Returns
    -------
    ndarray of float32, shape=((n_frames - 1) * hop_length,)
        From the middle of the first frame to the middle of the last.

    References
    ----------
    Griffin and Lim, "Signal estimation from modified short-time Fourier transform", IEEE TASSP 32(2), 1984;
    Perraudin, Balazs and Søndergaard, "A fast Griffin–Lim algorithm", WASPAA 2013 (the momentum).
    """
    power = unfold_mel(scale.to_power(x), scale.filters)  # (n_bins, n_frames)
    return find_phase(np.sqrt(power / scale.lift()[:, None]), scale, seed=seed)


def find_phase(S: np.ndarray, scale: Scale, *, seed: int = 0) -> np.ndarray:
    """Return a sound whose STFT has magnitudes near S, by fast Griffin–Lim.

    The phases of a sound's STFT are taken over in turn, each time carried on in the direction in which they
    went: ``phase ← ∠(STFT(ISTFT(S · phase)) - momentum / (1 + momentum) · the one before)``.

    Parameters
    ----------
    S : ndarray of float32, shape=(n_bins, n_frames)

    Returns
    -------
    ndarray of float32, shape=((n_frames - 1) * hop_length,)
    """
    import torch

    shape = {
        "n_fft": scale.n_fft,
        "hop_length": scale.hop_length,
        "win_length": scale.win_length,
        "window": torch.hann_window(scale.win_length),
    }
    with torch.inference_mode():
        S = torch.from_numpy(np.ascontiguousarray(S, np.float32))
        by_chance = torch.rand(S.shape, generator=torch.Generator().manual_seed(seed))
        phase, before = torch.polar(torch.ones_like(S), 2 * torch.pi * by_chance), 0.0
        for _ in range(N_ITER):
            found = torch.stft(
                torch.istft(S * phase, **shape), pad_mode="constant", return_complex=True, **shape
            )
            phase = found - MOMENTUM / (1 + MOMENTUM) * before
            phase, before = phase / phase.abs().clamp_min(1e-12), found
        return torch.istft(S * phase, **shape).numpy()


def unfold_mel(power: np.ndarray, filters: np.ndarray, steps: int = STEPS) -> np.ndarray:
    """Return a power spectrum, nowhere negative, whose mel power is near ``power``.

    Minimises the generalised Kullback–Leibler divergence of ``filters @ S`` from ``power`` by multiplying,
    which keeps S positive and treats loud and quiet bands alike: ``S ← S · filtersᵀ(power / filters S) /
    filtersᵀ1``.

    Parameters
    ----------
    power : ndarray, shape=(n_mels, n_frames)
    filters : ndarray, shape=(n_mels, n_bins)

    Returns
    -------
    ndarray of float32, shape=(n_bins, n_frames)
        0 in bins that no band hears.

    References
    ----------
    Richardson, "Bayesian-based iterative method of image restoration", 1972; Lucy 1974; Lee and Seung 2001
    with one factor fixed.
    """
    from scipy.sparse import csr_matrix

    W = csr_matrix(np.asarray(filters, np.float32))  # two bands hear a bin at most: 60 times fewer products
    heard_by = W.T.tocsr()
    weight = np.asarray(heard_by.sum(axis=1), np.float32)  # (n_bins, 1)
    weight[weight <= 0] = np.inf
    share = np.asarray(W.multiply(W).sum(axis=1), np.float32)
    S = np.maximum(heard_by @ (power / np.maximum(share, TINY)).astype(np.float32), TINY)
    for _ in range(steps):
        S *= (heard_by @ (power / np.maximum(W @ S, TINY))) / weight
    return S

"""Augmentation of log-mel spectrograms for self-supervised models of two views of a clip.

Spectrograms x have shape (n, n_mels, n_frames). One unit of x is ``unit_db`` decibels: 20 for ``clip``, which
isn't normalised in loudness. A ``mel`` crop is standardised on its own, so its level and unit are unknown
(``unit_db=0``), and gain and noise, which need them, are omitted.

Each transform is a function of x and of one amount per clip; :func:`augment` samples the amounts from torch's
random state. Spijkervet and Burgoyne, "Contrastive Learning of Musical Representations", ISMIR 2021, use
crop, gain, noise, filters and pitch shift on waveforms; masks are those of Park et al., "SpecAugment", 2019,
without the time warp.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from core.config import Config, setting
from core.features.spectral.clip import CENTRE_DB, UNIT_DB

NEPERS = math.log(10) / 10
"""Natural logarithm of power per decibel."""
QUIETER_DB = 20.0
"""Range of the signal-to-noise ratio above ``snr_db``."""


@dataclass(frozen=True)
class AugmentConfig(Config):
    """Ranges of the augmentation, sampled uniformly per clip and view.

    A mel band of ``clip`` is about 0.8 semitones above 1 kHz; below, where bands are linear in Hz, a shift by
    bands is no exact transposition.
    """

    crop: float = setting(
        0.6,
        above=0,
        high=1,
        title="Crop length",
        help="Share of a clip's frames that each view keeps, from a random position.",
    )
    pitch_shift: int = setting(
        1,
        low=0,
        high=12,
        title="Pitch shift (mel bands)",
        help="Largest shift of a view up or down in mel bands, each a little less than a semitone.",
    )
    gain_db: float = setting(
        6.0,
        low=0,
        high=40,
        title="Gain (dB)",
        help="Largest change of a view's level up or down, in decibels; without effect on standardised "
        "spectrograms.",
    )
    snr_db: float = setting(
        10.0,
        low=0,
        high=100,
        title="Signal-to-noise ratio (dB)",
        help="Least signal-to-noise ratio of the white noise added to a view, in decibels (the greatest is "
        "20 dB above); without effect on standardised spectrograms.",
    )
    time_mask: float = setting(
        0.2,
        low=0,
        below=1,
        title="Time mask",
        help="Widest share of a view's frames that is masked. *SpecAugment, Park et al. 2019*",
    )
    frequency_mask: float = setting(
        0.2,
        low=0,
        below=1,
        title="Frequency mask",
        help="Widest share of a view's mel bands that is masked. *SpecAugment, Park et al. 2019*",
    )
    unit_db: float = setting(
        UNIT_DB,
        low=0,
        high=1000,
        filled_in=True,
        title="Scale of the input (dB)",
        help="Decibels of one unit of the input.",
    )
    floor: float = setting(
        (-60.0 - CENTRE_DB) / UNIT_DB,
        filled_in=True,
        title="Silence in the input",
        help="Value of the input that stands for silence.",
    )


def decibel_scale(reads: dict) -> tuple[float, float]:
    """Return ``unit_db`` and ``floor`` of an input by its extractor's name and config."""
    if not reads["name"].startswith("clip"):
        return 0.0, 0.0
    return UNIT_DB, (reads["config"].get("floor_db", -60.0) - CENTRE_DB) / UNIT_DB


def augment(x: Tensor, config: AugmentConfig) -> Tensor:
    """Return one random view per clip, (n, n_mels, round(crop * n_frames))."""
    n, n_mels, n_frames = x.shape
    length = max(1, round(config.crop * n_frames))
    x = crop_frames(x, _sample_integer(n_frames - length, x), length)
    if config.pitch_shift:
        x = shift_pitch(x, _sample_integer(2 * config.pitch_shift, x) - config.pitch_shift)
    if config.unit_db:
        x = change_gain(
            x, config.gain_db * (2 * _sample_uniform(x) - 1), unit_db=config.unit_db, floor=config.floor
        )
        x = add_noise(x, config.snr_db + QUIETER_DB * _sample_uniform(x), unit_db=config.unit_db)
    for axis, share, size in ((1, config.frequency_mask, n_mels), (2, config.time_mask, length)):
        if most := int(share * size):
            width = _sample_integer(most, x)
            x = mask(x, axis, (_sample_uniform(x) * (size - width + 1)).long(), width)
    return x


def crop_frames(x: Tensor, start: Tensor, n_frames: int) -> Tensor:
    """Return frames start to start + n_frames of each clip; start has shape (n,)."""
    index = start[:, None] + torch.arange(n_frames, device=x.device)  # (n, n_frames)
    return x.gather(2, index[:, None].expand(-1, x.shape[1], -1))


def shift_pitch(x: Tensor, bands: Tensor) -> Tensor:
    """Shift each clip up by mel bands (n,), down where negative, repeating the outermost band."""
    rows = (torch.arange(x.shape[1], device=x.device) - bands[:, None]).clamp(
        0, x.shape[1] - 1
    )  # (n, n_mels)
    return x.gather(1, rows[:, :, None].expand(-1, -1, x.shape[2]))


def change_gain(x: Tensor, gain_db: Tensor, *, unit_db: float, floor: float) -> Tensor:
    """Add a gain in decibels (n,) to each clip; silence stays silent and levels are clipped at the floor."""
    louder = x + (gain_db / unit_db)[:, None, None]
    return torch.where(x > floor, louder.clamp_min(floor), x)


def add_noise(x: Tensor, snr_db: Tensor, *, unit_db: float) -> Tensor:
    """Add white noise in power: ``10 log10(10^(x/10) + 10^(noise/10))`` in decibels.

    The noise is ``snr_db``, shape (n,), below the clip's mean power and equal in all bands, as white noise is
    after filters of equal area.
    """
    nepers = x * unit_db * NEPERS  # (n, n_mels, n_frames), log power
    mean = nepers.flatten(1).logsumexp(1) - math.log(x[0].numel())
    noise = mean - snr_db * NEPERS
    return torch.logaddexp(nepers, noise[:, None, None].expand_as(nepers)) / (unit_db * NEPERS)


def mask(x: Tensor, axis: int, start: Tensor, width: Tensor) -> Tensor:
    """Replace bands (axis 1) or frames (axis 2) start to start + width, each (n,), by the clip's mean."""
    place = torch.arange(x.shape[axis], device=x.device)
    hidden = (place >= start[:, None]) & (place < (start + width)[:, None])  # (n, size of the axis)
    return torch.where(hidden.unsqueeze(3 - axis), x.mean((1, 2), keepdim=True), x)


def _sample_uniform(x: Tensor) -> Tensor:
    """Sample a number in [0, 1) per clip."""
    return torch.rand(len(x), device=x.device)


def _sample_integer(most: int, x: Tensor) -> Tensor:
    """Sample an integer in [0, most] per clip."""
    return torch.randint(most + 1, (len(x),), device=x.device)

"""Two views of one clip: changes of a log-mel spectrogram that leave the music what it is.

Spectrograms x have shape (n, n_mels, n_frames). One unit of x is ``unit_db`` decibels: 20 for ``clip``, which
keeps its loudness. A ``mel`` crop is standardised on its own, so its level and its unit are unknown
(``unit_db=0``): gain has no meaning there and would shift what is centred, noise has no level to be added at,
and both are left out.

Each change is a function of x and of one amount per clip; :func:`augment` draws the amounts from torch's
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
"""Noise lies between ``snr_db`` and this much more below the clip."""


@dataclass(frozen=True)
class AugmentConfig(Config):
    """How far two views of a clip may differ; each amount is drawn uniformly, per clip and view.

    A mel band of ``clip`` is about 0.8 semitones above 1 kHz; below, where bands lie evenly in Hz, a pitch
    shift is no exact transposition.
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


def units_of(reads: dict) -> dict[str, float]:
    """Return ``unit_db`` and ``floor`` of what a model reads; ``reads`` is the extractor's name and config."""
    if not reads["name"].startswith("clip"):
        return {"unit_db": 0.0, "floor": 0.0}
    return {"unit_db": UNIT_DB, "floor": (reads["config"].get("floor_db", -60.0) - CENTRE_DB) / UNIT_DB}


def augment(x: Tensor, config: AugmentConfig) -> Tensor:
    """Return one random view per clip, (n, n_mels, round(crop * n_frames))."""
    n, n_mels, n_frames = x.shape
    kept = max(1, round(config.crop * n_frames))
    x = crop_frames(x, _whole(n_frames - kept, x), kept)
    if config.pitch_shift:
        x = shift_pitch(x, _whole(2 * config.pitch_shift, x) - config.pitch_shift)
    if config.unit_db:
        x = change_gain(x, config.gain_db * (2 * _share(x) - 1), unit_db=config.unit_db, floor=config.floor)
        x = add_noise(x, config.snr_db + QUIETER_DB * _share(x), unit_db=config.unit_db)
    for axis, share, size in ((1, config.frequency_mask, n_mels), (2, config.time_mask, kept)):
        if most := int(share * size):
            width = _whole(most, x)
            x = mask(x, axis, (_share(x) * (size - width + 1)).long(), width)
    return x


def crop_frames(x: Tensor, start: Tensor, n_frames: int) -> Tensor:
    """Return frames start to start + n_frames of each clip; start has shape (n,)."""
    index = start[:, None] + torch.arange(n_frames, device=x.device)  # (n, n_frames)
    return x.gather(2, index[:, None].expand(-1, x.shape[1], -1))


def shift_pitch(x: Tensor, bands: Tensor) -> Tensor:
    """Move each clip up by whole mel bands (down where negative), shape (n,); the last band repeats where none comes in."""
    rows = (torch.arange(x.shape[1], device=x.device) - bands[:, None]).clamp(
        0, x.shape[1] - 1
    )  # (n, n_mels)
    return x.gather(1, rows[:, :, None].expand(-1, -1, x.shape[2]))


def change_gain(x: Tensor, gain_db: Tensor, *, unit_db: float, floor: float) -> Tensor:
    """Make each clip louder by so many decibels, shape (n,); silence stays silence, and what falls below the floor becomes it."""
    louder = x + (gain_db / unit_db)[:, None, None]
    return torch.where(x > floor, louder.clamp_min(floor), x)


def add_noise(x: Tensor, snr_db: Tensor, *, unit_db: float) -> Tensor:
    """Add white noise in power: ``10 log10(10^(x/10) + 10^(noise/10))`` in decibels.

    The noise lies ``snr_db``, shape (n,), below the clip's mean power, equal in all bands, as white noise is
    behind filters of equal area.
    """
    nepers = x * unit_db * NEPERS  # (n, n_mels, n_frames), log power
    mean = nepers.flatten(1).logsumexp(1) - math.log(x[0].numel())
    noise = mean - snr_db * NEPERS
    return torch.logaddexp(nepers, noise[:, None, None].expand_as(nepers)) / (unit_db * NEPERS)


def mask(x: Tensor, axis: int, start: Tensor, width: Tensor) -> Tensor:
    """Hide bands (axis 1) or frames (axis 2) start to start + width, each (n,), behind the clip's mean."""
    place = torch.arange(x.shape[axis], device=x.device)
    hidden = (place >= start[:, None]) & (place < (start + width)[:, None])  # (n, size of the axis)
    return torch.where(hidden.unsqueeze(3 - axis), x.mean((1, 2), keepdim=True), x)


def _share(x: Tensor) -> Tensor:
    """Draw a number in [0, 1) per clip."""
    return torch.rand(len(x), device=x.device)


def _whole(most: int, x: Tensor) -> Tensor:
    """Draw a whole number in [0, most] per clip."""
    return torch.randint(most + 1, (len(x),), device=x.device)

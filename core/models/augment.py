"""Two views of one clip: changes of a log-mel spectrogram that leave the music what it is.

Spectrograms x have shape (n, n_mels, n_frames). One unit of x is ``unit_db`` decibels: 20 for ``clip``, which keeps its
loudness. A ``mel`` crop is standardised on its own, so its level and its unit are unknown (``unit_db=0``): gain has no meaning
there and would shift what is centred, noise has no level to be added at, and both are left out.

Each change is a function of x and of one amount per clip; :func:`augment` draws the amounts from torch's random state.
Spijkervet and Burgoyne, "Contrastive Learning of Musical Representations", ISMIR 2021, use crop, gain, noise, filters and pitch
shift on waveforms; masks are those of Park et al., "SpecAugment", 2019, without the time warp.
"""

import math
from dataclasses import dataclass, field

import torch
from torch import Tensor

from core.errors import ConfigError
from core.features.clip import CENTRE_DB, UNIT_DB

NEPERS = math.log(10) / 10
"""Natural logarithm of power per decibel."""
QUIETER_DB = 20.0
"""Noise lies between ``snr_db`` and this much more below the clip."""


@dataclass(frozen=True)
class AugmentConfig:
    """How far two views of a clip may differ; each amount is drawn evenly from its range, per clip and view.

    Parameters
    ----------
    crop : float
        Share of a clip's frames in a view, (0, 1], from a random place: the time shift. 1 takes the whole clip.
    pitch_shift : int
        Most mel bands up or down. A band of ``clip`` is about 0.8 semitones above 1 kHz; below, where bands lie evenly in Hz,
        a shift is no exact transposition.
    gain_db : float
        Most decibels louder or quieter.
    snr_db : float
        Least signal-to-noise ratio of the white noise that is added; the most is 20 dB above. 100 is as good as none.
    time_mask, frequency_mask : float
        Widest share, [0, 1), of a view's frames and bands that is hidden behind the view's mean.
    unit_db, floor : float
        Decibels of one unit, and the number that stands for silence; known from the input.
    """

    crop: float = 0.6
    pitch_shift: int = 1
    gain_db: float = 6.0
    snr_db: float = 10.0
    time_mask: float = 0.2
    frequency_mask: float = 0.2
    unit_db: float = field(default=UNIT_DB, metadata={"filled_in": True})
    floor: float = field(default=(-60.0 - CENTRE_DB) / UNIT_DB, metadata={"filled_in": True})

    def __post_init__(self):
        if not 0 < self.crop <= 1:
            raise ConfigError(f"crop={self.crop} must lie in (0, 1]: it is the share of a clip's frames that a view keeps")
        if not isinstance(self.pitch_shift, int) or not 0 <= self.pitch_shift <= 12:
            raise ConfigError(f"pitch_shift={self.pitch_shift} must be a whole number of mel bands, 0 to 12")
        for name, most in (("gain_db", 40), ("snr_db", 100), ("unit_db", 1000)):
            if not 0 <= getattr(self, name) <= most:
                raise ConfigError(f"{name}={getattr(self, name)} must lie in [0, {most}] decibels")
        for name in ("time_mask", "frequency_mask"):
            if not 0 <= getattr(self, name) < 1:
                raise ConfigError(f"{name}={getattr(self, name)} must lie in [0, 1): it is the widest share that is hidden")


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
    rows = (torch.arange(x.shape[1], device=x.device) - bands[:, None]).clamp(0, x.shape[1] - 1)  # (n, n_mels)
    return x.gather(1, rows[:, :, None].expand(-1, -1, x.shape[2]))


def change_gain(x: Tensor, gain_db: Tensor, *, unit_db: float, floor: float) -> Tensor:
    """Make each clip louder by so many decibels, shape (n,); silence stays silence, and what falls below the floor becomes it."""
    louder = x + (gain_db / unit_db)[:, None, None]
    return torch.where(x > floor, louder.clamp_min(floor), x)


def add_noise(x: Tensor, snr_db: Tensor, *, unit_db: float) -> Tensor:
    """Add white noise in power: ``10 log10(10^(x/10) + 10^(noise/10))`` in decibels.

    The noise lies ``snr_db``, shape (n,), below the clip's mean power, equal in all bands, as white noise is behind filters
    of equal area.
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

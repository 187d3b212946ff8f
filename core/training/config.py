"""What can be set about a training run."""

import math
from dataclasses import dataclass

from core.errors import ConfigError


@dataclass(frozen=True)
class TrainConfig:
    """Settings of the training loop; each model brings its own defaults.

    Parameters
    ----------
    epochs : int
        Passes over all examples.
    batch_size : int
    lr : float
        Adam's learning rate.
    weight_decay : float
        Adam's L2 penalty.
    clip_norm : float
        Gradients longer than this are shortened to it; 0 leaves them. The losses here are means near 1, whose
        gradients are far shorter: only a wild step is held back.
    held_out : float
        Share of the tracks, 0 to 0.5, kept from training; the epoch with the least loss on them is the one that
        is kept. 0 (default) trains on every track and keeps the last epoch, as the papers did: a map of a
        collection is wanted of that very collection, and the latents are scored by clustering, not by loss.
    patience : int
        With ``held_out``: stop after so many epochs without a better one; 0 runs all epochs.
    seed : int
        Same seed, same result (on the same kind of machine with as many threads).
    """

    epochs: int = 25
    batch_size: int = 16
    lr: float = 1e-3
    weight_decay: float = 0.0
    clip_norm: float = 5.0
    held_out: float = 0.0
    patience: int = 0
    seed: int = 0

    def __post_init__(self):
        for name, least in (("epochs", 1), ("batch_size", 1), ("patience", 0), ("seed", 0)):
            value = getattr(self, name)
            if not isinstance(value, int) or value < least:
                raise ConfigError(f"{name}={value} must be a whole number, {least} or more")
        if not 0 < self.lr < math.inf:
            raise ConfigError(f"lr={self.lr} must be above 0")
        for name in ("weight_decay", "clip_norm"):
            if not 0 <= getattr(self, name) < math.inf:
                raise ConfigError(f"{name}={getattr(self, name)} must be 0 or more")
        if not 0 <= self.held_out <= 0.5:
            raise ConfigError(
                f"held_out={self.held_out} must lie in [0, 0.5]: it is the share of tracks kept from training"
            )
        if self.patience and not self.held_out:
            raise ConfigError(
                f"patience={self.patience} needs held_out above 0: the loss on kept-out tracks decides when to stop"
            )

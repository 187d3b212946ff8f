"""What can be set about a training run."""

import math
from dataclasses import dataclass
from typing import Literal

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
    halve_from, halve_every : int
        The learning rate is halved in epoch ``halve_from`` and every ``halve_every`` epochs after it; 0 (both) never.
    beta1, beta2 : float
        Adam's memory of the gradient and of its square.
    weight_decay : float
        Adam's L2 penalty.
    clip_norm : float
        Gradients longer than this are shortened to it; 0 leaves them. The losses here are means near 1, whose
        gradients are far shorter: only a wild step is held back.
    held_out : float
        Share of the tracks, 0 to 0.5, kept from training; the epoch with the least loss on them is the one that
        is kept. 0 (default) trains on every track and keeps the last epoch, as the papers did: a map of a
        collection is wanted of that very collection, and the latents are scored by clustering, not by loss.
    keep : {"best", "last"}
        With ``held_out``: ``last`` only watches the tracks held out and keeps the last epoch, as is wanted where the loss is a sum of
        parts of which one is learnt by heart long before another is learnt at all.
    patience : int
        With ``held_out``: stop after so many epochs without a better one; 0 runs all epochs.
    seed : int
        Same seed, same result (on the same kind of machine with as many threads).
    """

    epochs: int = 25
    batch_size: int = 16
    lr: float = 1e-3
    halve_from: int = 0
    halve_every: int = 0
    beta1: float = 0.9
    beta2: float = 0.999
    weight_decay: float = 0.0
    clip_norm: float = 5.0
    held_out: float = 0.0
    keep: Literal["best", "last"] = "best"
    patience: int = 0
    seed: int = 0

    def __post_init__(self):
        for name, least in (("epochs", 1), ("batch_size", 1), ("halve_from", 0), ("halve_every", 0), ("patience", 0), ("seed", 0)):
            value = getattr(self, name)
            if not isinstance(value, int) or value < least:
                raise ConfigError(f"{name}={value} must be a whole number, {least} or more")
        if not 0 < self.lr < math.inf:
            raise ConfigError(f"lr={self.lr} must be above 0")
        if bool(self.halve_from) != bool(self.halve_every):
            raise ConfigError(f"halve_from={self.halve_from} and halve_every={self.halve_every} go together: both above 0, or both 0")
        for name in ("beta1", "beta2"):
            if not 0 <= getattr(self, name) < 1:
                raise ConfigError(f"{name}={getattr(self, name)} must lie in [0, 1)")
        for name in ("weight_decay", "clip_norm"):
            if not 0 <= getattr(self, name) < math.inf:
                raise ConfigError(f"{name}={getattr(self, name)} must be 0 or more")
        if not 0 <= self.held_out <= 0.5:
            raise ConfigError(
                f"held_out={self.held_out} must lie in [0, 0.5]: it is the share of tracks kept from training"
            )
        if self.keep not in ("best", "last"):
            raise ConfigError(f"keep={self.keep!r} must be best or last")
        if self.keep == "last" and (self.patience or not self.held_out):
            raise ConfigError(f"keep=last is for held_out above 0 without patience, not held_out={self.held_out}, patience={self.patience}")
        if self.patience and not self.held_out:
            raise ConfigError(
                f"patience={self.patience} needs held_out above 0: the loss on kept-out tracks decides when to stop"
            )

    def lr_share(self, epoch: int) -> float:
        """Return the learning rate of an epoch (from 1) as a share of ``lr``.

        >>> [TrainConfig(halve_from=2, halve_every=4).lr_share(epoch) for epoch in (1, 2, 5, 6)]
        [1.0, 0.5, 0.5, 0.25]
        """
        if not self.halve_every or epoch < self.halve_from:
            return 1.0
        return 0.5 ** (1 + (epoch - self.halve_from) // self.halve_every)

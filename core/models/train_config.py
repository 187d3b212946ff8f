"""Settings of the training loop."""

from dataclasses import dataclass
from typing import Literal

from core.config import Config, setting
from core.errors import ConfigError


@dataclass(frozen=True)
class TrainConfig(Config):
    """Settings of the training loop; each model has its own defaults.

    Losses are means near 1, whose gradients are far below ``clip_norm``, which limits outliers alone. Nothing
    is held out by default, as in the papers: latents of this very collection are wanted, and they are scored
    by clustering, not by loss. ``keep="last"`` is for losses of several parts, of which one overfits long
    before another is learnt.
    """

    epochs: int = setting(
        25,
        low=1,
        advanced=False,
        title="Epochs",
        help="Passes over all training examples.",
    )
    batch_size: int = setting(
        16,
        low=1,
        advanced=False,
        title="Batch size",
        help="Training examples per optimizer step.",
    )
    lr: float = setting(
        1e-3,
        above=0,
        advanced=False,
        title="Learning rate",
        help="Learning rate of the Adam optimizer. *Kingma & Ba 2015*",
    )
    halve_from: int = setting(
        0,
        low=0,
        title="Learning rate decay: first epoch",
        help="Epoch in which the learning rate is halved for the first time; 0: never.",
    )
    halve_every: int = setting(
        0,
        low=0,
        title="Learning rate decay: interval",
        help="Epochs from one halving of the learning rate to the next; 0: never.",
    )
    beta1: float = setting(
        0.9,
        low=0,
        below=1,
        title="Adam β₁",
        help="Decay rate of Adam's moving average of the gradient. *Kingma & Ba 2015*",
    )
    beta2: float = setting(
        0.999,
        low=0,
        below=1,
        title="Adam β₂",
        help="Decay rate of Adam's moving average of the squared gradient. *Kingma & Ba 2015*",
    )
    weight_decay: float = setting(
        0.0,
        low=0,
        title="Weight decay",
        help="L2 penalty that Adam adds to the gradient.",
    )
    clip_norm: float = setting(
        5.0,
        low=0,
        title="Gradient clipping norm",
        help="Largest norm of the gradient, to which longer ones are scaled; 0: no clipping. *Pascanu et "
        "al. 2013*",
    )
    held_out: float = setting(
        0.0,
        low=0,
        high=0.5,
        title="Validation share",
        help="Share of the tracks held out from training to measure the validation loss.",
    )
    keep: Literal["best", "last"] = setting(
        "best",
        title="Epoch kept",
        help="With a validation share: the weights of the epoch with the *best* validation loss, or of the "
        "*last*.",
    )
    patience: int = setting(
        0,
        low=0,
        title="Early stopping patience",
        help="With a validation share: epochs without a better validation loss after which training stops; "
        "0: no early stopping.",
    )
    seed: int = setting(
        0,
        low=0,
        title="Random seed",
        help="Seed of every random choice: the same seed gives the same model on the same kind of machine.",
    )

    def __post_init__(self):
        super().__post_init__()
        if bool(self.halve_from) != bool(self.halve_every):
            raise ConfigError(
                f"halve_from={self.halve_from} and halve_every={self.halve_every} go together: both above "
                "0, or both 0"
            )
        if self.keep == "last" and (self.patience or not self.held_out):
            raise ConfigError(
                f"keep=last is for held_out above 0 without patience, not held_out={self.held_out}, "
                f"patience={self.patience}"
            )
        if self.patience and not self.held_out:
            raise ConfigError(
                f"patience={self.patience} needs held_out above 0: the validation loss decides when to stop"
            )

    def lr_share(self, epoch: int) -> float:
        """Return the learning rate of an epoch (from 1) as a share of ``lr``.

        >>> [TrainConfig(halve_from=2, halve_every=4).lr_share(epoch) for epoch in (1, 2, 5, 6)]
        [1.0, 0.5, 0.5, 0.25]
        """
        if not self.halve_every or epoch < self.halve_from:
            return 1.0
        return 0.5 ** (1 + (epoch - self.halve_from) // self.halve_every)

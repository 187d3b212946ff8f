"""BYOL on audio: from one view of a clip, predict what a slowly following copy of the network makes of the other.

Grill et al., "Bootstrap Your Own Latent", NeurIPS 2020; on audio Niizumi et al., "BYOL for Audio", IJCNN
2021. There are no negatives: two clips that sound alike are never pushed apart. That all clips get the same
latents is held off by the predictor, by batch norm and by the copy's slowness, and is looked for after
training (:mod:`core.models.collapse`).

Here the copy follows at a constant rate; the paper raises its momentum from 0.996 to 1 over many thousand
steps.
"""

import copy
from dataclasses import dataclass, replace

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from core.config import setting
from core.models import common_fields as common
from core.models.contrastive.augment import AugmentConfig, augment, units_of
from core.models.contrastive.clip_views import ClipEncoder, head, spread_figures
from core.models.latent_model import LatentModel
from core.models.train_config import TrainConfig


@dataclass(frozen=True)
class BYOLConfig(AugmentConfig):
    """Settings of BYOL; those of the views are :class:`core.models.contrastive.augment.AugmentConfig`'s."""

    latent_dim: int = common.latent_dim(128)
    projection_dim: int = common.projection_dim(64)
    momentum: float = setting(
        0.9,
        low=0,
        below=1,
        title="Target network momentum",
        help="Share of its weights that the target network keeps at each step; 0 copies the online network. "
        "*Grill et al. 2020*",
    )
    channels: tuple[int, ...] = common.channels((16, 32, 64, 128))


class BYOL(LatentModel):
    """BYOL of Grill et al. 2020 over log-mel clips."""

    name = "byol"
    Config = BYOLConfig
    training = TrainConfig(epochs=80, batch_size=32, lr=1e-3)

    def __init__(self, config: BYOLConfig, input_shape: tuple[int, int], n_labels: int = 0):
        super().__init__(config, input_shape, n_labels)
        self.latent_dim = config.latent_dim
        self.encoder = ClipEncoder(self.input_shape[0], config.channels, config.latent_dim)
        self.projector = head(config.latent_dim, config.latent_dim, config.projection_dim)
        self.predictor = head(config.projection_dim, config.latent_dim, config.projection_dim)
        self.target = nn.ModuleDict(
            {"encoder": copy.deepcopy(self.encoder), "projector": copy.deepcopy(self.projector)}
        )
        self.target.requires_grad_(False)

    @classmethod
    def from_pretrained(
        cls, config: BYOLConfig, input_shape: tuple[int, int], n_labels: int, reads: dict
    ) -> "BYOL":
        """Build the model that training starts from, knowing what a unit of its input is."""
        return cls(replace(config, **units_of(reads)), input_shape, n_labels)

    def parameter_groups(self, lr: float) -> list[dict]:
        """Leave the copy out of what the optimizer moves."""
        return [{"params": [p for p in self.parameters() if p.requires_grad], "lr": lr}]

    @torch.no_grad()
    def after_step(self) -> None:
        """Let the copy follow: ξ <- m ξ + (1 - m) θ (Grill et al., equation 1)."""
        for name, follower in self.target.items():
            for ours, theirs in zip(getattr(self, name).parameters(), follower.parameters()):
                theirs.lerp_(ours, 1 - self.config.momentum)

    def encode(self, x: Tensor) -> Tensor:
        """Return the latents, (n, latent_dim), of whole clips (n, n_mels, n_frames)."""
        return self.encoder(x)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return predictions and what they should be, for both views of each clip, each (2n, projection_dim)."""
        one, other = augment(x, self.config), augment(x, self.config)
        predicted = self.predictor(self.projector(self.encoder(torch.cat([one, other]))))
        with torch.no_grad():
            wanted = self.target["projector"](self.target["encoder"](torch.cat([other, one])))
        return predicted, wanted

    def forward_loss(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        """Return total, see :func:`prediction_error`, over both directions."""
        return {"total": prediction_error(*self(batch["x"]))}

    def diagnostics(self, batch: dict[str, Tensor]) -> dict:
        """Return whether the latents tell clips apart, see :func:`core.models.contrastive.clip_views.spread_figures`."""
        return spread_figures(self.encode(batch["x"]))


def prediction_error(predicted: Tensor, wanted: Tensor) -> Tensor:
    """Return the mean over rows of the squared distance of the two unit vectors, ``2 - 2 cos`` (Grill et al., equation 2).

    Shapes (n, d). 0 is perfect, 2 unrelated, 4 opposite. No gradient reaches ``wanted``.
    """
    return (2 - 2 * F.cosine_similarity(predicted.float(), wanted.detach().float(), dim=1)).mean()

"""BYOL on audio: predict a target network's projection of one view of a clip from another view.

Grill et al., "Bootstrap Your Own Latent", NeurIPS 2020; on audio Niizumi et al., "BYOL for Audio", IJCNN
2021. There are no negatives. The predictor, batch norm and the slow target network prevent a collapse of the
latents, which is checked after training (:mod:`core.models.collapse`).

Here the momentum of the target network is constant; the paper raises it from 0.996 to 1 over many thousand
steps.
"""

import copy
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from core.config import setting
from core.models.contrastive.augment import augment
from core.models.contrastive.clip_views import ClipViewsConfig, ClipViewsModel, build_head
from core.models.train_config import TrainConfig


@dataclass(frozen=True)
class BYOLConfig(ClipViewsConfig):
    """Settings of BYOL and of its augmentation."""

    momentum: float = setting(
        0.9,
        low=0,
        below=1,
        title="Target network momentum",
        help="Share of its weights that the target network keeps at each step; 0 copies the online network. "
        "*Grill et al. 2020*",
    )


class BYOL(ClipViewsModel):
    """BYOL of Grill et al. 2020 over log-mel clips."""

    name = "byol"
    Config = BYOLConfig
    train_config = TrainConfig(epochs=80, batch_size=32, lr=1e-3)

    def __init__(self, config: BYOLConfig, input_shape: tuple[int, int], n_labels: int = 0):
        super().__init__(config, input_shape, n_labels)
        self.predictor = build_head(config.projection_dim, config.latent_dim, config.projection_dim)
        self.target = nn.ModuleDict(
            {"encoder": copy.deepcopy(self.encoder), "projector": copy.deepcopy(self.projector)}
        )
        self.target.requires_grad_(False)

    def parameter_groups(self, lr: float) -> list[dict]:
        """Return all parameters but the target network's."""
        return [{"params": [p for p in self.parameters() if p.requires_grad], "lr": lr}]

    @torch.no_grad()
    def after_step(self) -> None:
        """Update the target network: ξ <- m ξ + (1 - m) θ (Grill et al., equation 1)."""
        for name, follower in self.target.items():
            for ours, theirs in zip(getattr(self, name).parameters(), follower.parameters()):
                theirs.lerp_(ours, 1 - self.config.momentum)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return predictions and targets for both views of each clip, each (2n, projection_dim)."""
        one, other = augment(x, self.config), augment(x, self.config)
        predicted = self.predictor(self.projector(self.encoder(torch.cat([one, other]))))
        with torch.no_grad():
            target = self.target["projector"](self.target["encoder"](torch.cat([other, one])))
        return predicted, target

    def forward_loss(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        """Return total, see :func:`prediction_error`, over both directions."""
        return {"total": prediction_error(*self(batch["x"]))}


def prediction_error(predicted: Tensor, target: Tensor) -> Tensor:
    """Return the mean squared distance of unit vectors (n, d), ``2 - 2 cos`` (Grill et al., equation 2).

    0 is perfect, 2 unrelated, 4 opposite. ``target`` gets no gradient.
    """
    return (2 - 2 * F.cosine_similarity(predicted.float(), target.detach().float(), dim=1)).mean()

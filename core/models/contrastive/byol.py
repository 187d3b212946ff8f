"""BYOL on audio: predict a target network's projection of one view of a clip from another view.

Grill et al., "Bootstrap Your Own Latent", NeurIPS 2020; on audio Niizumi et al., "BYOL for Audio", IJCNN
2021. There are no negatives. The predictor, batch norm and the slow target network prevent a collapse of the
latents, which is checked after training (:mod:`core.models.collapse`).

Here the momentum of the target network is constant; the paper raises it from 0.996 to 1 over many thousand
steps.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from core.models.contrastive.augment import augment
from core.models.contrastive.clip_views import build_head
from core.models.contrastive.target_network import TargetNetworkConfig, TargetNetworkModel
from core.models.train_config import TrainConfig


@dataclass(frozen=True)
class BYOLConfig(TargetNetworkConfig):
    """Settings of BYOL and of its augmentation."""


class BYOL(TargetNetworkModel):
    """BYOL of Grill et al. 2020 over log-mel clips."""

    name = "byol"
    Config = BYOLConfig
    train_config = TrainConfig(epochs=80, batch_size=32, lr=1e-3)

    def __init__(self, config: BYOLConfig, input_shape: tuple[int, int], n_labels: int = 0):
        super().__init__(config, input_shape, n_labels)
        self.predictor = build_head(config.projection_dim, config.latent_dim, config.projection_dim)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return predictions and targets for both views of each clip, each (2n, projection_dim)."""
        one, other = augment(x, self.config), augment(x, self.config)
        predicted = self.predictor(self.projector(self.encoder(torch.cat([one, other]))))
        return predicted, self.project_target(torch.cat([other, one]))

    def forward_loss(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        """Return total, see :func:`prediction_error`, over both directions."""
        return {"total": prediction_error(*self(batch["x"]))}


def prediction_error(predicted: Tensor, target: Tensor) -> Tensor:
    """Return the mean squared distance of unit vectors (n, d), ``2 - 2 cos`` (Grill et al., equation 2).

    0 is perfect, 2 unrelated, 4 opposite. ``target`` gets no gradient.
    """
    return (2 - 2 * F.cosine_similarity(predicted.float(), target.detach().float(), dim=1)).mean()

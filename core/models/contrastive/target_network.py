"""Two-view models with a target network: a copy of encoder and projection head that follows by momentum."""

import copy
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor, nn

from core.config import setting
from core.models.contrastive.clip_views import ClipViewsConfig, ClipViewsModel

momentum_setting = partial(
    setting,
    low=0,
    below=1,
    title="Target network momentum",
    help="Share of its weights that the target network keeps at each step; 0 copies the trained network. "
    "*Grill et al. 2020; He et al. 2020*",
)


@dataclass(frozen=True)
class TargetNetworkConfig(ClipViewsConfig):
    """Settings of a model with a target network."""

    momentum: float = momentum_setting(0.9)


class TargetNetworkModel(ClipViewsModel):
    """Encoder, projection head, and a copy of both that gets no gradient."""

    def __init__(self, config: TargetNetworkConfig, input_shape: tuple[int, int], n_labels: int = 0):
        super().__init__(config, input_shape, n_labels)
        self.target = nn.ModuleDict(
            {"encoder": copy.deepcopy(self.encoder), "projector": copy.deepcopy(self.projector)}
        )
        self.target.requires_grad_(False)

    def parameter_groups(self, lr: float) -> list[dict]:
        """Return all parameters but the target network's."""
        return [{"params": [p for p in self.parameters() if p.requires_grad], "lr": lr}]

    @torch.no_grad()
    def after_step(self) -> None:
        """Update the target network: ξ <- m ξ + (1 - m) θ (He et al., equation 2)."""
        for name, follower in self.target.items():
            for ours, theirs in zip(getattr(self, name).parameters(), follower.parameters()):
                theirs.lerp_(ours, 1 - self.config.momentum)

    @torch.no_grad()
    def project_target(self, x: Tensor) -> Tensor:
        """Return the target network's projections (n, projection_dim) of views."""
        return self.target["projector"](self.target["encoder"](x))

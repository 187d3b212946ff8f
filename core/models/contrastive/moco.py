"""MoCo on audio: a clip's other view is the positive, views in a queue of earlier clips are negatives.

He, Fan, Wu, Xie and Girshick, "Momentum Contrast for Unsupervised Visual Representation Learning", CVPR 2020;
the projection head is that of Chen et al., "Improved Baselines with Momentum Contrastive Learning", 2020.
Named as future work by Siddique, Hybrid Audio–Text Clustering for Music.

The queue makes the number of negatives independent of the batch size. Crops of the same track that are in
the queue are no negatives. Batch norm sees one batch on one device here; the published shuffling between
devices, which keeps views from telling each other apart by its statistics, has nothing to shuffle.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from core.config import setting
from core.models import common_fields as common
from core.models.contrastive.augment import augment
from core.models.contrastive.contrastive_losses import HIDDEN
from core.models.contrastive.target_network import (
    TargetNetworkConfig,
    TargetNetworkModel,
    momentum_setting,
)
from core.models.train_config import TrainConfig

UNKNOWN = -1
"""Track of a place in the queue that still holds a random vector, as published, and of a clip without one."""


@dataclass(frozen=True)
class MoCoConfig(TargetNetworkConfig):
    """Settings of MoCo and of its augmentation."""

    momentum: float = momentum_setting(0.99)
    temperature: float = common.temperature(0.2)
    queue_size: int = setting(
        1024,
        low=1,
        title="Queue size",
        help="Projections of earlier views that are the negatives; 65,536 in the paper, on a million images. "
        "*He et al. 2020, section 3.1*",
    )


class MoCo(TargetNetworkModel):
    """MoCo of He et al. 2020 over log-mel clips."""

    name = "moco"
    Config = MoCoConfig
    train_config = TrainConfig(epochs=60, batch_size=32, lr=1e-3)
    queue: Tensor
    queue_track: Tensor
    next_place: Tensor

    def __init__(self, config: MoCoConfig, input_shape: tuple[int, int], n_labels: int = 0):
        super().__init__(config, input_shape, n_labels)
        size = config.queue_size
        self.register_buffer("queue", F.normalize(torch.randn(size, config.projection_dim)))
        # floating point, as all that a checkpoint holds
        self.register_buffer("queue_track", torch.full((size,), float(UNKNOWN)))
        self.register_buffer("next_place", torch.zeros(1))
        self._waiting: tuple[Tensor, Tensor] | None = None

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return unit projections of one view of each clip, and the target network's of another view."""
        query = self.projector(self.encoder(augment(x, self.config)))
        key = self.project_target(augment(x, self.config))
        return F.normalize(query.float(), dim=1), F.normalize(key.float(), dim=1)

    def forward_loss(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        """Return total, see :func:`queue_loss`, and accuracy: the share of views nearest to their key."""
        query, key = self(batch["x"])
        track = batch.get("index", torch.full((len(query),), UNKNOWN, device=query.device))
        logits = queue_logits(query, key, self.queue, self.queue_track, track)
        if self.training:
            self._waiting = key, track
        return {
            "total": queue_loss(logits, self.config.temperature),
            "accuracy": (logits.argmax(1) == 0).float().mean(),
        }

    @torch.no_grad()
    def after_step(self) -> None:
        """Update the target network, and replace the oldest projections of the queue by the batch's."""
        super().after_step()
        if self._waiting is None:
            return
        key, track = (part[-len(self.queue) :] for part in self._waiting)
        first, size = int(self.next_place), len(self.queue)
        places = (first + torch.arange(len(key), device=self.queue.device)) % size
        self.queue[places], self.queue_track[places] = key, track.float()
        self.next_place.fill_((first + len(key)) % size)
        self._waiting = None


def queue_logits(query: Tensor, key: Tensor, queue: Tensor, queue_track: Tensor, track: Tensor) -> Tensor:
    """Return cosines of each query with its key, then with the queue, (n, 1 + n_queue).

    Places that hold a view of the query's own track (``track``, shape (n,)) are excluded.
    """
    positive = (query * key).sum(1, keepdim=True)
    excluded = (queue_track != UNKNOWN)[None] & (queue_track[None] == track[:, None])
    return torch.cat([positive, (query @ queue.T).masked_fill(excluded, HIDDEN)], 1)


def queue_loss(logits: Tensor, temperature: float) -> Tensor:
    """Return ``mean -log( exp(q·k⁺ / τ) / Σ_i exp(q·k_i / τ) )`` (He et al., equation 1), the key first."""
    return F.cross_entropy(
        logits / temperature, torch.zeros(len(logits), dtype=torch.long, device=logits.device)
    )

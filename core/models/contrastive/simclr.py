"""SimCLR on audio: two augmented views of a clip are positives, views of other clips are negatives.

Chen, Kornblith, Norouzi and Hinton, "A Simple Framework for Contrastive Learning of Visual Representations",
ICML 2020; on music Spijkervet and Burgoyne, "Contrastive Learning of Musical Representations", ISMIR 2021.
Named as future work by Siddique, Hybrid Audio–Text Clustering for Music.

The latents are the encoder's output; the loss is computed on a projection head, which is dropped after
training (Chen et al., section 4.2).
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from core.models import common_fields as common
from core.models.contrastive.augment import augment
from core.models.contrastive.clip_views import ClipViewsConfig, ClipViewsModel
from core.models.contrastive.contrastive_losses import cosines, exclude_same, nt_xent
from core.models.train_config import TrainConfig


@dataclass(frozen=True)
class SimCLRConfig(ClipViewsConfig):
    """Settings of SimCLR and of its augmentation."""

    temperature: float = common.temperature(0.5)


class SimCLR(ClipViewsModel):
    """SimCLR of Chen et al. 2020 over log-mel clips."""

    name = "simclr"
    Config = SimCLRConfig
    train_config = TrainConfig(epochs=60, batch_size=64, lr=1e-3)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return the projections of two random views, each (n, projection_dim)."""
        # one batch, so that both views share the statistics of batch norm
        views = torch.cat([augment(x, self.config), augment(x, self.config)])
        return self.projector(self.encoder(views)).chunk(2)

    def forward_loss(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        """Return total and accuracy: the share of views whose nearest view is the other one of the clip."""
        z, other = self(batch["x"])
        views, partners, same = pair_views(z, other, batch["index"])
        nearest = exclude_same(cosines(views, partners), same).argmax(1)
        accuracy = (nearest == torch.arange(len(views), device=views.device)).float().mean()
        return {"total": nt_xent(views, partners, self.config.temperature, same=same), "accuracy": accuracy}


def pair_views(z: Tensor, other: Tensor, index: Tensor | None = None) -> tuple[Tensor, Tensor, Tensor]:
    """Return the 2n views of n clips, their partners, both (2n, d), and the excluded negatives (2n, 2n).

    With these :func:`nt_xent` is Chen et al.'s equation 1, ``mean over all 2n views of
    -log( exp(s(i, j) / τ) / Σ_{k≠i} exp(s(i, k) / τ) )``, j the other view of i; log(2n - 1) is chance, 0
    perfect. Excluded as false negatives are the view itself and other crops of the same track (equal
    ``index``, shape (n,)).
    """
    views = torch.cat([z, other])
    track = (torch.arange(len(z), device=z.device) if index is None else index).repeat(2)
    return views, views.roll(len(z), 0), track[:, None] == track[None]

"""SimCLR on audio: a clip's two views must find each other among the views of the other clips.

Chen, Kornblith, Norouzi and Hinton, "A Simple Framework for Contrastive Learning of Visual Representations",
ICML 2020; on music Spijkervet and Burgoyne, "Contrastive Learning of Musical Representations", ISMIR 2021.
Named as future work by Siddique, Hybrid Audio–Text Clustering for Music.

The latents are the encoder's output; a projection head on top of them takes the loss and is not used
afterwards (Chen et al., section 4.2).
"""

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from core.models import common_fields as common
from core.models.contrastive.augment import AugmentConfig, augment, units_of
from core.models.contrastive.clip_views import ClipEncoder, head, spread_figures
from core.models.contrastive.contrastive_losses import cosines, hide, nt_xent
from core.models.latent_model import LatentModel
from core.models.train_config import TrainConfig


@dataclass(frozen=True)
class SimCLRConfig(AugmentConfig):
    """Settings of SimCLR; those of the views are :class:`core.models.contrastive.augment.AugmentConfig`'s."""

    latent_dim: int = common.latent_dim(128)
    projection_dim: int = common.projection_dim(64)
    temperature: float = common.temperature(0.5)
    channels: tuple[int, ...] = common.channels((16, 32, 64, 128))


class SimCLR(LatentModel):
    """SimCLR of Chen et al. 2020 over log-mel clips."""

    name = "simclr"
    Config = SimCLRConfig
    training = TrainConfig(epochs=60, batch_size=64, lr=1e-3)

    def __init__(self, config: SimCLRConfig, input_shape: tuple[int, int], n_labels: int = 0):
        super().__init__(config, input_shape, n_labels)
        self.latent_dim = config.latent_dim
        self.encoder = ClipEncoder(self.input_shape[0], config.channels, config.latent_dim)
        self.projector = head(config.latent_dim, config.latent_dim, config.projection_dim)

    @classmethod
    def from_pretrained(
        cls, config: SimCLRConfig, input_shape: tuple[int, int], n_labels: int, reads: dict
    ) -> "SimCLR":
        """Build the model that training starts from, knowing what a unit of its input is."""
        return cls(replace(config, **units_of(reads)), input_shape, n_labels)

    def encode(self, x: Tensor) -> Tensor:
        """Return the latents, (n, latent_dim), of whole clips (n, n_mels, n_frames)."""
        return self.encoder(x)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return the projections of two random views, each (n, projection_dim)."""
        views = torch.cat(
            [augment(x, self.config), augment(x, self.config)]
        )  # one batch: both share batch norm's statistics
        return self.projector(self.encoder(views)).chunk(2)

    def forward_loss(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        """Return total and accuracy: which share of the views has the clip's other view as its nearest."""
        z, other = self(batch["x"])
        views, partners, same = pair_views(z, other, batch["index"])
        nearest = hide(cosines(views, partners), same).argmax(1)
        accuracy = (nearest == torch.arange(len(views), device=views.device)).float().mean()
        return {"total": nt_xent(views, partners, self.config.temperature, same=same), "accuracy": accuracy}

    def diagnostics(self, batch: dict[str, Tensor]) -> dict:
        """Return whether the latents tell clips apart, see :func:`core.models.contrastive.clip_views.spread_figures`."""
        return spread_figures(self.encode(batch["x"]))


def pair_views(z: Tensor, other: Tensor, index: Tensor | None = None) -> tuple[Tensor, Tensor, Tensor]:
    """Return all 2n views of n clips, each one's other view, both (2n, d), and which pairs are no negatives, (2n, 2n).

    With these :func:`core.models.contrastive.contrastive_losses.nt_xent` is Chen et al.'s equation 1, ``mean over all 2n
    views of -log( exp(s(i, j) / τ) / Σ_{k≠i} exp(s(i, k) / τ) )``, j the other view of i; log(2n - 1) is
    chance, 0 perfect. A view isn't compared with itself, nor with other crops of the same track (same number
    in ``index``, shape (n,)): those would be negatives that sound alike.
    """
    views = torch.cat([z, other])
    track = (torch.arange(len(z), device=z.device) if index is None else index).repeat(2)
    return views, views.roll(len(z), 0), track[:, None] == track[None]

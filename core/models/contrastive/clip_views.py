"""Self-supervised models of two views of a clip: encoder, projection head, and the spread of latents."""

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Self

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from core.models import common_fields as common
from core.models.contrastive.augment import AugmentConfig, decibel_scale
from core.models.latent_model import LatentModel, Pretrained
from core.scoring.quality.representation_metrics import effective_rank


@dataclass(frozen=True)
class ClipViewsConfig(AugmentConfig):
    """Settings of a model of two views of a clip, and of their augmentation."""

    latent_dim: int = common.latent_dim(128)
    projection_dim: int = common.projection_dim(64)
    channels: tuple[int, ...] = common.channels((16, 32, 64, 128))


class ClipEncoder(nn.Module):
    """CNN from clips (n, n_mels, n_frames) of any length to latents (n, latent_dim).

    Batch norm per mel band; 3x3 convolutions of stride 2 with batch norm and ReLU; mean and maximum over
    time, which accept views of any length; one linear layer.
    """

    def __init__(self, n_mels: int, channels: tuple[int, ...], latent_dim: int):
        super().__init__()
        self.by_band = nn.BatchNorm1d(n_mels)
        self.convs = nn.ModuleList(
            nn.Conv2d(a, b, 3, stride=2, padding=1, bias=False) for a, b in pairwise((1, *channels))
        )
        self.norms = nn.ModuleList(nn.BatchNorm2d(b) for b in channels)
        n_bands = n_mels
        for _ in channels:
            n_bands = (n_bands + 1) // 2
        self.to_z = nn.Linear(2 * channels[-1] * n_bands, latent_dim)

    def forward(self, x: Tensor) -> Tensor:
        """Return latents (n, latent_dim)."""
        h = self.by_band(x)[:, None]  # (n, 1, n_mels, n_frames)
        for conv, norm in zip(self.convs, self.norms):
            h = F.relu(norm(conv(h)))  # (n, channels[i], n_mels / 2^(i+1), n_frames / 2^(i+1)), rounded up
        pooled = torch.cat([h.mean(3), h.amax(3)], 1)  # (n, 2 * channels[-1], n_bands)
        return self.to_z(pooled.flatten(1))


def build_head(n_in: int, n_hidden: int, n_out: int) -> nn.Sequential:
    """Return a projection or prediction head: linear, batch norm, ReLU, linear."""
    return nn.Sequential(
        nn.Linear(n_in, n_hidden, bias=False), nn.BatchNorm1d(n_hidden), nn.ReLU(), nn.Linear(n_hidden, n_out)
    )


def spread_figures(z: Tensor) -> dict:
    """Compute how far latents (n, d) are spread.

    Returns
    -------
    dict
        ``spread``: mean standard deviation of the dimensions of z / |z|, times the square root of d: 1 for
        evenly spread directions, 0 for equal ones (Chen and He, "Exploring Simple Siamese
        Representation Learning", 2021, section 4.1). ``effective_rank`` of the latents, as for every
        representation (:func:`core.scoring.quality.representation_metrics.effective_rank`). ``latent_dim``.
    """
    unit = F.normalize(z.double(), dim=1)
    spread = unit.std(0, unbiased=False).mean() * z.shape[1] ** 0.5
    return {
        "spread": round(spread.item(), 4),
        "effective_rank": round(effective_rank(z.detach().cpu().numpy()), 2),
        "latent_dim": z.shape[1],
    }


class ClipViewsModel(LatentModel):
    """An encoder from clips to latents, and a projection head, on whose output the loss is computed."""

    def __init__(self, config: ClipViewsConfig, input_shape: tuple[int, int], n_labels: int = 0):
        super().__init__(config, input_shape, n_labels)
        self.latent_dim = config.latent_dim
        self.encoder = ClipEncoder(self.input_shape[0], config.channels, config.latent_dim)
        self.projector = build_head(config.latent_dim, config.latent_dim, config.projection_dim)

    @classmethod
    def from_pretrained(
        cls,
        config: ClipViewsConfig,
        input_shape: tuple[int, int],
        n_labels: int,
        reads: dict,
        pretrained: Pretrained | None = None,
    ) -> Self:
        """Build the model with the decibel scale of its input."""
        unit_db, floor = decibel_scale(reads)
        return cls(replace(config, unit_db=unit_db, floor=floor), input_shape, n_labels)

    def encode(self, x: Tensor) -> Tensor:
        """Return the latents, (n, latent_dim), of whole clips (n, n_mels, n_frames)."""
        return self.encoder(x)

    def diagnostics(self, batch: dict[str, Tensor]) -> dict:
        """Return the spread of the latents, see :func:`spread_figures`."""
        return spread_figures(self.encode(batch["x"]))

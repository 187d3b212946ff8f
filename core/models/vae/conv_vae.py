"""Convolutional variational autoencoder over log-mel spectrograms.

Siddique, Hybrid Audio–Text Clustering for Music, section 3.2.4.

The encoder halves both axes four times, (1, 128, 256) -> (16, 64, 128) -> (32, 32, 64) -> (64, 16, 32) ->
(128, 8, 16); two linear layers give mean and log-variance of 32 latents; the decoder mirrors it with
transposed convolutions: 1,858,865 parameters. The paper gives these shapes; kernel sizes (3 in the encoder, 4
in the decoder, which avoids checkerboard artefacts), ReLU and a linear output are chosen here.

Encoder and Decoder are also the backbone of ``conv_ae`` and ``cvae``.
"""

from dataclasses import dataclass
from itertools import pairwise

import torch.nn.functional as F
from torch import Tensor, nn

from core.config import Config
from core.errors import ConfigError
from core.models import common_fields as common
from core.models.train_config import TrainConfig
from core.models.vae.autoencoder import VAE
from core.models.vae.elbo import Scaling


@dataclass(frozen=True)
class ConvVAEConfig(Config):
    """Settings of the convolutional VAE."""

    latent_dim: int = common.latent_dim(32)
    beta: float = common.beta(1.0)
    scaling: Scaling = common.scaling("normalised")
    channels: tuple[int, ...] = common.channels((16, 32, 64, 128))


class Encoder(nn.Module):
    """Stride-2 convolutions, flattened: (n, H, W) -> (n, n_flat)."""

    def __init__(self, channels: tuple[int, ...], input_shape: tuple[int, int]):
        super().__init__()
        factor = 2 ** len(channels)
        if len(input_shape) != 2 or any(size < factor or size % factor for size in input_shape):
            raise ConfigError(
                f"spectrograms of shape {tuple(input_shape)} can't be halved {len(channels)} times; "
                f"sides must be multiples of {factor}"
            )
        sizes = (1, *channels)
        self.convs = nn.ModuleList(nn.Conv2d(a, b, 3, stride=2, padding=1) for a, b in zip(sizes, channels))
        self.grid = (channels[-1], input_shape[0] // factor, input_shape[1] // factor)
        self.n_flat = self.grid[0] * self.grid[1] * self.grid[2]

    def forward(self, x: Tensor) -> Tensor:
        """Return features (n, n_flat)."""
        h = x.unsqueeze(1)  # (n, 1, H, W)
        for conv in self.convs:
            h = F.relu(conv(h))  # (n, channels[i], H / 2^(i+1), W / 2^(i+1))
        return h.flatten(1)  # (n, n_flat)


class Decoder(nn.Module):
    """The encoder mirrored with transposed convolutions: (n, n_latent) -> (n, H, W)."""

    def __init__(self, n_latent: int, channels: tuple[int, ...], grid: tuple[int, int, int]):
        super().__init__()
        self.grid = grid
        self.spread = nn.Linear(n_latent, grid[0] * grid[1] * grid[2])
        sizes = (*reversed(channels), 1)
        self.convs = nn.ModuleList(
            nn.ConvTranspose2d(a, b, 4, stride=2, padding=1) for a, b in pairwise(sizes)
        )

    def forward(self, z: Tensor) -> Tensor:
        """Return spectrograms (n, H, W)."""
        h = self.spread(z).unflatten(1, self.grid)  # (n, channels[-1], H / 2^L, W / 2^L)
        for conv in self.convs:
            h = conv(F.relu(h))  # the output is linear: standardised decibels have both signs
        return h.squeeze(1)  # (n, H, W)


class ConvVAE(VAE):
    """Convolutional VAE of Siddique, section 3.2.4, on individually standardised spectrograms."""

    name = "conv-vae"
    Config = ConvVAEConfig
    train_config = TrainConfig(epochs=25, batch_size=16, lr=1e-3)
    encoder: Encoder

    def __init__(self, config: ConvVAEConfig, input_shape: tuple[int, int], n_labels: int = 0):
        super().__init__(config, input_shape, n_labels)
        self.latent_dim = config.latent_dim
        self.encoder = Encoder(config.channels, self.input_shape)
        self.to_mu = nn.Linear(self.encoder.n_flat, config.latent_dim)
        self.to_log_var = nn.Linear(self.encoder.n_flat, config.latent_dim)
        self.decoder = self.build_decoder()

    def build_decoder(self) -> Decoder:
        """Build the decoder of the latents."""
        return Decoder(self.latent_dim, self.config.channels, self.encoder.grid)

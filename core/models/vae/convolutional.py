"""Convolutional autoencoders over log-mel spectrograms: variational, plain and conditional.

Siddique, Hybrid Audio–Text Clustering for Music, section 3.2.4.

The encoder halves both axes four times, (1, 128, 256) -> (16, 64, 128) -> (32, 32, 64) -> (64, 16, 32) ->
(128, 8, 16); two linear layers give mean and log-variance of 32 latents; the decoder mirrors it with
transposed convolutions: 1,858,865 parameters. The paper gives these shapes; kernel sizes (3 in the encoder, 4
in the decoder, which avoids checkerboard artefacts), ReLU and a linear output are chosen here.

The convolutional autoencoder of section 3.3.2 has the same encoder and decoder, and the mean squared error as
its loss. The conditional VAE is that of section 3.3.1. The decoder is conditioned on the track's label: label
-> embedding (16), decoder input 32 + 16. By default the encoder is the Conv-VAE's without the label, which is
this reading of "conditioned implicitly": the label is known to the decoder, so z encodes the rest. Section
2.5 conditions the encoder, too (``condition="both"``): its features are followed by the label's embedding. A
new track is encoded without its label then: with the mean embedding, so that latents don't hold the label
itself. The training used labels all the same, so scores against them are marked as such. Unlabelled tracks
have a class of their own, "unknown".
"""

from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from core.config import Config, setting
from core.errors import ConfigError
from core.models import common_fields as common
from core.models.train_config import TrainConfig
from core.models.vae.autoencoder import VAE, Autoencoder
from core.models.vae.elbo import Scaling

Norm = Literal["none", "batch", "layer"]
norm_setting = partial(
    setting,
    title="Normalisation",
    help="Of the channels between a convolution and its activation: none, as published, batch or layer "
    "normalisation. *Ioffe & Szegedy 2015; Ba, Kiros & Hinton 2016*",
)


@dataclass(frozen=True)
class ConvVAEConfig(Config):
    """Settings of the convolutional VAE."""

    latent_dim: int = common.latent_dim(32)
    beta: float = common.beta(1.0)
    scaling: Scaling = common.scaling("normalised")
    channels: tuple[int, ...] = common.channels((16, 32, 64, 128))
    norm: Norm = norm_setting("none")


def make_norm(kind: Norm, channels: int) -> nn.Module:
    """Return the normalisation of a layer's channels."""
    if kind == "batch":
        return nn.BatchNorm2d(channels)
    return nn.GroupNorm(1, channels) if kind == "layer" else nn.Identity()


class Encoder(nn.Module):
    """Stride-2 convolutions, flattened: (n, H, W) -> (n, n_flat)."""

    def __init__(self, channels: tuple[int, ...], input_shape: tuple[int, int], norm: Norm = "none"):
        super().__init__()
        factor = 2 ** len(channels)
        if len(input_shape) != 2 or any(size < factor or size % factor for size in input_shape):
            raise ConfigError(
                f"spectrograms of shape {tuple(input_shape)} can't be halved {len(channels)} times; "
                f"sides must be multiples of {factor}"
            )
        sizes = (1, *channels)
        self.convs = nn.ModuleList(nn.Conv2d(a, b, 3, stride=2, padding=1) for a, b in zip(sizes, channels))
        self.norms = nn.ModuleList(make_norm(norm, size) for size in channels)
        self.grid = (channels[-1], input_shape[0] // factor, input_shape[1] // factor)
        self.n_flat = self.grid[0] * self.grid[1] * self.grid[2]

    def forward(self, x: Tensor) -> Tensor:
        """Return features (n, n_flat)."""
        h = x.unsqueeze(1)  # (n, 1, H, W)
        for conv, norm in zip(self.convs, self.norms):
            h = F.relu(norm(conv(h)))  # (n, channels[i], H / 2^(i+1), W / 2^(i+1))
        return h.flatten(1)  # (n, n_flat)


class Decoder(nn.Module):
    """The encoder mirrored with transposed convolutions: (n, n_latent) -> (n, H, W)."""

    def __init__(
        self, n_latent: int, channels: tuple[int, ...], grid: tuple[int, int, int], norm: Norm = "none"
    ):
        super().__init__()
        self.grid = grid
        self.spread = nn.Linear(n_latent, grid[0] * grid[1] * grid[2])
        sizes = (*reversed(channels), 1)
        self.convs = nn.ModuleList(
            nn.ConvTranspose2d(a, b, 4, stride=2, padding=1) for a, b in pairwise(sizes)
        )
        self.norms = nn.ModuleList(make_norm(norm, size) for size in reversed(channels))

    def forward(self, z: Tensor) -> Tensor:
        """Return spectrograms (n, H, W)."""
        h = self.spread(z).unflatten(1, self.grid)  # (n, channels[-1], H / 2^L, W / 2^L)
        for conv, norm in zip(self.convs, self.norms):
            h = conv(F.relu(norm(h)))  # the output is linear: standardised decibels have both signs
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
        self.encoder = Encoder(config.channels, self.input_shape, config.norm)
        n_features = self.encoder.n_flat + self.n_condition
        self.to_mu = nn.Linear(n_features, config.latent_dim)
        self.to_log_var = nn.Linear(n_features, config.latent_dim)
        self.decoder = self.build_decoder()

    @property
    def n_condition(self) -> int:
        """Size of what the encoder's features are followed by."""
        return 0

    def build_decoder(self) -> Decoder:
        """Build the decoder of the latents."""
        return Decoder(self.latent_dim, self.config.channels, self.encoder.grid, self.config.norm)


@dataclass(frozen=True)
class ConvAEConfig(Config):
    """Settings of the convolutional autoencoder."""

    latent_dim: int = common.latent_dim(32)
    channels: tuple[int, ...] = common.channels((16, 32, 64, 128))
    norm: Norm = norm_setting("none")


class ConvAE(Autoencoder):
    """Convolutional autoencoder of Siddique, section 3.3.2, on individually standardised spectrograms."""

    name = "conv-ae"
    Config = ConvAEConfig
    train_config = TrainConfig(epochs=25, batch_size=16, lr=1e-3)

    def __init__(self, config: ConvAEConfig, input_shape: tuple[int, int], n_labels: int = 0):
        super().__init__(config, input_shape, n_labels)
        self.latent_dim = config.latent_dim
        self.encoder = Encoder(config.channels, self.input_shape, config.norm)
        self.to_z = nn.Linear(self.encoder.n_flat, config.latent_dim)
        self.decoder = Decoder(config.latent_dim, config.channels, self.encoder.grid, config.norm)

    def encode(self, x: Tensor) -> Tensor:
        """Return the latents, (n, latent_dim), of spectrograms (n, H, W)."""
        return self.to_z(self.encoder(x))

    def decode(self, z: Tensor, label: Tensor | None = None) -> Tensor:
        """Return spectrograms, (n, H, W)."""
        return self.decoder(z)


@dataclass(frozen=True)
class CVAEConfig(ConvVAEConfig):
    """Settings of the conditional VAE."""

    beta: float = common.beta(0.5)
    label_dim: int = setting(
        16,
        low=1,
        title="Label embedding dimension",
        help="Size of the label embedding that the decoder is given. *Sohn et al. 2015*",
    )
    condition: Literal["decoder", "both"] = setting(
        "decoder",
        title="Conditioned on the label",
        help="The decoder alone, or encoder and decoder. *Siddique, sections 3.3.1 and 2.5*",
    )


class CVAE(ConvVAE):
    """Conditional VAE of Siddique, section 3.3.1, on individually standardised spectrograms."""

    name = "cvae"
    Config = CVAEConfig
    train_config = TrainConfig(epochs=30, batch_size=16, lr=1e-3)

    @property
    def n_condition(self) -> int:
        """Size of the label embedding where the encoder is conditioned, too."""
        return self.config.label_dim if self.config.condition == "both" else 0

    def build_decoder(self) -> Decoder:
        """Build the decoder of latents and label embeddings."""
        if self.n_labels < 1:
            raise ConfigError("cvae needs labels, and there are none")
        self.embed = nn.Embedding(self.n_labels, self.config.label_dim)
        n_input = self.latent_dim + self.config.label_dim
        return Decoder(n_input, self.config.channels, self.encoder.grid, self.config.norm)

    def posterior(self, x: Tensor, label: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Return mu and log_var of q(z | x) or q(z | x, label), each (n, latent_dim); labels (n,) or None."""
        h = self.encoder(self.standardise(x))
        if self.config.condition == "both":
            embedded = self.embed.weight.mean(0).expand(len(x), -1) if label is None else self.embed(label)
            h = torch.cat([h, embedded], dim=1)  # (n, n_flat + label_dim)
        return self.to_mu(h), self.to_log_var(h)

    def decode_standardised(self, z: Tensor, label: Tensor | None = None) -> Tensor:
        """Return the mean spectrograms, (n, H, W), given integer labels (n,)."""
        if label is None:
            raise ConfigError("cvae decodes latents given labels: pass one label per track")
        return self.decoder(torch.cat([z, self.embed(label)], dim=1))  # (n, latent_dim + label_dim)

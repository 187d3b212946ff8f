"""Convolutional autoencoder: the Conv-VAE's encoder and decoder, trained with the mean squared error.

Siddique, Hybrid Audio–Text Clustering for Music, section 3.3.2.
"""

from dataclasses import dataclass

from torch import Tensor, nn

from core.config import Config
from core.models import common_fields as common
from core.models.train_config import TrainConfig
from core.models.vae.autoencoder import Autoencoder
from core.models.vae.conv_vae import Decoder, Encoder


@dataclass(frozen=True)
class ConvAEConfig(Config):
    """Settings of the convolutional autoencoder."""

    latent_dim: int = common.latent_dim(32)
    channels: tuple[int, ...] = common.channels((16, 32, 64, 128))


class ConvAE(Autoencoder):
    """Convolutional autoencoder of Siddique, section 3.3.2, on individually standardised spectrograms."""

    name = "conv-ae"
    Config = ConvAEConfig
    train_config = TrainConfig(epochs=25, batch_size=16, lr=1e-3)

    def __init__(self, config: ConvAEConfig, input_shape: tuple[int, int], n_labels: int = 0):
        super().__init__(config, input_shape, n_labels)
        self.latent_dim = config.latent_dim
        self.encoder = Encoder(config.channels, self.input_shape)
        self.to_z = nn.Linear(self.encoder.n_flat, config.latent_dim)
        self.decoder = Decoder(config.latent_dim, config.channels, self.encoder.grid)

    def encode(self, x: Tensor) -> Tensor:
        """Return the latents, (n, latent_dim), of spectrograms (n, H, W)."""
        return self.to_z(self.encoder(x))

    def decode(self, z: Tensor, label: Tensor | None = None) -> Tensor:
        """Return spectrograms, (n, H, W)."""
        return self.decoder(z)

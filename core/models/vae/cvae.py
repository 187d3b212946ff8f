"""Conditional variational autoencoder over log-mel spectrograms.

Siddique, Hybrid Audio–Text Clustering for Music, section 3.3.1.

The decoder is conditioned on the track's label: label -> embedding (16), decoder input 32 + 16. The encoder
is the Conv-VAE's without the label, which is this reading of "conditioned implicitly": the label is known to
the decoder, so z encodes the rest. A new track can be encoded without a label; but the training used labels,
so scores against the same labels are marked as such. Unlabelled tracks have a class of their own, "unknown".
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from core.config import setting
from core.errors import ConfigError
from core.models import common_fields as common
from core.models.train_config import TrainConfig
from core.models.vae.conv_vae import ConvVAE, ConvVAEConfig, Decoder


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


class CVAE(ConvVAE):
    """Conditional VAE of Siddique, section 3.3.1, on individually standardised spectrograms."""

    name = "cvae"
    Config = CVAEConfig
    train_config = TrainConfig(epochs=30, batch_size=16, lr=1e-3)

    def build_decoder(self) -> Decoder:
        """Build the decoder of latents and label embeddings."""
        if self.n_labels < 1:
            raise ConfigError("cvae needs labels, and there are none")
        self.embed = nn.Embedding(self.n_labels, self.config.label_dim)
        return Decoder(self.latent_dim + self.config.label_dim, self.config.channels, self.encoder.grid)

    def decode_standardised(self, z: Tensor, label: Tensor | None = None) -> Tensor:
        """Return the mean spectrograms, (n, H, W), given integer labels (n,)."""
        if label is None:
            raise ConfigError("cvae decodes latents given labels: pass one label per track")
        return self.decoder(torch.cat([z, self.embed(label)], dim=1))  # (n, latent_dim + label_dim)

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

from core.config import Config, setting
from core.errors import ConfigError
from core.models import common_fields as common
from core.models.latent_model import LatentModel
from core.models.train_config import TrainConfig
from core.models.vae.conv_vae import Decoder, Encoder
from core.models.vae.elbo import Scaling, elbo_loss, posterior_diagnostics, reparameterise


@dataclass(frozen=True)
class CVAEConfig(Config):
    """Settings of the conditional VAE."""

    latent_dim: int = common.latent_dim(32)
    label_dim: int = setting(
        16,
        low=1,
        title="Label embedding dimension",
        help="Size of the label embedding that the decoder is given. *Sohn et al. 2015*",
    )
    beta: float = common.beta(0.5)
    scaling: Scaling = common.scaling("normalised")
    channels: tuple[int, ...] = common.channels((16, 32, 64, 128))


class CVAE(LatentModel):
    """Conditional VAE of Siddique, section 3.3.1, on individually standardised spectrograms."""

    name = "cvae"
    Config = CVAEConfig
    train_config = TrainConfig(epochs=30, batch_size=16, lr=1e-3)

    def __init__(self, config: CVAEConfig, input_shape: tuple[int, int], n_labels: int):
        super().__init__(config, input_shape, n_labels)
        if n_labels < 1:
            raise ConfigError("cvae needs labels, and there are none")
        self.latent_dim = config.latent_dim
        self.encoder = Encoder(config.channels, self.input_shape)
        self.to_mu = nn.Linear(self.encoder.n_flat, config.latent_dim)
        self.to_log_var = nn.Linear(self.encoder.n_flat, config.latent_dim)
        self.embed = nn.Embedding(n_labels, config.label_dim)
        self.decoder = Decoder(config.latent_dim + config.label_dim, config.channels, self.encoder.grid)

    def posterior(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return mu and log_var of q(z | x), each (n, latent_dim), of spectrograms (n, H, W)."""
        h = self.encoder(x)
        return self.to_mu(h), self.to_log_var(h)

    def encode(self, x: Tensor) -> Tensor:
        """Return the latent means, (n, latent_dim), without a label."""
        return self.posterior(x)[0]

    def decode(self, z: Tensor, label: Tensor | None = None) -> Tensor:
        """Return the mean spectrograms, (n, H, W), given integer labels (n,)."""
        if label is None:
            raise ConfigError("cvae decodes latents given labels: pass one label per track")
        return self.decoder(torch.cat([z, self.embed(label)], dim=1))  # (n, latent_dim + label_dim)

    def forward(self, x: Tensor, label: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return recon_x (n, H, W), mu and log_var."""
        mu, log_var = self.posterior(x)
        return self.decode(reparameterise(mu, log_var), label), mu, log_var

    def forward_loss(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        """Return total, reconstruction and kl, see :func:`core.models.vae.elbo.elbo_loss`."""
        recon_x, mu, log_var = self(batch["x"], batch["label"])
        return elbo_loss(recon_x, batch["x"], mu, log_var, beta=self.config.beta, scaling=self.config.scaling)

    def diagnostics(self, batch: dict[str, Tensor]) -> dict:
        """Return the use of the latent space, see :func:`core.models.vae.elbo.collapse_figures`."""
        return posterior_diagnostics(self.posterior, batch["x"])

"""Variational autoencoder over vectors: sentence embeddings, TF-IDF, a table's own numbers, pooled audio.

Inputs are z-scored with the training examples' mean and deviation, stored as buffers; encoder
D -> 256 -> 128 -> (mu, log_var) of 16 latents, decoder 16 -> 256 -> D, ReLU between.
Siddique, Hybrid Audio–Text Clustering for Music, section 3.1.3.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from torch import Tensor, nn

from core.config import Config
from core.models import common_fields as common
from core.models.latent_model import LatentModel
from core.models.moments import mean_and_deviation
from core.models.train_config import TrainConfig
from core.models.vae.elbo import Scaling, elbo_loss, posterior_diagnostics, reparameterise


@dataclass(frozen=True)
class MLPVAEConfig(Config):
    """Settings of the MLP-VAE."""

    latent_dim: int = common.latent_dim(16)
    hidden: tuple[int, ...] = common.hidden((256, 128))
    decoder_hidden: tuple[int, ...] = common.decoder_hidden((256,))
    beta: float = common.beta(1.0)
    scaling: Scaling = common.scaling("normalised")


def relu_layers(sizes: tuple[int, ...]) -> list[nn.Module]:
    """Return linear layers between consecutive sizes, each followed by ReLU."""
    return [layer for a, b in pairwise(sizes) for layer in (nn.Linear(a, b), nn.ReLU())]


class MLPVAE(LatentModel):
    """MLP-VAE of Siddique, section 3.1.3."""

    name = "mlp-vae"
    Config = MLPVAEConfig
    train_config = TrainConfig(epochs=50, batch_size=32, lr=1e-3)
    mean: Tensor
    deviation: Tensor

    def __init__(self, config: MLPVAEConfig, input_shape: tuple[int], n_labels: int = 0):
        super().__init__(config, input_shape, n_labels)
        self.latent_dim = config.latent_dim
        (size,) = self.input_shape
        self.register_buffer("mean", torch.zeros(size))
        self.register_buffer("deviation", torch.ones(size))
        self.encoder = nn.Sequential(*relu_layers((size, *config.hidden)))
        self.to_mu = nn.Linear(config.hidden[-1], config.latent_dim)
        self.to_log_var = nn.Linear(config.hidden[-1], config.latent_dim)
        widths = (config.latent_dim, *config.decoder_hidden)
        self.decoder = nn.Sequential(*relu_layers(widths), nn.Linear(widths[-1], size))

    def fit_statistics(self, X: np.ndarray) -> None:
        """Compute mean and deviation per dimension of examples X (n, D)."""
        mean, deviation = mean_and_deviation(X)
        self.mean.copy_(torch.from_numpy(mean))
        self.deviation.copy_(torch.from_numpy(deviation))

    def input_moments(self) -> dict[str, tuple[Tensor, Tensor]]:
        """Return mean and deviation per dimension, each (D,)."""
        return {"x": (self.mean, self.deviation)}

    def standardise(self, x: Tensor) -> Tensor:
        """Return z-scored vectors, (n, D)."""
        return (x - self.mean) / self.deviation

    def posterior(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return mu and log_var of q(z | x), each (n, latent_dim), of vectors (n, D) as extracted."""
        h = self.encoder(self.standardise(x))  # (n, hidden[-1])
        return self.to_mu(h), self.to_log_var(h)

    def encode(self, x: Tensor) -> Tensor:
        """Return the latent means, (n, latent_dim)."""
        return self.posterior(x)[0]

    def decode(self, z: Tensor, label: Tensor | None = None) -> Tensor:
        """Return the mean vectors in the input's own units, (n, D)."""
        return self.decoder(z) * self.deviation + self.mean

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return the z-scored recon_x (n, D), mu and log_var."""
        mu, log_var = self.posterior(x)
        return self.decoder(reparameterise(mu, log_var)), mu, log_var

    def forward_loss(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        """Return total, reconstruction and kl of z-scored vectors, see :func:`elbo_loss`."""
        recon_x, mu, log_var = self(batch["x"])
        x = self.standardise(batch["x"])
        return elbo_loss(recon_x, x, mu, log_var, beta=self.config.beta, scaling=self.config.scaling)

    def diagnostics(self, batch: dict[str, Tensor]) -> dict:
        """Return the use of the latent space, see :func:`core.models.vae.elbo.collapse_figures`."""
        return posterior_diagnostics(self.posterior, batch["x"])

"""What autoencoders of one input share: encoding, decoding, loss and diagnostics."""

from abc import abstractmethod

import torch
from torch import Tensor, nn

from core.models.latent_model import LatentModel
from core.models.vae.elbo import collapse_figures, elbo_loss, reparameterise, squared_error


class Autoencoder(LatentModel):
    """An autoencoder with ``encode`` and ``decode``, trained with the mean squared error."""

    @abstractmethod
    def encode(self, x: Tensor) -> Tensor:
        """Return the latents, (n, latent_dim)."""

    @abstractmethod
    def decode(self, z: Tensor, label: Tensor | None = None) -> Tensor:
        """Return recon_x, (n, *input_shape)."""

    def forward(self, x: Tensor) -> Tensor:
        """Return recon_x, (n, *input_shape)."""
        return self.decode(self.encode(x))

    def forward_loss(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        """Return the mean squared error as reconstruction and total."""
        x = batch["x"]
        reconstruction = squared_error(self(x), x).mean() / x[0].numel()
        return {"total": reconstruction, "reconstruction": reconstruction}


class VAE(LatentModel):
    """A variational autoencoder of ``encoder``, ``to_mu``, ``to_log_var`` and ``decoder``."""

    encoder: nn.Module
    to_mu: nn.Linear
    to_log_var: nn.Linear
    decoder: nn.Module

    def standardise(self, x: Tensor) -> Tensor:
        """Return what the encoder reads: by default x, as it is."""
        return x

    def posterior(self, x: Tensor, label: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Return mu and log_var of q(z | x), each (n, latent_dim), of examples x (n, *input_shape).

        ``label``, shape (n,), is for models whose encoder is conditioned on it.
        """
        h = self.encoder(self.standardise(x))
        return self.to_mu(h), self.to_log_var(h)

    def encode(self, x: Tensor) -> Tensor:
        """Return the latent means, (n, latent_dim)."""
        return self.posterior(x)[0]

    def decode_standardised(self, z: Tensor, label: Tensor | None = None) -> Tensor:
        """Return the mean of p(x | z), (n, *input_shape), standardised."""
        return self.decoder(z)

    def decode(self, z: Tensor, label: Tensor | None = None) -> Tensor:
        """Return the mean of p(x | z), (n, *input_shape), in the input's own units."""
        return self.decode_standardised(z, label)

    def forward(self, x: Tensor, label: Tensor | None = None) -> tuple[Tensor, Tensor, Tensor]:
        """Return the standardised recon_x (n, *input_shape), mu and log_var."""
        mu, log_var = self.posterior(x, label)
        return self.decode_standardised(reparameterise(mu, log_var), label), mu, log_var

    def forward_loss(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        """Return total, reconstruction and kl, see :func:`core.models.vae.elbo.elbo_loss`."""
        recon_x, mu, log_var = self(batch["x"], batch.get("label"))
        x, config = self.standardise(batch["x"]), self.config
        return elbo_loss(recon_x, x, mu, log_var, beta=config.beta, scaling=config.scaling)

    def diagnostics(self, batch: dict[str, Tensor]) -> dict:
        """Return the use of the latent space, see :func:`core.models.vae.elbo.collapse_figures`."""
        mu, log_var = (torch.cat(parts) for parts in zip(*map(self.posterior, batch["x"].split(64))))
        return collapse_figures(mu, log_var)

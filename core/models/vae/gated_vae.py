"""Gated joint VAE: one latent of audio and text, mixed by a gate per track.

    h_a = f_a(audio),  h_t = f_t(text)               an encoder per modality, with a final tanh
    g   = sigmoid(W [h_a, h_t] + b)                  share of audio, a number per track (or per dimension)
    h   = g · h_a + (1 − g) · h_t                    Gated Multimodal Unit, Arevalo et al. 2017, Eq. 1–4
    mu, log_var of q(z | h);  both vectors are reconstructed from z

The loss is the mean over the batch of ``R_i + beta · KL_i / D_i`` with R_i of
:mod:`core.models.vae.joint_vae` and D_i the input dimensions of track i; ``as-published`` omits D_i (see
:mod:`core.models.vae.elbo`).

A track with one modality has g = 0 or 1, and only that modality is reconstructed. In training, one modality
of some tracks is dropped from the encoder's input and reconstructed from the other. The gate is optimised for
reconstruction: it doesn't tell which modality is informative (on the simulated dataset, where one misleads,
it even prefers that one).
"""

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn

from core.config import Config, setting
from core.models import common_fields as common
from core.models.joint_model import MODALITIES, present_in
from core.models.train_config import TrainConfig
from core.models.vae.elbo import Scaling, collapse_figures, kl_per_dimension, reparameterise
from core.models.vae.joint_vae import JointAutoencoder, layers


@dataclass(frozen=True)
class GatedVAEConfig(Config):
    """Settings of the gated joint VAE; the gate mixes the last hidden layers of the encoders."""

    latent_dim: int = common.latent_dim(16)
    hidden: tuple[int, ...] = common.hidden((256, 128))
    decoder_hidden: tuple[int, ...] = common.decoder_hidden((256,))
    beta: float = common.beta(1.0)
    scaling: Scaling = common.scaling("normalised")
    gate_per: Literal["track", "dimension"] = setting(
        "track",
        title="Gate",
        help="One gate value per *track*, or one per *dimension*, of which the mean is shown. *Arevalo et "
        "al. 2017*",
    )
    modality_dropout: float = common.modality_dropout(0.2)


class GatedVAE(JointAutoencoder):
    """A joint VAE around a gated multimodal unit."""

    name = "gated-vae"
    Config = GatedVAEConfig
    train_config = TrainConfig(epochs=50, batch_size=32, lr=1e-3)

    def __init__(self, config: GatedVAEConfig, input_shape: dict[str, tuple[int, ...]], n_labels: int = 0):
        super().__init__(config, input_shape, n_labels)
        width = config.hidden[-1]
        self.encoders = nn.ModuleDict(
            {m: nn.Sequential(*layers((size, *config.hidden)), nn.Tanh()) for m, size in self.sizes.items()}
        )
        self.to_gate = nn.Linear(2 * width, 1 if config.gate_per == "track" else width)
        self.to_mu = nn.Linear(width, config.latent_dim)
        self.to_log_var = nn.Linear(width, config.latent_dim)
        self.decoders = self.build_decoders()

    def mix(self, batch: dict[str, Tensor], visible: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
        """Return h of the ``visible`` modalities (n, width), and the gate (n, 1) or (n, width)."""
        h = {m: self.encoders[m](self.scale[m](batch[m], visible[m])) for m in MODALITIES}
        gate = torch.sigmoid(self.to_gate(torch.cat([h["audio"], h["text"]], 1)))
        both, audio = (visible["audio"] & visible["text"])[:, None], visible["audio"][:, None]
        gate = torch.where(both, gate, audio.to(gate.dtype))
        return gate * h["audio"] + (1 - gate) * h["text"], gate

    def posterior_joint(self, batch: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
        """Return mu and log_var (n, latent_dim) of q(z | audio, text)."""
        h, _ = self.mix(batch, present_in(batch))
        return self.to_mu(h), self.to_log_var(h)

    def encode_joint(self, batch: dict[str, Tensor]) -> Tensor:
        """Return the latent means of tracks with audio, text or both, (n, latent_dim)."""
        return self.posterior_joint(batch)[0]

    def gate(self, batch: dict[str, Tensor]) -> Tensor:
        """Return the share of audio, (n,), 0 to 1; exactly 1 or 0 for tracks with one modality."""
        return self.mix(batch, present_in(batch))[1].mean(1)

    def forward_loss(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        """Return ``total = reconstruction_audio + reconstruction_text + beta · kl``, its parts, gate_mean."""
        present = present_in(batch)
        h, gate = self.mix(batch, self.drop_modality(present))
        mu, log_var = self.to_mu(h), self.to_log_var(h)
        losses = self.reconstruction_losses(reparameterise(mu, log_var), batch, gate)
        kl = kl_per_dimension(mu.float(), log_var.float()).sum(1)  # (n,)
        if self.config.scaling == "normalised":
            n_dims = torch.stack([present[m] * size for m, size in self.sizes.items()]).sum(0)
            kl = kl / n_dims.clamp(min=1)
        return losses | {"kl": kl.mean(), "total": losses["total"] + self.config.beta * kl.mean()}

    def diagnostics(self, batch: dict[str, Tensor]) -> dict:
        """Return the use of the latent space, and the mean and spread of the gate."""
        return collapse_figures(*self.posterior_joint(batch)) | super().diagnostics(batch)

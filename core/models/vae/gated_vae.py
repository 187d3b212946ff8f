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

import numpy as np
import torch
from torch import Tensor, nn

from core.config import Config, setting
from core.models import common_fields as common
from core.models.latent_model import LatentModel
from core.models.train_config import TrainConfig
from core.models.vae.elbo import Scaling, collapse_figures, kl_per_dimension, reparameterise
from core.models.vae.joint_vae import (
    MODALITIES,
    ZScores,
    drop_modality,
    gate_diagnostics,
    layers,
    one_alone,
    present_in,
    reconstruction_errors,
)


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


class GatedVAE(LatentModel):
    """A joint VAE around a gated multimodal unit."""

    name = "gated-vae"
    Config = GatedVAEConfig
    train_config = TrainConfig(epochs=50, batch_size=32, lr=1e-3)

    def __init__(self, config: GatedVAEConfig, input_shape: dict[str, tuple[int, ...]], n_labels: int = 0):
        super().__init__(config, input_shape, n_labels)
        self.latent_dim = config.latent_dim
        self.sizes = {m: self.input_shape[m][0] for m in MODALITIES}
        width = config.hidden[-1]
        self.scale = ZScores(self.sizes)
        self.encoders = nn.ModuleDict(
            {m: nn.Sequential(*layers((size, *config.hidden)), nn.Tanh()) for m, size in self.sizes.items()}
        )
        self.to_gate = nn.Linear(2 * width, 1 if config.gate_per == "track" else width)
        self.to_mu = nn.Linear(width, config.latent_dim)
        self.to_log_var = nn.Linear(width, config.latent_dim)
        inner = (config.latent_dim, *config.decoder_hidden)
        self.decoders = nn.ModuleDict(
            {m: nn.Sequential(*layers((*inner, size))) for m, size in self.sizes.items()}
        )

    def fit_statistics(self, X: dict[str, np.ndarray]) -> None:
        """Compute the moments of ``audio`` and ``text``, each (n, D_m), of the tracks with that modality."""
        self.scale.fit_statistics(X)

    def mix(self, batch: dict[str, Tensor], visible: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
        """Return h of the ``visible`` modalities (n, width), and the gate (n, 1) or (n, width)."""
        h = {m: self.encoders[m](self.scale[m](batch[m], visible[m])) for m in MODALITIES}
        gate = torch.sigmoid(self.to_gate(torch.cat([h["audio"], h["text"]], 1)))
        both, audio = (visible["audio"] & visible["text"])[:, None], visible["audio"][:, None]
        gate = torch.where(both, gate, audio.to(gate.dtype))
        return gate * h["audio"] + (1 - gate) * h["text"], gate

    def posterior_joint(
        self, batch: dict[str, Tensor], visible: dict[str, Tensor] | None = None
    ) -> tuple[Tensor, Tensor]:
        """Return mu and log_var (n, latent_dim) of q(z | audio, text), by default of what is present."""
        h, _ = self.mix(batch, visible or present_in(batch))
        return self.to_mu(h), self.to_log_var(h)

    def encode_joint(self, batch: dict[str, Tensor]) -> Tensor:
        """Return the latent means of tracks with audio, text or both, (n, latent_dim)."""
        return self.posterior_joint(batch)[0]

    def encode_audio(self, x: Tensor) -> Tensor:
        """Return the latent means of audio (n, D_audio) without text, (n, latent_dim)."""
        return self.encode_joint(one_alone("audio", x, self.sizes))

    def encode_text(self, x: Tensor) -> Tensor:
        """Return the latent means of text (n, D_text) without audio, (n, latent_dim)."""
        return self.encode_joint(one_alone("text", x, self.sizes))

    def gate(self, batch: dict[str, Tensor]) -> Tensor:
        """Return the share of audio, (n,), 0 to 1; exactly 1 or 0 for tracks with one modality."""
        return self.mix(batch, present_in(batch))[1].mean(1)

    def decode_audio(self, z: Tensor) -> Tensor:
        """Return the mean audio vectors in the input's own units, (n, D_audio)."""
        return self.scale["audio"].inverse(self.decoders["audio"](z))

    def decode_text(self, z: Tensor) -> Tensor:
        """Return the mean text vectors in the input's own units, (n, D_text)."""
        return self.scale["text"].inverse(self.decoders["text"](z))

    def input_moments(self) -> dict[str, tuple[Tensor, Tensor]]:
        """Return mean and deviation of each modality's vectors, each (D_m,)."""
        return self.scale.moments()

    def forward(self, batch: dict[str, Tensor]) -> tuple[dict[str, Tensor], Tensor, Tensor, Tensor]:
        """Return both z-scored reconstructions, mu, log_var, gate, with modality dropout in training."""
        present = present_in(batch)
        h, gate = self.mix(
            batch, drop_modality(present, self.config.modality_dropout) if self.training else present
        )
        mu, log_var = self.to_mu(h), self.to_log_var(h)
        z = reparameterise(mu, log_var)
        return {m: self.decoders[m](z) for m in MODALITIES}, mu, log_var, gate

    def forward_loss(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        """Return ``total = reconstruction_audio + reconstruction_text + beta · kl``, its parts, gate_mean."""
        present = present_in(batch)
        recon, mu, log_var, gate = self(batch)
        parts = reconstruction_errors(
            recon, {m: self.scale[m](batch[m], present[m]) for m in MODALITIES}, present
        )
        kl = kl_per_dimension(mu.float(), log_var.float()).sum(1)  # (n,)
        if self.config.scaling == "normalised":
            n_dims = torch.stack([present[m] * size for m, size in self.sizes.items()]).sum(0)
            kl = kl / n_dims.clamp(min=1)
        parts["kl"] = kl.mean()
        total = parts["reconstruction_audio"] + parts["reconstruction_text"] + self.config.beta * parts["kl"]
        return {"total": total, **parts, "gate_mean": gate.detach().float().mean()}

    def diagnostics(self, batch: dict[str, Tensor]) -> dict:
        """Return the use of the latent space, and the mean and spread of the gate."""
        return collapse_figures(*self.posterior_joint(batch)) | gate_diagnostics(
            self.gate(batch), present_in(batch)
        )

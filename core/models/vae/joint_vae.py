"""Models of an audio and a text vector: standardisation, decoding and reconstruction error.

With ``D_m`` dimensions in modality m and ``R_mi`` the squared error of track i summed over them, the error of
a track is

    R_i = mean over the modalities m that track i has of R_mi / D_m

so that 768 dimensions of text don't outweigh 40 of audio, and tracks with one modality have the same weight.
A modality that is dropped from the encoder's input is still reconstructed, from the other one (Ngiam et al.,
"Multimodal Deep Learning", 2011, section 3.2), which aligns the latents of one and of both modalities.
"""

from typing import cast

import numpy as np
import torch
from torch import Tensor, nn

from core.models.joint_model import MODALITIES, JointModel, present_in
from core.models.moments import Standardised, mean_and_deviation
from core.models.vae.elbo import squared_error
from core.models.vae.mlp_vae import relu_layers


class ZScore(Standardised):
    """Standardisation per dimension by moments that are stored with the model."""

    def __init__(self, size: int):
        super().__init__()
        self.register_moments(size)

    def fit_statistics(self, X: np.ndarray) -> None:
        """Compute the moments of examples X (n, size)."""
        if len(X):
            self.set_moments(*mean_and_deviation(X, self.parts))

    def forward(self, x: Tensor, present: Tensor) -> Tensor:
        """Return z-scored vectors (n, size), zeros where not ``present``."""
        return torch.where(present[:, None], (x - self.mean) / self.deviation, 0.0)

    def inverse(self, x: Tensor) -> Tensor:
        """Return z-scored vectors in the input's own units."""
        return x * self.deviation + self.mean


class ZScores(nn.ModuleDict):
    """Standardisation by modality."""

    def __init__(self, sizes: dict[str, int]):
        super().__init__({m: ZScore(size) for m, size in sizes.items()})

    def __getitem__(self, m: str) -> ZScore:
        return cast(ZScore, super().__getitem__(m))


class JointAutoencoder(JointModel):
    """A joint model that reconstructs the z-scored vectors of both modalities with ``decoders``."""

    decoders: nn.ModuleDict

    def __init__(self, config, input_shape: dict[str, tuple[int, ...]], n_labels: int = 0):
        super().__init__(config, input_shape, n_labels)
        self.latent_dim = config.latent_dim
        self.sizes = {m: self.input_shape[m][0] for m in MODALITIES}
        self.scale = ZScores(self.sizes)

    def build_decoders(self) -> nn.ModuleDict:
        """Build a decoder per modality."""
        inner = (self.latent_dim, *self.config.decoder_hidden)
        return nn.ModuleDict({m: nn.Sequential(*layers((*inner, size))) for m, size in self.sizes.items()})

    def fit_statistics(self, X: dict[str, np.ndarray]) -> None:
        """Compute the moments of ``audio`` and ``text``, each (n, D_m), of the tracks with that modality."""
        for m in MODALITIES:
            self.scale[m].fit_statistics(X[m])

    def decode_audio(self, z: Tensor) -> Tensor:
        """Return the mean audio vectors in the input's own units, (n, D_audio)."""
        return self.scale["audio"].inverse(self.decoders["audio"](z))

    def decode_text(self, z: Tensor) -> Tensor:
        """Return the mean text vectors in the input's own units, (n, D_text)."""
        return self.scale["text"].inverse(self.decoders["text"](z))

    def standardised_inputs(self) -> dict[str, Standardised]:
        """Return the standardisation of each modality."""
        return {m: self.scale[m] for m in MODALITIES}

    def input_moments(self) -> dict[str, tuple[Tensor, Tensor]]:
        """Return mean and deviation of each modality's vectors, each (D_m,)."""
        return {m: (self.scale[m].mean, self.scale[m].deviation) for m in MODALITIES}

    def reconstruction_losses(self, z: Tensor, batch: dict[str, Tensor], gate: Tensor) -> dict[str, Tensor]:
        """Return the total of :func:`reconstruction_errors`, its parts, and gate_mean."""
        present = present_in(batch)
        x = {m: self.scale[m](batch[m], present[m]) for m in MODALITIES}
        parts = reconstruction_errors({m: self.decoders[m](z) for m in MODALITIES}, x, present)
        total = parts["reconstruction_audio"] + parts["reconstruction_text"]
        return {"total": total, **parts, "gate_mean": gate.detach().float().mean()}


def layers(sizes: tuple[int, ...]) -> list[nn.Module]:
    """Return linear layers between consecutive sizes with ReLU in between."""
    return relu_layers(sizes)[:-1]


def reconstruction_errors(
    recon: dict[str, Tensor], x: dict[str, Tensor], present: dict[str, Tensor]
) -> dict[str, Tensor]:
    """Return each modality's part of the mean of R_i over the batch; 0 is perfect.

    Parameters
    ----------
    recon, x : dict of Tensor, shape=(n, D_m)
        Reconstruction and input.
    present : dict of Tensor, shape=(n,), bool
    """
    n_present = torch.stack([valid.float() for valid in present.values()]).sum(0).clamp(min=1)  # (n,)
    return {
        f"reconstruction_{m}": (
            present[m] * squared_error(recon[m].float(), x[m]) / x[m].shape[1] / n_present
        ).mean()
        for m in MODALITIES
    }

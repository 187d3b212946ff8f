"""Parts of models of an audio and a text vector: standardisation, modality dropout and reconstruction error.

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

from core.models.moments import mean_and_deviation
from core.models.vae.elbo import squared_error
from core.models.vae.mlp_vae import relu_layers

MODALITIES = ("audio", "text")


class ZScore(nn.Module):
    """Standardisation per dimension by moments that are stored with the model."""

    mean: Tensor
    deviation: Tensor

    def __init__(self, size: int):
        super().__init__()
        self.register_buffer("mean", torch.zeros(size))
        self.register_buffer("deviation", torch.ones(size))

    def fit_statistics(self, X: np.ndarray) -> None:
        """Compute the moments of examples X (n, size)."""
        if len(X):
            for buffer, moment in zip((self.mean, self.deviation), mean_and_deviation(X)):
                buffer.copy_(torch.from_numpy(moment))

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

    def fit_statistics(self, X: dict[str, np.ndarray]) -> None:
        """Compute the moments of examples (n, D_m) by modality."""
        for m in self.keys():
            self[m].fit_statistics(X[m])

    def moments(self) -> dict[str, tuple[Tensor, Tensor]]:
        """Return mean and deviation by modality, each (D_m,)."""
        return {m: (self[m].mean, self[m].deviation) for m in self.keys()}


def layers(sizes: tuple[int, ...]) -> list[nn.Module]:
    """Return linear layers between consecutive sizes with ReLU in between."""
    return relu_layers(sizes)[:-1]


def present_in(batch: dict[str, Tensor]) -> dict[str, Tensor]:
    """Return the valid mask (n,) of each modality in a batch."""
    return {m: batch[f"{m}_present"].bool() for m in MODALITIES}


def one_alone(modality: str, x: Tensor, sizes: dict[str, int]) -> dict[str, Tensor]:
    """Return a batch of tracks with one modality, x of shape (n, size), and the other one masked."""
    batch = {m: x if m == modality else x.new_zeros(len(x), sizes[m]) for m in MODALITIES}
    return batch | {f"{m}_present": torch.full((len(x),), m == modality, device=x.device) for m in MODALITIES}


def drop_modality(present: dict[str, Tensor], share: float) -> dict[str, Tensor]:
    """Return the masks after modality dropout: a ``share`` of tracks with both loses one of them.

    Stratified random numbers drop each modality about equally often in a batch.
    """
    both = present["audio"] & present["text"]
    n, device = len(both), both.device
    u = (torch.randperm(n, device=device) + torch.rand(n, device=device)) / n
    return {
        "audio": present["audio"] & ~(both & (u < share / 2)),
        "text": present["text"] & ~(both & (u >= 1 - share / 2)),
    }


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


def gate_diagnostics(gate: Tensor, present: dict[str, Tensor]) -> dict:
    """Return ``gate_mean`` and ``gate_spread`` (standard deviation) over tracks with both; {} for none."""
    both = gate[present["audio"] & present["text"]]
    return (
        {"gate_mean": round(both.mean().item(), 4), "gate_spread": round(both.std(unbiased=False).item(), 4)}
        if len(both)
        else {}
    )
